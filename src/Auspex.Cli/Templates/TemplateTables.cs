using System.Reflection;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Sql;
using Auspex.Experiments.Scoring.Files;

namespace Auspex.Cli.Templates;

/// <summary>The few rows that a template's Import Data finds, so that it runs as it was written: files, and tables of SQLite databases.</summary>
internal static class TemplateTables
{
    private const string DatabaseExtension = ".db";

    /// <summary>Writes them into a folder; what is there already stays as it is.</summary>
    /// <param name="template">The template.</param>
    /// <param name="folder">The first of the file roots.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <returns>What was written, seen from the folder.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(ExperimentTemplate template, string folder, CancellationToken cancellationToken)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"templates/data/{template.Name}/";
        var written = new List<string>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var name = resource[prefix.Length..];
            var container = Path.GetDirectoryName(name)!;
            var isTable = container.EndsWith(DatabaseExtension, StringComparison.Ordinal);
            var target = isTable ? container : name;
            if (File.Exists(Path.Combine(folder, target)))
            {
                continue;
            }

            await using var stream = assembly.GetManifestResourceStream(resource)!;
            await (isTable
                ? InsertAsync(stream, folder, target, Path.GetFileNameWithoutExtension(name), cancellationToken)
                : CopyAsync(stream, Path.Combine(folder, target), cancellationToken));
            written.Add(target);
        }

        return written;
    }

    private static async Task CopyAsync(Stream stream, string path, CancellationToken cancellationToken)
    {
        await using var file = new ReplacedFile(path);
        await stream.CopyToAsync(file.Stream, cancellationToken);
        file.Commit();
    }

    private static async Task InsertAsync(Stream stream, string folder, string database, string table, CancellationToken cancellationToken)
    {
        await using var rows = await DelimitedTextReader.OpenAsync(stream, DelimitedTextOptions.Csv, cancellationToken);
        await using var sink = await new SqlTables(new SqlTablesOptions { FileRoots = [folder] }).OpenSinkAsync(
            new SqlConnectionSettings { Server = "sqlite:.", Database = database }, new SqlTarget { Table = table }, rows.Schema, cancellationToken);
        await foreach (var batch in rows.ReadAsync(cancellationToken))
        {
            await sink.WriteAsync(batch, cancellationToken);
        }

        await sink.CompleteAsync(cancellationToken);
    }
}
