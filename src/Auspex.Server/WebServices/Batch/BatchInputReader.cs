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
    /// <exception cref="Experiments.Contracts.InputContractException">The beginning of the input shows that all of it would be bad or wrong.</exception>
    /// <exception cref="TableFormatException">Columns are missing, or no row can be read.</exception>
    /// <exception cref="BlobStoreException">The blob cannot be read.</exception>
    public async Task<(TableBatch Table, long Rejected)> ReadAsync(
        BatchWork work, InputShape input, CancellationToken cancellationToken)
    {
        var (store, path) = blobs.OpenStore(work.Body.Inputs[input.Name]);
        if (TableFormats.IsDelimited(path))
        {
            await BatchContract.RequireAsync(work, input, store, path, cancellationToken);
        }

        var options = await ChooseAsync(store, path, input, cancellationToken);
        using var kept = new MemoryStream();
        var rejected = new RejectedRows(kept, settings.Value.BadRows);
        var stream = await store.OpenReadAsync(path, 0, cancellationToken);
        await using var reader = await DelimitedTextReader.OpenAsync(
            stream, options with { OnBadRow = rejected.Take }, cancellationToken);
        var table = await reader.ReadAllAsync(cancellationToken);
        if (rejected.Count > 0 && table.RowCount == 0)
        {
            throw new TableFormatException(
                ErrorCode.RaggedRow,
                $"Input '{input.Name}': none of its {rejected.Count} row(s) can be read. The first: {rejected.FirstProblem}");
        }

        if (rejected.Count > 0)
        {
            await using var file = await rejectedRows.CreateAsync(work, input.Name, reader.FileColumns, cancellationToken);
            kept.Position = 0;
            await kept.CopyToAsync(file.Stream, cancellationToken);
            await file.CommitAsync(cancellationToken);
        }

        return (table, rejected.Count);
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
