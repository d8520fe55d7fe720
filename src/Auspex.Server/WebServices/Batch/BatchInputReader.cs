using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Auspex.Server.WebServices.Scoring;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Reads a whole input into memory, for graphs that need it so.</summary>
internal sealed class BatchInputReader(
    BlobFetcher blobs,
    RejectedRowFiles rejectedRows,
    IOptions<WebServiceOptions> settings)
{
    /// <exception cref="TableFormatException">Columns are missing, or no row can be read.</exception>
    /// <exception cref="BlobStoreException">The blob cannot be read.</exception>
    public async Task<(TableBatch Table, long Rejected)> ReadAsync(
        BatchWork work, InputShape input, CancellationToken cancellationToken)
    {
        var (store, path) = blobs.OpenStore(work.Body.Inputs[input.Name]);
        using var kept = new MemoryStream();
        var rejected = new RejectedRows(kept, settings.Value.BadRows);
        ImmutableArray<string> columns = [];
        TableBatch table;
        if (TableFormats.IsDelimited(path) || TableFormats.IsArff(path))
        {
            var options = await ChooseAsync(store, path, input, cancellationToken);
            var stream = await store.OpenReadAsync(path, 0, cancellationToken);
            await using var reader = await DelimitedTextReader.OpenAsync(
                stream, options with { OnBadRow = rejected.Take }, cancellationToken);
            columns = reader.FileColumns;
            table = await reader.ReadAllAsync(cancellationToken);
        }
        else
        {
            await using var source = await BatchTableFile.OpenAsync(
                store, path, input, found => columns = found, rejected.Take, cancellationToken);
            table = await source.ReadAllAsync(cancellationToken);
        }

        await KeepAsync(work, input, columns, rejected, kept, table.RowCount, cancellationToken);
        return (table, rejected.Count);
    }

    /// <summary>Keeps the rows that could not be read, as they stand in the input.</summary>
    /// <exception cref="TableFormatException">There are no others.</exception>
    public async Task KeepAsync(
        BatchWork work,
        InputShape input,
        ImmutableArray<string> columns,
        RejectedRows rejected,
        Stream kept,
        long rows,
        CancellationToken cancellationToken)
    {
        if (rejected.Count == 0)
        {
            return;
        }

        if (rows == 0)
        {
            throw new TableFormatException(
                ErrorCode.RaggedRow,
                $"Input '{input.Name}': none of its {rejected.Count} row(s) can be read. The first: {rejected.FirstProblem}");
        }

        await using var file = await rejectedRows.CreateAsync(work, input.Name, columns, cancellationToken);
        kept.Position = 0;
        await kept.CopyToAsync(file.Stream, cancellationToken);
        await file.CommitAsync(cancellationToken);
    }

    private static async Task<DelimitedTextOptions> ChooseAsync(
        IBlobStore store, string path, InputShape input, CancellationToken cancellationToken)
    {
        if (TableFormats.IsArff(path))
        {
            await using var head = await store.OpenReadAsync(path, 0, cancellationToken);
            var options = await Arff.ReadHeadAsync(head, path, cancellationToken);
            var names = options.Schema!.Fields.Select(field => field.Name);
            return options with { Schema = BatchTable.SchemaFor(input, [.. names], path) };
        }

        var delimited = DelimitedTextOptions.ForPath(path);
        if (input.Schema.Fields.IsEmpty)
        {
            return delimited;
        }

        var first = await store.OpenReadAsync(path, 0, cancellationToken);
        await using var header = await DelimitedTextReader.OpenAsync(
            first, delimited with { InferenceRows = 1, OnBadRow = _ => BadRowAction.Skip }, cancellationToken);
        return delimited with { Schema = BatchTable.SchemaFor(input, header.FileColumns, path) };
    }
}
