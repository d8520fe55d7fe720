using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Modules;
using Auspex.Stores;

namespace Auspex.Server.Studio;

/// <summary>Runs an experiment's graph and writes into its document what came out at every port.</summary>
/// <remarks>
/// After a crash it is done again: modules that had finished give what they gave, all others run anew. What Export Data writes
/// elsewhere may so be written twice.
/// </remarks>
internal sealed class StudioRunExecutor(
    StudioStore store,
    StudioGraphs graphs,
    StudioOutputs outputs,
    StudioProgress progress,
    ModuleCatalog catalog,
    ModuleServices services,
    IDocumentStore documents,
    ArtifactValues values,
    TimeProvider clock) : IActivityExecutor
{
    private const int MostReported = 10;

    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var id = (string)attempt.TypeProperties["experiment"]!;
        var experiment = await store.FindAsync(StudioStore.Experiments, id, cancellationToken);
        if (experiment is null || StudioRuns.RunOf(experiment) != attempt.RunId)
        {
            // Deleted, and perhaps made anew.
            return [];
        }

        if (StudioRuns.IsRunning(experiment))
        {
            var started = clock.GetUtcNow();
            var (code, detail) = await TryRunAsync(attempt, id, experiment, started, cancellationToken);
            experiment["Status"] = StudioRuns.Status(code, detail, started, started, clock.GetUtcNow());

            // What has been done is written down even if the run is being stopped.
            if (await store.FindAsync(StudioStore.Experiments, id, CancellationToken.None) is not null)
            {
                await store.SaveAsync(StudioStore.Experiments, id, experiment, CancellationToken.None);
            }
        }

        var status = experiment.ObjectMember("Status")!;
        return status.TextMember("StatusCode") switch
        {
            "Finished" => new JsonObject { ["nodes"] = experiment.ArrayMember("NodeStatuses")?.Count ?? 0 },
            "Canceled" => throw new OperationCanceledException(cancellationToken),
            _ => throw new ActivityException(
                ErrorCode.ModuleFailed, "2600", status.TextMember("StatusDetail") ?? "The experiment failed.", FailureType.UserError),
        };
    }

    private async Task<(string Code, string Detail)> TryRunAsync(
        ActivityAttempt attempt, string id, JsonObject experiment, DateTimeOffset started, CancellationToken cancellationToken)
    {
        try
        {
            var result = await RunAsync(attempt, id, experiment, started, cancellationToken);
            if (attempt.StopReason() == AttemptStopReason.HostStopping)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            return result;
        }
        catch (OperationCanceledException) when (attempt.StopReason() != AttemptStopReason.HostStopping)
        {
            return attempt.StopReason() == AttemptStopReason.TimedOut
                ? ("Failed", "The experiment ran longer than seven days and was stopped.")
                : ("Canceled", "None");
        }
        catch (Exception e) when (e is AuspexException or IOException)
        {
            return ("Failed", e.Message);
        }
    }

    private async Task<(string Code, string Detail)> RunAsync(
        ActivityAttempt attempt, string id, JsonObject experiment, DateTimeOffset started, CancellationToken cancellationToken)
    {
        var (definition, assets) = await graphs.ReadAsync(experiment, cancellationToken);
        var compilation = ExperimentCompiler.Compile(definition, catalog);
        if (compilation.Experiment is not { } compiled)
        {
            return ("Failed", string.Join(" ", compilation.Diagnostics
                .Where(found => found.Severity == DiagnosticSeverity.Error)
                .Select(found => found.Message)
                .Take(MostReported)));
        }

        await using var live = progress.Begin(experiment, started);
        var cache = new StudioResultCache(id, new StoredResultCache(documents, values), documents);
        var run = await ExperimentRunner.RunAsync(
            compiled,
            new ExperimentRunRequest
            {
                Services = services with
                {
                    ReportProgress = (text, done, total) => attempt.ReportProgress(new ActivityProgress(done, total, text)),
                },
                Assets = assets,
                Cache = cache,
                OnUpdate = live.Report,
            },
            cancellationToken);
        await outputs.SaveAsync(experiment, run, started, cancellationToken);
        if (run.Status == NodeStatus.Finished)
        {
            await cache.ForgetOthersAsync(cancellationToken);
        }

        var failure = run.Errors.FirstOrDefault();
        return run.Status switch
        {
            NodeStatus.Finished => ("Finished", "None"),
            NodeStatus.Canceled => ("Canceled", "None"),
            _ => ("Failed", failure?.Report ?? "A module failed."),
        };
    }
}
