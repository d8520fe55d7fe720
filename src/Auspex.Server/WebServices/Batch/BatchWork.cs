using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Auspex.Experiments.Modules;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Batch;

/// <summary>A job as an attempt sees it.</summary>
/// <param name="Id">The job.</param>
/// <param name="Body">What is asked for.</param>
/// <param name="Model">The model that the endpoint served when the job was submitted.</param>
internal sealed record BatchWork(string Id, JobBody Body, LiveModel Model)
{
    /// <summary>Versions that score beside it, by name.</summary>
    public ImmutableArray<KeyValuePair<string, LiveModel>> Challengers { get; init; } = [];
}

/// <summary>Opens the job of an attempt, and words its failures as batch jobs do.</summary>
internal sealed class BatchWorkOpener(JobStore jobs, WebServiceDirectory directory)
{
    public async Task<BatchWork> OpenAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var job = await jobs.FindAsync(Text(attempt, "endpoint"), Text(attempt, "job"), cancellationToken);
        var model = await directory.GetModel(job.ServiceId, job.Version, job.Replacements).GetAsync(cancellationToken);
        var challengers = ImmutableArray.CreateBuilder<KeyValuePair<string, LiveModel>>();
        foreach (var (number, version, replacements) in job.Challengers)
        {
            challengers.Add(KeyValuePair.Create(
                $"version {number}", await directory.GetModel(job.ServiceId, version, replacements).GetAsync(cancellationToken)));
        }

        return new BatchWork(job.Id, jobs.ReadBody(job), model) { Challengers = challengers.ToImmutable() };
    }

    /// <summary>Runs a step and gives whatever goes wrong the form that callers of batch execution know.</summary>
    public static async Task<JsonObject> GuardAsync(ActivityAttempt attempt, Func<Task<JsonObject>> step)
    {
        try
        {
            return await step();
        }
        catch (AuspexException e) when (e is not ActivityException)
        {
            throw Fail(attempt, e);
        }
        catch (IOException e)
        {
            throw Fail(attempt, e);
        }
    }

    private static ActivityException Fail(ActivityAttempt attempt, Exception error)
    {
        var message = error switch
        {
            ModuleException module => module.Report,
            ServiceErrorException { Details: [var detail, ..] } => detail.Message,
            _ => error.Message,
        };
        return new ActivityException(
            ErrorCode.BatchJobFailed,
            "2600",
            message,
            error is IOException ? FailureType.SystemError : FailureType.UserError,
            Details(attempt, error, message),
            error);
    }

    // The layout of the original, which people search for in old notes.
    private static string Details(ActivityAttempt attempt, Exception error, string message)
    {
        var module = error as ModuleException;
        var exception = new JsonObject
        {
            ["Exception"] = new JsonObject
            {
                ["ErrorId"] = module is null ? (error as AuspexException)?.Code.Value ?? "IOException" : "ModuleException",
                ["ErrorCode"] = module is null ? "1000" : module.Number.ToString("0000", null),
                ["ExceptionType"] = "ModuleException",
                ["Message"] = message,
            },
        };
        var where = module?.Module is { Length: > 0 } name ? name : "Web Service";
        return $"Module: {where}; requestId = {attempt.RunId} errorComponent=Module. taskStatusCode=400. "
            + $"{exception.ToJsonString()}Error: {message} Process exited with error code -2";
    }

    private static string Text(ActivityAttempt attempt, string name) =>
        (string?)attempt.TypeProperties[name]
        ?? throw new InvalidOperationException($"The built-in activity {attempt.Path} has no '{name}'.");
}
