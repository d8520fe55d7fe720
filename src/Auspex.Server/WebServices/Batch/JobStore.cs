using System.Collections.Concurrent;
using System.Text.Json;
using Auspex.Server.Api;
using Auspex.Server.Auth;
using Auspex.Server.Hosting;
using Auspex.Stores;

namespace Auspex.Server.WebServices.Batch;

/// <summary>Keeps the documents of batch jobs, what they ask for encrypted.</summary>
/// <remarks>Thread-safe. Status is asked for in tight loops, so documents are kept in memory too.</remarks>
internal sealed class JobStore(IDocumentStore documents, SecretProtector protector)
{
    private const string Collection = "jobs";
    private const string Purpose = "batch job";

    private readonly ConcurrentDictionary<string, JobDocument> _jobs = new(StringComparer.Ordinal);

    /// <exception cref="ServiceErrorException">404: unknown, or past its retention time.</exception>
    public async Task<JobDocument> FindAsync(string endpointId, string jobId, CancellationToken cancellationToken) =>
        _jobs.TryGetValue(jobId, out var job) && job.EndpointId == endpointId
            ? job
            : (await ReadAsync(endpointId, jobId, cancellationToken)).Job;

    /// <summary>The job as it is stored now, with its version.</summary>
    /// <exception cref="ServiceErrorException">404: unknown, or past its retention time.</exception>
    public async Task<(JobDocument Job, long Version)> ReadAsync(
        string endpointId, string jobId, CancellationToken cancellationToken)
    {
        if (!Guid.TryParseExact(jobId, "N", out _)
            || await documents.GetAsync(Collection, StoredId(endpointId, jobId), cancellationToken) is not { } stored)
        {
            throw ServiceErrors.JobNotFound(jobId);
        }

        var job = Parse(stored);
        _jobs[job.Id] = job;
        return (job, stored.Version);
    }

    public async Task<List<JobDocument>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await documents.ListAsync(Collection, "", cancellationToken)).Select(Parse)];

    /// <summary>False when another version is stored than the expected one.</summary>
    public async Task<bool> SaveAsync(JobDocument job, long? expectedVersion, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(job, StoredJson.Default.JobDocument);
        var version = await documents.PutAsync(
            Collection, StoredId(job.EndpointId, job.Id), body, expectedVersion, cancellationToken);
        if (version is null)
        {
            return false;
        }

        _jobs[job.Id] = job;
        return true;
    }

    public async Task DeleteAsync(JobDocument job, CancellationToken cancellationToken)
    {
        await FooterPages.DeleteAsync(documents, job.Id, cancellationToken);
        await documents.DeleteAsync(Collection, StoredId(job.EndpointId, job.Id), cancellationToken);
        _jobs.TryRemove(job.Id, out _);
    }

    public string Protect(JobBody body) =>
        protector.Protect(Purpose, JsonSerializer.Serialize(body, StoredJson.Default.JobBody));

    public JobBody ReadBody(JobDocument job) =>
        JsonSerializer.Deserialize(protector.Unprotect(Purpose, job.Body), StoredJson.Default.JobBody)!;

    private static JobDocument Parse(Document stored) =>
        JsonSerializer.Deserialize(stored.Body.Span, StoredJson.Default.JobDocument)!;

    private static string StoredId(string endpointId, string jobId) => $"{endpointId}/{jobId}";
}
