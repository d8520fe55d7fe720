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
            Type: BatchPipelines.ScoreType or BatchPipelines.GraphType,
        });
        var rows = ReadRows(done?.Output);
        string?[] notes = [NoteRejected(rows), .. OutputReports.ReadNotes(done?.Output?["warnings"] as JsonArray)];
        var details = string.Join(' ', notes.OfType<string>());
        return status with
        {
            Results = results,
            Details = details.Length == 0 ? null : details,
            Rows = rows,
            Reports = [.. (done?.Output?["reports"] as JsonArray ?? []).Select(path => (string)path!)],
        };
    }

    private static JobRows? ReadRows(JsonObject? output) => output is null
        ? null
        : new JobRows(
            (long?)output["rows"] ?? 0,
            (long?)output["rejected"] ?? 0,
            [.. (output["rejects"] as JsonArray ?? []).Select(path => (string)path!)]);

    // Clients that know nothing of rejected rows show or ignore this text.
    private static string? NoteRejected(JobRows? rows)
    {
        if (rows is null or { Rejected: 0 })
        {
            return null;
        }

        var kept = rows.Rejects.Count == 0 ? "" : $" They are kept in {string.Join(", ", rows.Rejects)}, beside the output.";
        return $"{rows.Rejected} row(s) of the input could not be read and were left out; all others are in the output.{kept}";
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
