using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.ControlFlow;

/// <summary>Runs another pipeline as a run of its own, and waits for it if its author says so.</summary>
/// <remarks>
/// The child's id follows from the attempt's, so an attempt handed out again finds the run it started. A cancel with
/// <c>isRecursive</c> reaches the children through the journal (<see cref="RunDriver"/>), not through this executor:
/// children that nobody waits for are children too.
/// </remarks>
internal sealed class ExecutePipelineExecutor(LocalRunHost host) : IActivityExecutor
{
    public const string Type = "ExecutePipeline";

    public async Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken)
    {
        var name = PipelineName(attempt);
        if (!attempt.Factory.Pipelines.TryGetValue(name, out var pipeline))
        {
            throw new ActivityException(
                ErrorCode.PipelineUnknown,
                ErrorCode.PipelineUnknown.Value,
                $"Activity '{attempt.Activity.Name}' executes pipeline '{name}', which factory '{attempt.Factory.Name}' does not hold. "
                + "Correct the reference or add the pipeline.",
                FailureType.UserError);
        }

        var child = await StartAsync(attempt, pipeline, cancellationToken);
        if (ActivityPolicyReader.ReadBoolean(attempt.TypeProperties["waitOnCompletion"]) == false)
        {
            return Output(child, pipeline.Name, null);
        }

        var ended = await WaitAsync(attempt, child, cancellationToken);
        var output = Output(child, ended.Pipeline, ended.ReturnValue ?? []);
        return ended.Status switch
        {
            RunStatus.Succeeded => output,
            RunStatus.Canceled => throw new ActivityException(
                ErrorCode.ChildRunFailed,
                "Cancelled",
                $"The pipeline run '{child}' of '{ended.Pipeline}' was cancelled.",
                FailureType.UserError)
            { Output = output },
            _ => throw new ActivityException(
                ErrorCode.ChildRunFailed,
                ended.Failure?.ErrorCode ?? Failures.ActionFailed,
                ended.Failure?.Message ?? $"The pipeline run '{child}' of '{ended.Pipeline}' failed.",
                ended.Failure?.FailureType ?? FailureType.UserError)
            { Output = output },
        };
    }

    private static string PipelineName(ActivityAttempt attempt) => attempt.TypeProperties["pipeline"] switch
    {
        JsonObject reference when reference["referenceName"] is JsonValue text => text.ToString(),
        JsonValue text => text.ToString(),
        _ => throw new ActivityException(
            ErrorCode.PipelineUnknown,
            "2103",
            $"Please provide value for the required property 'pipeline' of activity '{attempt.Activity.Name}'.",
            FailureType.UserError),
    };

    private async Task<RunId> StartAsync(
        ActivityAttempt attempt, Definitions.PipelineDefinition pipeline, CancellationToken cancellationToken)
    {
        var request = new PipelineRunRequest
        {
            RunId = RunIds.OfChild(attempt.ActivityRunId),
            Factory = attempt.Factory.Name,
            Pipeline = pipeline,
            Parameters = attempt.TypeProperties["parameters"]?.DeepClone() as JsonObject ?? [],
            TriggerType = "PipelineActivity",
            TriggerName = attempt.Activity.Name,
            Parent = host.ParentOf(attempt.RunId),
            Recovery = attempt.ChildToRepeat is { } child && await host.IsKnownAsync(child, cancellationToken)
                ? new RunRecovery(child, FromFailure: true) { IsOfChild = true }
                : null,
        };
        try
        {
            // Not cancelable half-way: a child either is there or is not.
            return await host.StartAsync(request, attempt.Activity.Policy.SecureInput, CancellationToken.None);
        }
        catch (RunRejectedException exception) when (exception.Code == ErrorCode.HostNotRunning)
        {
            // The host stops: this attempt's token fires in a moment, and the next host starts the child.
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            throw;
        }
        catch (RunRejectedException exception)
        {
            throw new ActivityException(
                exception.Code, exception.Code.Value, exception.Message, FailureType.UserError, inner: exception);
        }
    }

    private async Task<PipelineRun> WaitAsync(ActivityAttempt attempt, RunId child, CancellationToken cancellationToken)
    {
        try
        {
            return await host.WaitParkedAsync(child, cancellationToken);
        }
        catch (OperationCanceledException) when (attempt.StopReason() == AttemptStopReason.TimedOut)
        {
            // The activity gives up on its child; nobody else would ever stop it.
            await host.CancelAsync(child, recursive: true, CancellationToken.None);
            throw;
        }
    }

    private static JsonObject Output(RunId child, string pipeline, JsonObject? returnValue)
    {
        var output = new JsonObject { ["pipelineRunId"] = child.Value, ["pipelineName"] = pipeline };
        if (returnValue is not null)
        {
            output["pipelineReturnValue"] = returnValue.DeepClone();
        }

        return output;
    }
}
