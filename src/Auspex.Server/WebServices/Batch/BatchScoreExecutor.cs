using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Scores one partition of a row-wise job into a staged part, batch by batch.</summary>
/// <remarks>A part that is whole is not made again; one that is not is begun anew.</remarks>
internal sealed class BatchScoreExecutor(
    BatchWorkOpener opener,
    BlobFetcher blobs,
    BatchStaging staging,
    IOptions<WebServiceOptions> settings) : IActivityExecutor
{
    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken) =>
        BatchWorkOpener.GuardAsync(attempt, async () =>
        {
            var work = await opener.OpenAsync(attempt, cancellationToken);
            var partition = (int)attempt.TypeProperties["partition"]!;
            var result = await staging.FindResultAsync(work.Id, partition, cancellationToken)
                ?? await ScoreAsync(attempt, work, partition, cancellationToken);
            return new JsonObject
            {
                ["rows"] = result.Rows,
                ["rejected"] = result.Rejected,
                ["firstProblem"] = result.FirstProblem,
            };
        });

    private async Task<PartitionResult> ScoreAsync(
        ActivityAttempt attempt, BatchWork work, int partition, CancellationToken cancellationToken)
    {
        var plan = await staging.FindPlanAsync(work.Id, cancellationToken)
            ?? throw new InvalidOperationException($"Job {work.Id} has no plan in the data folder's jobs.");
        var part = plan.Part(partition);
        var input = work.Model.Shape.Inputs[0];
        var (store, path) = blobs.OpenStore(work.Body.Inputs[input.Name]);
        await CheckUnchangedAsync(store, path, plan, cancellationToken);

        var schema = BatchTable.SchemaFor(input, plan.Columns, path);
        var transform = work.Model.Runtime.BindRowwise(schema, work.Body.Parameters)
            ?? throw new InvalidOperationException($"The service of job {work.Id} is not row-wise.");
        var outputPath = work.Body.Outputs.Values.First().RelativeLocation!;
        var (rowsFile, rejectedFile) = staging.Create(work.Id, partition);
        await using var rowsStream = rowsFile;
        await using var rejectedStream = rejectedFile;
        var rejected = new RejectedRows(rejectedStream, settings.Value.BadRows);
        var options = DelimitedTextOptions.ForPath(path) with
        {
            Schema = schema,
            Part = part,
            OnBadRow = rejected.Take,
        };

        var rows = 0L;
        var source = await store.OpenReadAsync(path, part?.Start ?? 0, cancellationToken);
        await using (var reader = await DelimitedTextReader.OpenAsync(source, options, cancellationToken))
        await using (var writer = new DelimitedTextWriter(
            rowsStream,
            transform.Output,
            DelimitedTextWriterOptions.ForPath(outputPath) with { HasHeader = false },
            leaveOpen: true))
        {
            await foreach (var batch in reader.ReadAsync(cancellationToken))
            {
                await writer.WriteAsync(transform.Apply(batch), cancellationToken);
                rows += batch.RowCount;
                attempt.ReportProgress(new ActivityProgress(rows, part?.Rows ?? plan.Rows, "scoring"));
            }

            await writer.CompleteAsync(cancellationToken);
        }

        var result = new PartitionResult(rows, rejected.Count, rejected.FirstProblem);
        await staging.CompleteAsync(work.Id, partition, rowsStream, rejectedStream, result, cancellationToken);
        return result;
    }

    private static async Task CheckUnchangedAsync(
        IBlobStore store, string path, BatchPlan plan, CancellationToken cancellationToken)
    {
        var blob = await store.FindAsync(path, cancellationToken);
        if (blob is null || blob.ETag != plan.ETag)
        {
            throw new BlobStoreException(
                ErrorCode.BlobNotFound,
                BlobError.NotFound,
                $"The input {path} was {(blob is null ? "removed" : "changed")} while the job ran. Submit the job again.");
        }
    }
}
