using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Server.Api;
using Auspex.Server.WebServices.Models;
using Microsoft.Extensions.Options;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// Batch jobs: each is a document that says what was asked for, and a run of the engine, of the same id, that does it.
/// The run is durable and goes on after a crash; the job's status is a view of it.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class BatchJobs(
    JobStore store,
    IPipelineRuns runs,
    WebServiceDirectory directory,
    BatchPipelines pipelines,
    ModelVersionStore versions,
    IOptions<WebServiceOptions> options,
    TimeProvider clock,
    ILogger<BatchJobs> logger)
{

    /// <summary>Keeps a job that waits to be started.</summary>
    /// <param name="endpoint">The endpoint as it was when the request came; the job keeps to its model.</param>
    /// <param name="body">What is asked for.</param>
    /// <param name="requestId">A caller that repeats a request under the same id gets the same job; null for none.</param>
    /// <param name="cancellationToken">Nothing is kept when it fires in time.</param>
    public async Task<string> SubmitAsync(
        EndpointState endpoint, JobBody body, string? requestId, CancellationToken cancellationToken)
    {
        var id = requestId is null ? WebServicePublisher.NewId() : DeriveId(endpoint.Document.Id, requestId);
        var job = new JobDocument
        {
            Id = id,
            EndpointId = endpoint.Document.Id,
            CreatedAt = clock.GetUtcNow(),
            ServiceId = endpoint.Model.ServiceId,
            Version = endpoint.Model.Version,
            Replacements = endpoint.Model.Replacements,
            Challengers = await FindChallengersAsync(endpoint, body.Challengers, cancellationToken),
            Body = store.Protect(body),
        };
        await store.SaveAsync(job, expectedVersion: 0, cancellationToken);
        return id;
    }

    // Of the endpoint's own, those that were forgotten meanwhile are left out; a version that a job asks for has to be there.
    private async Task<ImmutableArray<JobChallenger>> FindChallengersAsync(
        EndpointState endpoint, ImmutableArray<int>? asked, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<JobChallenger>();
        foreach (var number in asked ?? endpoint.Document.Challengers)
        {
            if (await versions.FindAsync(endpoint.Document.ServiceId, endpoint.Document.Id, number, cancellationToken) is { } version)
            {
                found.Add(new JobChallenger(number, version.ServiceVersion, version.Replacements));
            }
            else if (asked is not null)
            {
                throw ServiceErrors.NotFound(
                    "ModelVersionNotFound", $"'Challengers' asks for version {number}; endpoint '{endpoint.Document.Name}' has none of that number ('auspex models list' shows them).");
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Starts a job; when this returns it goes on by itself, whatever happens to this process.</summary>
    /// <exception cref="ServiceErrorException">404: unknown; 400 CannotStartJob: started or ended already.</exception>
    public async Task StartAsync(string endpointId, string jobId, CancellationToken cancellationToken)
    {
        var (job, version) = await store.ReadAsync(endpointId, jobId, cancellationToken);
        if (job.StartedAt is not null || job.CanceledAt is not null)
        {
            throw CannotStart((await GetStatusAsync(job, cancellationToken)).State);
        }

        // First what may fail or take a while: from here on the job is started or it is not.
        var model = await LoadAsync(job, cancellationToken);
        var started = job with { StartedAt = clock.GetUtcNow() };
        if (!await store.SaveAsync(started, version, cancellationToken))
        {
            throw CannotStart(JobState.Running);
        }

        try
        {
            // The document says it is started, so that it must be, even if the caller goes away.
            await runs.StartAsync(pipelines.Request(started, store.ReadBody(started), model), CancellationToken.None);
        }
        catch (RunRejectedException e)
        {
            // It may be started again, once there is room.
            await store.SaveAsync(job, expectedVersion: null, CancellationToken.None);
            throw ServiceErrors.NoMoreResources($"The job cannot be started now. {e.Message}");
        }
    }

    /// <exception cref="ServiceErrorException">404: unknown.</exception>
    public async Task<JobStatus> GetAsync(string endpointId, string jobId, CancellationToken cancellationToken)
    {
        var job = await store.FindAsync(endpointId, jobId, cancellationToken);
        return await GetStatusAsync(job, cancellationToken);
    }

    /// <summary>Cancels a job; one that has ended stays as it is, its outputs too.</summary>
    /// <exception cref="ServiceErrorException">404: unknown.</exception>
    public async Task CancelAsync(string endpointId, string jobId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (job, version) = await store.ReadAsync(endpointId, jobId, cancellationToken);
            if (job.CanceledAt is not null || (await GetStatusAsync(job, cancellationToken)).HasEnded)
            {
                return;
            }

            // Kept first: after a crash the recovery sees that it is to be cancelled, and does so.
            if (await store.SaveAsync(job with { CanceledAt = clock.GetUtcNow() }, version, cancellationToken))
            {
                await runs.CancelAsync(job.RunId, recursive: true, cancellationToken);
                return;
            }
        }
    }

    /// <summary>Does what a crash left undone between a job's document and its run.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var job in await store.ListAsync(cancellationToken))
        {
            if (job.StartedAt is not null)
            {
                try
                {
                    await RecoverAsync(job, cancellationToken);
                }
                catch (AuspexException e)
                {
                    // One job whose service is gone must not keep the server from starting.
                    LogNotRecovered(logger, job.Id, e);
                }
            }
        }
    }

    private async Task RecoverAsync(JobDocument job, CancellationToken cancellationToken)
    {
        var run = await runs.FindAsync(job.RunId, cancellationToken);
        if (run is null && job.CanceledAt is null)
        {
            var model = await LoadAsync(job, cancellationToken);
            await runs.StartAsync(pipelines.Request(job, store.ReadBody(job), model), cancellationToken);
        }
        else if (run is { End: null } && job.CanceledAt is not null)
        {
            await runs.CancelAsync(job.RunId, recursive: true, cancellationToken);
        }
    }

    /// <summary>Forgets jobs that ended longer ago than the retention time.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - options.Value.JobRetention;
        foreach (var job in await store.ListAsync(cancellationToken))
        {
            var run = job.StartedAt is null ? null : await runs.FindAsync(job.RunId, cancellationToken);
            var isOver = job.StartedAt is null || run is { End: not null } || (run is null && job.CanceledAt is not null);
            if (!isOver)
            {
                continue;
            }

            if ((run?.End ?? job.CanceledAt ?? job.CreatedAt) < oldest)
            {
                await store.DeleteAsync(job, cancellationToken);
            }
        }
    }

    private Task<LiveModel> LoadAsync(JobDocument job, CancellationToken cancellationToken) =>
        directory.GetModel(job.ServiceId, job.Version, job.Replacements).GetAsync(cancellationToken);

    private async Task<JobStatus> GetStatusAsync(JobDocument job, CancellationToken cancellationToken)
    {
        var run = job.StartedAt is null ? null : await runs.FindAsync(job.RunId, cancellationToken);
        return new JobStatus(JobStatus.StateOf(job, run?.Status), [], null, job.CreatedAt, job.StartedAt, run?.End ?? job.CanceledAt);
    }

    private static string DeriveId(string endpointId, string requestId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{endpointId}\n{requestId}")).AsSpan(0, 16));

    private static ServiceErrorException CannotStart(JobState state) => ServiceErrors.InvalidOperation(
        "CannotStartJob", $"The job cannot be started because it is in {state} state.");

    [LoggerMessage(EventId = 7011, Level = LogLevel.Error, Message = "Batch job {Job} was started but has no run, and cannot get one")]
    private static partial void LogNotRecovered(ILogger logger, string job, Exception exception);
}
