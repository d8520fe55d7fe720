using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Stores;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>The only step of a row-wise job: see <see cref="RowwiseJob"/>.</summary>
internal sealed class BatchScoreExecutor(
    BatchWorkOpener opener, BlobFetcher blobs, IDocumentStore documents, IOptions<WebServiceOptions> options) : IActivityExecutor
{
    public Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken) =>
        BatchWorkOpener.GuardAsync(
            attempt, async () => await ScoreAsync(attempt, await opener.OpenAsync(attempt, cancellationToken), cancellationToken));

    /// <summary>Scores a job that is open.</summary>
    public Task<JsonObject> ScoreAsync(ActivityAttempt attempt, BatchWork work, CancellationToken cancellationToken)
    {
        var threads = options.Value.Parallelism == 0 ? Environment.ProcessorCount : options.Value.Parallelism;
        var (inputStore, inputPath) = blobs.OpenStore(work.Body.Inputs.Values.First());
        var (outputStore, outputPath) = blobs.OpenStore(work.Body.Outputs.Values.First());
        var files = new RowwiseFiles(inputStore, inputPath, outputStore, outputPath);
        var policy = options.Value.BadRowPolicyOf(work.Body);
        return new RowwiseJob(attempt, work, files, documents, threads, policy, work.Body.DriftReport ?? options.Value.ReportDrift).RunAsync(cancellationToken);
    }
}
