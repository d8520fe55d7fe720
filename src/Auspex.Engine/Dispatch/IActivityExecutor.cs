using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Expressions;

namespace Auspex.Engine.Dispatch;

/// <summary>Executes activities of one type.</summary>
/// <remarks>
/// An attempt may run again: after a crash the same attempt is handed out once more, with the same
/// <see cref="ActivityAttempt.IdempotencyKey"/> and the last checkpoint it saved. An executor must then either re-attach
/// to the work it started or do it again without a doubled effect. Executors are shared: they hold no state of a run.
/// </remarks>
public interface IActivityExecutor
{
    /// <summary>Runs one attempt to its end.</summary>
    /// <param name="attempt">The resolved inputs and the means to save a checkpoint and to report progress.</param>
    /// <param name="cancellationToken">
    /// Fires when the attempt timed out, the run was cancelled, or the host stops; <see cref="ActivityAttempt.StopReason"/>
    /// says which. On timeout and cancel the executor also ends what it started elsewhere; when the host stops it leaves
    /// that alone, since the next host re-attaches.
    /// </param>
    /// <returns>The activity's output as expressions see it; an empty object when there is none.</returns>
    /// <exception cref="ActivityException">The attempt failed, with the code and message of the activity's error.</exception>
    Task<JsonObject> ExecuteAsync(ActivityAttempt attempt, CancellationToken cancellationToken);
}

/// <summary>Why an attempt's token fired.</summary>
public enum AttemptStopReason
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>The policy's timeout passed.</summary>
    TimedOut,

    /// <summary>The run was cancelled.</summary>
    RunCanceled,

    /// <summary>The host stops or lost the run; the attempt will be handed out again.</summary>
    HostStopping,
}

/// <summary>Rows done and to do, for people who wait.</summary>
/// <param name="Rows">Rows done so far.</param>
/// <param name="TotalRows">Rows in all; null when it is not known.</param>
/// <param name="Text">What is being done, such as <c>scoring</c>.</param>
public sealed record ActivityProgress(long Rows, long? TotalRows, string Text);

/// <summary>One try of an activity run.</summary>
public sealed record ActivityAttempt
{
    /// <summary>The pipeline run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>The id of the activity run, a GUID; the same for every attempt handed out again after a crash.</summary>
    public required string ActivityRunId { get; init; }

    /// <summary>Path inside the run, loops included: <c>ForEach1[3]/Copy1</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The activity as written.</summary>
    public required ActivityDefinition Activity { get; init; }

    /// <summary>From 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The same for the same attempt on every host: work that bears it is never started twice.</summary>
    public required string IdempotencyKey { get; init; }

    /// <summary>The activity's <c>typeProperties</c> with every expression evaluated.</summary>
    public required JsonObject TypeProperties { get; init; }

    /// <summary>The activity's linked service with its arguments evaluated; null when it names none.</summary>
    public required ResourceReference? LinkedServiceName { get; init; }

    /// <summary>The datasets of <c>inputs</c>, their arguments evaluated.</summary>
    public ImmutableArray<ResourceReference> Inputs { get; init; } = [];

    /// <summary>The datasets of <c>outputs</c>, their arguments evaluated.</summary>
    public ImmutableArray<ResourceReference> Outputs { get; init; } = [];

    /// <summary>Makes what references to the pipeline see, for datasets that name its parameters; null outside of a run.</summary>
    public Func<ExpressionContext>? PipelineScope { get; init; }

    /// <summary>The factory as it was when the attempt started; built-in pipelines have one without resources.</summary>
    public required FactoryDefinition Factory { get; init; }

    /// <summary>What the executor last saved for this attempt; null at first.</summary>
    public required JsonObject? Checkpoint { get; init; }

    /// <summary>Saves a checkpoint; durable when the task ends. It replaces the earlier one. No secrets.</summary>
    public required Func<JsonObject, CancellationToken, Task> SaveCheckpointAsync { get; init; }

    /// <summary>Reports progress; cheap, lossy, never journaled.</summary>
    public required Action<ActivityProgress> ReportProgress { get; init; }

    /// <summary>Why the token fired; meaningful once it has.</summary>
    public required Func<AttemptStopReason> StopReason { get; init; }

    /// <summary>The run that this ExecutePipeline had started in the run that its own repeats; null when there is none to repeat.</summary>
    internal RunId? ChildToRepeat { get; init; }
}
