using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Server.Api;

namespace Auspex.Server.Studio;

/// <summary>
/// Runs of Studio's experiments: each is a run of the engine, whose one activity runs the graph, so that it goes on after a crash. The experiment's
/// document holds what came of it.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed partial class StudioRuns(StudioStore store, IPipelineRuns runs, TimeProvider clock, ILogger<StudioRuns> logger)
{
    /// <summary>The factory that these runs are listed under; no factory of a user can have this name.</summary>
    public const string Factory = "$studio";

    public const string ActivityType = "AuspexExperiment";

    private const string Timeout = "7.00:00:00";

    /// <summary>The six members that clients read of a status.</summary>
    public static JsonObject Status(string code, string detail, DateTimeOffset created, DateTimeOffset? started, DateTimeOffset? ended) => new()
    {
        ["StatusCode"] = code,
        ["StatusDetail"] = detail,
        ["CreationTime"] = StudioJson.Date(created),
        ["StartTime"] = started is { } start ? StudioJson.Date(start) : null,
        ["EndTime"] = ended is { } end ? StudioJson.Date(end) : null,
        ["Metadata"] = null,
    };

    public static bool IsRunning(JsonObject experiment) => experiment.ObjectMember("Status")?.TextMember("StatusCode") == "Running";

    /// <summary>The engine's run of an experiment that was run; null for a draft.</summary>
    public static RunId? RunOf(JsonObject experiment) =>
        Guid.TryParseExact(experiment.TextMember("RunId"), "N", out var id) ? new RunId(id.ToString("D")) : null;

    /// <summary>Starts the run that the experiment's document announces; it goes on by itself whatever happens to this process.</summary>
    /// <exception cref="ServiceErrorException">503: the engine takes no more; the experiment is shown as failed.</exception>
    public async Task StartAsync(JsonObject experiment)
    {
        try
        {
            // The document says that it runs, so that it must, even if the caller goes away.
            await runs.StartAsync(Request(experiment), CancellationToken.None);
        }
        catch (RunRejectedException e)
        {
            await EndAsync(experiment, "Failed", $"The run could not be started. {e.Message}", CancellationToken.None);
            throw ServiceErrors.NoMoreResources($"The experiment cannot be run now. {e.Message}");
        }
    }

    /// <summary>
    /// The experiment as it is now. A run that ended without a last word of its own, as one stopped before it began, is given one.
    /// </summary>
    public async Task<JsonObject> SettleAsync(JsonObject experiment, CancellationToken cancellationToken)
    {
        if (!IsRunning(experiment)
            || RunOf(experiment) is not { } id
            || await runs.FindAsync(id, cancellationToken) is not { End: { } ended } run)
        {
            return experiment;
        }

        // The run writes the document before it ends: it may have done so since this one was read.
        var present = await store.FindAsync(StudioStore.Experiments, (string)experiment["ExperimentId"]!, cancellationToken);
        if (present is null || !IsRunning(present) || RunOf(present) != id)
        {
            return present ?? experiment;
        }

        var (code, detail) = run.Status == RunStatus.Canceled
            ? ("Canceled", "None")
            : ("Failed", run.Failure?.Message ?? "The run ended and left no result. Run the experiment again.");
        await EndAsync(present, code, detail, cancellationToken, ended);
        return present;
    }

    /// <summary>Asks the experiment's run to stop; nothing happens when it does not run.</summary>
    public async Task CancelAsync(JsonObject experiment, CancellationToken cancellationToken)
    {
        if (IsRunning(experiment)
            && RunOf(experiment) is { } id
            && !await runs.CancelAsync(id, recursive: true, cancellationToken)
            && await runs.FindAsync(id, cancellationToken) is null)
        {
            await EndAsync(experiment, "Canceled", "None", cancellationToken);
        }
    }

    /// <summary>Starts what a crash left between an experiment's document and its run.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (var experiment in await store.ListAsync(StudioStore.Experiments, cancellationToken))
        {
            if (!IsRunning(experiment))
            {
                continue;
            }

            try
            {
                if (RunOf(experiment) is not { } id)
                {
                    await EndAsync(experiment, "Failed", "The run was lost. Run the experiment again.", cancellationToken);
                }
                else if (await runs.FindAsync(id, cancellationToken) is null)
                {
                    await runs.StartAsync(Request(experiment), cancellationToken);
                }
            }
            catch (AuspexException e)
            {
                // One experiment that cannot run must not keep the server from starting.
                LogNotRecovered(logger, (string)experiment["ExperimentId"]!, e);
            }
        }
    }

    private async Task EndAsync(JsonObject experiment, string code, string detail, CancellationToken cancellationToken, DateTimeOffset? ended = null)
    {
        var status = experiment["Status"]!.AsObject();
        status["StatusCode"] = code;
        status["StatusDetail"] = detail;
        status["EndTime"] = StudioJson.Date(ended ?? clock.GetUtcNow());
        await store.SaveAsync(StudioStore.Experiments, (string)experiment["ExperimentId"]!, experiment, cancellationToken);
    }

    private static PipelineRunRequest Request(JsonObject experiment)
    {
        var id = (string)experiment["ExperimentId"]!;
        return new PipelineRunRequest
        {
            RunId = RunOf(experiment),
            Factory = Factory,
            Pipeline = Load(id),
            Parameters = new JsonObject { ["experiment"] = id },
            TriggerType = "Manual",
            TriggerName = "Studio",
        };
    }

    private static PipelineDefinition Load(string experiment)
    {
        var source = new JsonObject
        {
            ["name"] = $"experiment-{experiment}",
            ["properties"] = new JsonObject
            {
                ["activities"] = new JsonArray(new JsonObject
                {
                    ["name"] = "Run",
                    ["type"] = ActivityType,
                    ["policy"] = new JsonObject { ["timeout"] = Timeout },
                    ["typeProperties"] = new JsonObject
                    {
                        ["experiment"] = new JsonObject { ["value"] = "@pipeline().parameters.experiment", ["type"] = "Expression" },
                    },
                }),
                ["parameters"] = new JsonObject { ["experiment"] = new JsonObject { ["type"] = "string" } },
            },
        };
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        return PipelineLoader.Load(source, file: null, diagnostics)
            ?? throw new InvalidOperationException("The built-in pipeline of experiments does not load.");
    }

    [LoggerMessage(EventId = 7101, Level = LogLevel.Error, Message = "Experiment {Experiment} was to run but has no run, and cannot get one")]
    private static partial void LogNotRecovered(ILogger logger, string experiment, Exception exception);
}
