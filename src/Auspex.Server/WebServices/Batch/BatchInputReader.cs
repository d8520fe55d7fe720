using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Server.WebServices.Scoring;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Reads a whole input into memory, for graphs that need it so.</summary>
internal sealed class BatchInputReader(BlobFetcher blobs, IOptions<WebServiceOptions> settings)
{
    /// <returns>The table, how many rows could not be read, and where those are kept; null when nowhere.</returns>
    /// <exception cref="Experiments.Contracts.InputContractException">The beginning of the input shows that all of it would be bad or wrong.</exception>
    /// <exception cref="TableFormatException">Columns are missing, or more rows cannot be read than the job allows.</exception>
    /// <exception cref="BlobStoreException">The blob cannot be read.</exception>
    public async Task<(TableBatch Table, long Rejected, string? Rejects)> ReadAsync(
        BatchWork work, InputShape input, CancellationToken cancellationToken)
    {
        var (store, path) = blobs.OpenStore(work.Body.Inputs[input.Name]);
        if (TableFormats.IsDelimited(path))
        {
            await BatchContract.RequireAsync(work, input, store, path, cancellationToken);
        }

        var options = await ChooseAsync(store, path, input, cancellationToken);
        var rejected = new RejectedRows(path, work.Body.BadRows ?? settings.Value.ReadBadRowPolicy());
        var stream = await store.OpenReadAsync(path, 0, cancellationToken);
        await using var reader = await DelimitedTextReader.OpenAsync(
            stream, options with { OnBadRow = rejected.Take }, cancellationToken);
        var table = await reader.ReadAllAsync(cancellationToken);
        rejected.CheckAll(table.RowCount + rejected.Count);
        var rejects = await KeepAsync(work, input, Path.GetFileName(path), reader.HeaderRecord, rejected, cancellationToken);
        return (table, rejected.Count, rejects);
    }

    /// <summary>Writes the rejects of an input beside the first output.</summary>
    private async Task<string?> KeepAsync(
        BatchWork work,
        InputShape input,
        string name,
        ReadOnlyMemory<byte> header,
        RejectedRows rejected,
        CancellationToken cancellationToken)
    {
        if (rejected.Pending.IsEmpty)
        {
            return null;
        }

        var (store, output) = blobs.OpenStore(work.Body.Outputs.Values.First());
        var path = RejectedRows.PathFor(work.Body.Inputs.Count == 1 ? output : $"{output}.{input.Name}");
        await using var upload = await store.OpenWriteAsync(path, cancellationToken);
        await upload.Stream.WriteAsync(RejectedRows.Preamble(name, header.Span), cancellationToken);
        await upload.Stream.WriteAsync(rejected.Pending, cancellationToken);
        await upload.CommitAsync(cancellationToken);
        return path;
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
