using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Engine.Triggers;

/// <summary>Starts the pipelines of a trigger run, under ids that follow from it.</summary>
internal sealed class PipelineStarter(IPipelineRuns runs, TimeProvider clock)
{
    /// <summary>The pipelines of a trigger with the ids that their runs will have.</summary>
    public static ImmutableArray<TriggeredRun> Plan(KnownTrigger trigger, StoredTriggerRun run) =>
    [
        .. trigger.Definition.Pipelines.Select((pipeline, index) =>
            new TriggeredRun(pipeline.Pipeline.ReferenceName, OccurrenceIds.OfPipelineRun(run, index))),
    ];

    /// <summary>Starts all pipelines; those that run already are left alone.</summary>
    /// <returns>The pipelines with the ids of those that could be started, and why others could not.</returns>
    /// <exception cref="RunRejectedException">The run host does not run; nothing is known of any of them.</exception>
    public async Task<(ImmutableArray<TriggeredRun> Pipelines, string Message)> StartAsync(
        KnownTrigger trigger, StoredTriggerRun run, CancellationToken cancellationToken)
    {
        var context = ContextOf(trigger, run);
        var started = ImmutableArray.CreateBuilder<TriggeredRun>();
        var messages = new List<string>();
        for (var index = 0; index < trigger.Definition.Pipelines.Length; index++)
        {
            var (reference, arguments) = trigger.Definition.Pipelines[index];
            RunId? id = OccurrenceIds.OfPipelineRun(run, index);
            try
            {
                if (!trigger.Factory.Pipelines.TryGetValue(reference.ReferenceName, out var pipeline))
                {
                    throw new RunRejectedException(
                        ErrorCode.PipelineUnknown, $"The factory has no pipeline '{reference.ReferenceName}'.");
                }

                await runs.StartAsync(
                    new PipelineRunRequest
                    {
                        RunId = id,
                        Factory = trigger.Factory.Name,
                        Pipeline = pipeline,
                        Parameters = (JsonObject?)ExpressionEvaluator.Evaluate(arguments, context) ?? [],
                        TriggerType = trigger.Definition.Type,
                        TriggerName = trigger.Definition.Name,
                        TriggerId = run.Run.Id,
                    },
                    cancellationToken);
            }
            catch (RunRejectedException exception) when (exception.Code != ErrorCode.HostNotRunning)
            {
                id = null;
                messages.Add(exception.Message);
            }
            catch (ExpressionException exception)
            {
                id = null;
                messages.Add($"The parameters of pipeline '{reference.ReferenceName}' could not be evaluated: {exception.Message}");
            }

            started.Add(new TriggeredRun(reference.ReferenceName, id));
        }

        return (started.ToImmutable(), string.Join(" ", messages));
    }

    private ExpressionContext ContextOf(KnownTrigger trigger, StoredTriggerRun stored)
    {
        var run = stored.Run;
        var outputs = new JsonObject();
        if (run is { WindowStart: { } start, WindowEnd: { } end })
        {
            outputs["windowStartTime"] = ActivityView.TimeText(start);
            outputs["windowEndTime"] = ActivityView.TimeText(end);
        }

        if (stored.Body is { } body)
        {
            outputs["body"] = body.DeepClone();
        }

        var fired = ActivityView.TimeText(run.Timestamp);
        return new ExpressionContext
        {
            Trigger = new JsonObject
            {
                ["name"] = trigger.Definition.Name,
                ["scheduledTime"] = ActivityView.TimeText(run.ScheduledTime),
                ["startTime"] = fired,
                ["outputs"] = outputs,
            },
            Pipeline = new JsonObject
            {
                ["DataFactory"] = trigger.Factory.Name,
                ["TriggerType"] = trigger.Definition.Type,
                ["TriggerName"] = trigger.Definition.Name,
                ["TriggerId"] = run.Id,
                ["TriggerTime"] = fired,
            },
            GlobalParameters = trigger.Factory.GlobalParameters,
            Clock = clock,
        };
    }
}
