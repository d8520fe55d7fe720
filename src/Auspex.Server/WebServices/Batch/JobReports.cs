using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Runs;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Completes a job's status for its caller: readable results when it finished, the reason when it failed.</summary>
internal sealed class JobReports(
    BatchJobs jobs,
    JobStore store,
    IPipelineRuns runs,
    BlobFetcher blobs,
    StorageAddresses addresses,
    IOptions<WebServiceOptions> options)
{
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="server">This server as the caller sees it, without a slash at the end.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="Api.ServiceErrorException">404: unknown.</exception>
    public async Task<JobStatus> GetAsync(
        string endpointId, string jobId, string server, CancellationToken cancellationToken)
    {
        var status = await jobs.GetAsync(endpointId, jobId, cancellationToken);
        return status.State switch
        {
            JobState.Finished => await ReportAsync(status, endpointId, jobId, server, cancellationToken),
            JobState.Failed => status with { Details = await ExplainAsync(endpointId, jobId, cancellationToken) },
            _ => status,
        };
    }

    private async Task<JobStatus> ReportAsync(
        JobStatus status,
        string endpointId,
        string jobId,
        string server,
        CancellationToken cancellationToken)
    {
        var job = await store.FindAsync(endpointId, jobId, cancellationToken);
        var body = store.ReadBody(job);
        var results = body.Outputs
            .Select(output => KeyValuePair.Create(output.Key, MakeReadable(output.Value, server)))
            .ToList();
        var activities = await runs.ListActivityRunsAsync(job.RunId, cancellationToken);
        var done = activities.LastOrDefault(activity => activity is
        {
            Status: ActivityStatus.Succeeded,
            Type: BatchPipelines.CommitType or BatchPipelines.GraphType,
        });
        return status with { Results = results, Details = NoteRejected(job.Id, body, done?.Output) };
    }

    // The protocol has no place for it; clients that know nothing of rejected rows show or ignore this text.
    private static string? NoteRejected(string job, JobBody body, JsonObject? output)
    {
        if (((long?)output?["rejected"] ?? 0) is var rejected && rejected == 0)
        {
            return null;
        }

        // A row-wise job has one input; a graph says which of its inputs had such rows.
        var inputs = (output?["rejectedFrom"] as JsonArray)?.Select(name => (string)name!) ?? body.Inputs.Keys;
        return $"{rejected} row(s) of the input could not be read and were left out; all others are in the output. They are kept as {string.Join(", ", inputs.Select(input => RejectedRowFiles.PathOf(job, input)))} in the server's storage folder.";
    }

    private BlobReference MakeReadable(BlobReference output, string server)
    {
        if (StorageAddresses.FindFolder(output) is { } folder)
        {
            return addresses.Sign(folder, output.RelativeLocation!, server, options.Value.ResultValidity);
        }

        var (blobStore, path) = blobs.OpenStore(output);
        return blobStore.GetReadReference(path, options.Value.ResultValidity);
    }

    private async Task<string> ExplainAsync(string endpointId, string jobId, CancellationToken cancellationToken)
    {
        var job = await store.FindAsync(endpointId, jobId, cancellationToken);
        var activities = await runs.ListActivityRunsAsync(job.RunId, cancellationToken);
        var failed = activities.LastOrDefault(activity =>
            activity is { Status: ActivityStatus.Failed, Failure: not null } && BatchPipelines.IsOurs(activity.Type));
        var failure = failed?.Failure ?? (await runs.FindAsync(job.RunId, cancellationToken))?.Failure;
        return failure?.Details ?? failure?.Message ?? "The job failed.";
    }
}
