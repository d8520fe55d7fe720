using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring.Files;

/// <summary>Whole tables from and to files on this machine; the extension says the format.</summary>
public static class TableFiles
{
    /// <summary>The extensions of tables, for help and messages.</summary>
    public static string Extensions { get; } = string.Join(", ", TableFileFormat.Extensions);

    /// <summary>Reads a file of any format of <see cref="TableFileFormat"/>; types of delimited text are inferred from all of it.</summary>
    /// <exception cref="TableFormatException">The file is malformed.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static async Task<TableBatch> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!IsPlainText(path))
        {
            var options = new TableReadOptions
            {
                Name = path,
                InferenceRows = DelimitedTextOptions.WholeFile,
                MissingMarkers = ["?"],
            };
            await using var source = await TableFile.OpenReadAsync(path, options, cancellationToken);
            return await source.ReadAllAsync(cancellationToken);
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

    /// <summary>Whether a file is read as delimited text that is not packed, as files of unknown extensions are.</summary>
    public static bool IsPlainText(string path) => TableFileFormat.Find(path) is null or { IsPlainText: true };

    /// <summary>Whether a table can be written under this name.</summary>
    public static bool IsWritable(string path) => TableFileFormat.Find(path) is not null;

    /// <summary>Writes a table; whoever reads the file sees all of it or what was there before.</summary>
    public static async Task WriteAsync(string path, TableBatch table, CancellationToken cancellationToken)
    {
        await using var file = new ReplacedFile(path);
        await using (var sink = TableFile.OpenWrite(path, file.Stream, table.Schema, new TableWriteOptions { Name = path }))
        {
            await sink.WriteAsync(table, cancellationToken);
            await sink.CompleteAsync(cancellationToken);
        }

        file.Commit();
    }
}
