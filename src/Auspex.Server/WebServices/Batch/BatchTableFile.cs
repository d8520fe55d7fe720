using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Server.WebServices.Scoring;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Inputs and outputs of batch jobs in formats that the original did not know: Parquet, Arrow, packed text.</summary>
internal static class BatchTableFile
{
    /// <summary>Opens an input with the service's columns and their types, others as they are.</summary>
    /// <param name="file">The extension of its path says the format.</param>
    /// <param name="input">What the service asks of it.</param>
    /// <param name="onColumns">Told the file's columns, before the first row.</param>
    /// <param name="onBadRow">Decides about rows with a value that is none of its column's type.</param>
    /// <param name="longestRecord">The longest row of text that is read, in bytes.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    /// <exception cref="TableFormatException">Columns are missing, or the file is damaged.</exception>
    /// <exception cref="BlobStoreException">The blob cannot be read.</exception>
    public static Task<ITableSource> OpenAsync(
        LocalInput file,
        InputShape input,
        Action<ImmutableArray<string>> onColumns,
        Func<BadRow, BadRowAction> onBadRow,
        int longestRecord,
        CancellationToken cancellationToken) => TableFile.OpenReadAsync(
            file.Path,
            token => file.OpenAsync(0, token),
            new TableReadOptions
            {
                Name = file.Path,
                ChooseSchema = own =>
                {
                    onColumns([.. own.Fields.Select(field => field.Name)]);
                    return input.Schema.Fields.IsEmpty ? own : BatchTable.SchemaFor(input, own, file.Path);
                },
                ExtraColumns = ExtraColumns.Include,
                OnBadRow = onBadRow,
                MaxRecordBytes = longestRecord,
            },
            cancellationToken);

    /// <summary>Writes a whole table.</summary>
    public static async Task WriteAsync(TableBatch table, Stream stream, string path, CancellationToken cancellationToken)
    {
        await using var sink = TableFile.OpenWrite(path, stream, table.Schema, new TableWriteOptions { Name = path });
        await sink.WriteAsync(table, cancellationToken);
        await sink.CompleteAsync(cancellationToken);
    }
}
