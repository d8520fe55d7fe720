using System.Text.Json.Nodes;
using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>First step of a row-wise job: holds the input against the service's contract and splits it at record boundaries.</summary>
/// <remarks>Doing it again gives the same plan; one that is there is kept, since partitions may be done by it.</remarks>
internal sealed class BatchPlanExecutor(
    BatchWorkOpener opener, BlobFetcher blobs, BatchStaging staging, IOptions<WebServiceOptions> options) : IActivityExecutor
{
    private const int MostPartitions = 1000;

    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken) =>
        BatchWorkOpener.GuardAsync(attempt, async () =>
        {
            var work = await opener.OpenAsync(attempt, cancellationToken);
            var plan = await staging.FindPlanAsync(work.Id, cancellationToken);
            JsonArray? warnings = null;
            if (plan is null)
            {
                (plan, warnings) = await MakeAsync(work, cancellationToken);
                await staging.SavePlanAsync(work.Id, plan, cancellationToken);
            }

            var output = new JsonObject
            {
                ["rows"] = plan.Rows,
                ["partitions"] = new JsonArray([.. Enumerable.Range(0, plan.Count).Select(index => JsonValue.Create(index))]),
            };
            if (warnings is not null)
            {
                output["warnings"] = warnings;
            }

            return output;
        });

    private async Task<(BatchPlan Plan, JsonArray? Warnings)> MakeAsync(BatchWork work, CancellationToken cancellationToken)
    {
        var input = work.Model.Shape.Inputs[0];
        var (store, path) = blobs.OpenStore(work.Body.Inputs[input.Name]);
        var blob = await store.FindAsync(path, cancellationToken) ?? throw new BlobStoreException(
            ErrorCode.BlobNotFound,
            BlobError.NotFound,
            $"Input '{input.Name}': there is no blob {path}. Check container, path and name; they are case-sensitive.");
        var report = await BatchContract.RequireAsync(work, input, store, path, cancellationToken);
        var wanted = Math.Clamp(blob.SizeInBytes / options.Value.PartitionBytes, 1, MostPartitions);
        var stream = await store.OpenReadAsync(path, 0, cancellationToken);
        var split = await RecordBoundaries.FindAsync(
            stream, blob.SizeInBytes, (int)wanted, DelimitedTextOptions.ForPath(path), cancellationToken);
        BatchTable.SchemaFor(input, split.Columns, path);
        return (new BatchPlan(blob.ETag, split.Columns, split.Parts, split.Rows), BatchContract.Warnings(report));
    }
}
