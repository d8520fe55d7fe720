using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Errors;
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
        var policy = settings.Value.BadRowPolicyOf(work.Body);
        var rejected = new RejectedRows(path, policy);
        ReadOnlyMemory<byte> header;
        TableBatch table;
        await using var file = new LocalInput(store, path);
        if (!TableFormats.IsArff(path))
        {
            await BatchContract.RequireAsync(work, input, file, cancellationToken);
        }

        if (TableFormats.IsDelimited(path) || TableFormats.IsArff(path))
        {
            var options = await ChooseAsync(store, path, input, cancellationToken);
            var stream = await store.OpenReadAsync(path, 0, cancellationToken);
            await using var reader = await DelimitedTextReader.OpenAsync(
                stream, options with { OnBadRow = rejected.Take, MaxRecordBytes = policy.LongestRecord }, cancellationToken);
            header = reader.HeaderRecord;
            table = await reader.ReadAllAsync(cancellationToken);
        }
        else
        {
            ImmutableArray<string> columns = [];
            await using var source = await BatchTableFile.OpenAsync(
                file, input, found => columns = found, rejected.Take, policy.LongestRecord, cancellationToken);
            table = await source.ReadAllAsync(cancellationToken);
            header = RejectedRows.HeaderOf(columns, DelimitedTextOptions.Csv);
        }

        rejected.CheckAll(table.RowCount + rejected.Count);
        var rejects = rejected.Pending.IsEmpty ? null : await KeepAsync(
            work, input, RejectedRows.Preamble(RejectedRows.RecordName(path), header.Span), rejected, cancellationToken);
        return (table, rejected.Count, rejects);
    }

    /// <summary>Writes the rejects of an input beside the first output; gives where.</summary>
    private async Task<string> KeepAsync(
        BatchWork work,
        InputShape input,
        byte[] preamble,
        RejectedRows rejected,
        CancellationToken cancellationToken)
    {
        if (work.Body.Outputs.Values.FirstOrDefault() is not { } beside)
        {
            throw new TableFormatException(
                ErrorCode.RaggedRow,
                $"{work.Body.Inputs[input.Name].RelativeLocation}: {rejected.Count} row(s) cannot be read, and the job has no output to keep them beside. Mend them, name an output, or let bad rows be skipped. "
                + $"The first: {rejected.FirstProblem}");
        }

        var (store, output) = blobs.OpenStore(beside);
        var path = RejectedRows.PathFor(work.Body.Inputs.Count == 1 ? output : $"{output}.{input.Name}");
        await using var upload = await store.OpenWriteAsync(path, cancellationToken);
        await upload.Stream.WriteAsync(preamble, cancellationToken);
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
