using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;

namespace Auspex.Cli.Workspace;

/// <summary>Whole tables from and to files on this machine; the extension says the format.</summary>
internal static class TableFiles
{
    /// <summary>Reads a <c>.csv</c>, <c>.tsv</c> or <c>.arff</c> file; types are inferred from all of it.</summary>
    /// <exception cref="TableFormatException">The file is malformed.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static async Task<TableBatch> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (Path.GetExtension(path).Equals(".arff", StringComparison.OrdinalIgnoreCase))
        {
            await using var stream = File.OpenRead(path);
            return await ArffReader.ReadAsync(stream, path, cancellationToken);
        }

        await using var reader = await OpenAsync(path, cancellationToken);
        return await reader.ReadAllAsync(cancellationToken);
    }

    /// <summary>Opens a delimited text file for reading in batches; types are inferred from all of it.</summary>
    public static Task<DelimitedTextReader> OpenAsync(string path, CancellationToken cancellationToken) =>
        DelimitedTextReader.OpenAsync(
            File.OpenRead(path),
            DelimitedTextOptions.ForPath(path) with
            {
                Name = path,
                InferenceRows = DelimitedTextOptions.WholeFile,
                MissingMarkers = ["?"],
            },
            cancellationToken);

    /// <summary>Whether a table can be written under this name: as <c>.csv</c> or <c>.tsv</c>.</summary>
    public static bool IsWritable(string path) =>
        Path.GetExtension(path).ToUpperInvariant() is ".CSV" or ".TSV";

    /// <summary>Writes a table as <c>.csv</c> or <c>.tsv</c>; whoever reads the file sees all of it or what was there before.</summary>
    public static async Task WriteAsync(string path, TableBatch table, CancellationToken cancellationToken)
    {
        await using var file = new ReplacedFile(path);
        await using (var writer = new DelimitedTextWriter(
            file.Stream, table.Schema, DelimitedTextWriterOptions.ForPath(path), leaveOpen: true))
        {
            await writer.WriteAsync(table, cancellationToken);
            await writer.CompleteAsync(cancellationToken);
        }

        file.Commit();
    }
}
