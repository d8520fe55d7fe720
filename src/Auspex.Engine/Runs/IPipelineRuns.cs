using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>Starts, watches and cancels runs. The one way into the engine for the server, the command line and built-in pipelines.</summary>
/// <remarks>Thread-safe.</remarks>
public interface IPipelineRuns
{
    /// <summary>Starts a run; it is durable when the task ends, and goes on after a crash.</summary>
    /// <returns>The run's id. Starting again with an id that exists changes nothing and returns that id.</returns>
    /// <remarks>A parameter without argument and default reads as null, as real factories rely on.</remarks>
    /// <exception cref="RunRejectedException">
    /// The pipeline cannot be run (cyclic or unknown dependencies), an argument is not of its parameter's type, the queue
    /// is full or the host does not run; nothing was started.
    /// </exception>
    Task<RunId> StartAsync(PipelineRunRequest request, CancellationToken cancellationToken);

    /// <summary>The run as it is now; null when it is unknown.</summary>
    Task<PipelineRun?> FindAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>
    /// The run's activity runs in order of their start, one per attempt, skipped and inactive ones included (those never
    /// started); empty when the run is unknown.
    /// </summary>
    Task<ImmutableArray<ActivityRun>> ListActivityRunsAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Runs, newest first unless another order is asked for, page by page (<see cref="RunQuery.From"/>).</summary>
    Task<ImmutableArray<PipelineRun>> ListAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>Asks a run to stop; false when it is unknown or has ended. With <paramref name="recursive"/> its children too.</summary>
    Task<bool> CancelAsync(RunId id, bool recursive, CancellationToken cancellationToken);

    /// <summary>Waits until the run has ended.</summary>
    Task<PipelineRun> WaitAsync(RunId id, CancellationToken cancellationToken);

    /// <summary>Changes of a run as they happen, beginning with its present state; ends with the run. For people who watch.</summary>
    IAsyncEnumerable<RunUpdate> WatchAsync(RunId id, CancellationToken cancellationToken);
}

/// <summary>What starts a run.</summary>
public sealed record PipelineRunRequest
{
    /// <summary>The id to use, for callers that must not start twice; null for a new one.</summary>
    public RunId? RunId { get; init; }

    /// <summary>The factory's name.</summary>
    public required string Factory { get; init; }

    /// <summary>
    /// The pipeline; the run keeps this very definition to its end. After a restart it is read again from
    /// <see cref="PipelineDefinition.Source"/>, which must therefore say all of it.
    /// </summary>
    public required PipelineDefinition Pipeline { get; init; }

    /// <summary>Arguments by parameter name.</summary>
    public JsonObject Parameters { get; init; } = [];

    /// <summary><c>Manual</c>, <c>ScheduleTrigger</c>, <c>PipelineActivity</c> and so on.</summary>
    public string TriggerType { get; init; } = "Manual";

    /// <summary>The trigger's name.</summary>
    public string TriggerName { get; init; } = "Manual";

    /// <summary>The trigger run's id, for <c>pipeline().TriggerId</c>; null for a run that no trigger started.</summary>
    public string? TriggerId { get; init; }

    /// <summary>The parent's pipeline and run when an ExecutePipeline activity started this one.</summary>
    public ParentRun? Parent { get; init; }

    /// <summary>The run that this one repeats; null for a run of its own.</summary>
    public RunRecovery? Recovery { get; init; }
}

/// <summary>A run that repeats another with that run's arguments.</summary>
/// <param name="Reference">The run to repeat.</param>
/// <param name="IsGrouped">Whether the new run belongs to the group of the reference run, as its latest.</param>
/// <param name="FromActivity">
/// The activity to begin at: it runs, and all that depend on it; the others keep their results of the reference run. Null for all.
/// </param>
/// <param name="FromFailure">
/// Whether to begin at the activities that failed or were stopped; goes before <paramref name="FromActivity"/> if there are any.
/// </param>
public sealed record RunRecovery(
    RunId Reference, bool IsGrouped = true, string? FromActivity = null, bool FromFailure = false)
{
    /// <summary>
    /// Whether a run that is repeated itself repeats this one by ExecutePipeline: the arguments are that run's, and where nothing
    /// failed everything is taken over.
    /// </summary>
    internal bool IsOfChild { get; init; }
}

/// <summary>The run whose ExecutePipeline activity started another.</summary>
/// <param name="Pipeline">Its pipeline.</param>
/// <param name="RunId">Its id.</param>
/// <param name="Depth">How many ExecutePipelines stand above it; guards against endless recursion.</param>
public sealed record ParentRun(string Pipeline, RunId RunId, int Depth = 0);

/// <summary>A run's status, in Data Factory's order.</summary>
public enum RunStatus
{
    /// <summary>Waits for a place (<c>concurrency</c>).</summary>
    Queued,

    /// <summary>In progress.</summary>
    InProgress,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended badly.</summary>
    Failed,

    /// <summary>Asked to stop, not yet stopped.</summary>
    Canceling,

    /// <summary>Stopped on request; written <c>Cancelled</c> on the wire.</summary>
    Canceled,
}

/// <summary>A run as people and clients see it.</summary>
public sealed record PipelineRun
{
    /// <summary>The run's id.</summary>
    public required RunId Id { get; init; }

    /// <summary>The factory's name.</summary>
    public required string Factory { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Arguments; secure ones masked.</summary>
    public required JsonObject Parameters { get; init; }

    /// <summary>When it was started.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When its status changed last.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>The first run of the group that reruns make; the run itself when it repeats none.</summary>
    public RunId? GroupId { get; init; }

    /// <summary>Whether no later run of its group is there.</summary>
    public bool IsLatest { get; init; } = true;

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public Failure? Failure { get; init; }

    /// <summary>The pipeline's return values; null when it set none.</summary>
    public JsonObject? ReturnValue { get; init; }

    /// <summary><c>Manual</c>, <c>ScheduleTrigger</c>, <c>PipelineActivity</c> and so on.</summary>
    public required string TriggerType { get; init; }

    /// <summary>The trigger's name.</summary>
    public required string TriggerName { get; init; }

    /// <summary>The trigger run's id; null for a run that no trigger started.</summary>
    public string? TriggerId { get; init; }

    /// <summary>The run whose ExecutePipeline activity started this one; null otherwise.</summary>
    public ParentRun? Parent { get; init; }
}

/// <summary>An activity run's status, as activity runs and <c>activity('A').Status</c> show it.</summary>
public enum ActivityStatus
{
    /// <summary>Not yet started; no record shows this.</summary>
    Pending,

    /// <summary>An attempt runs, or waits to be tried again.</summary>
    InProgress,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended badly, its retries used up.</summary>
    Failed,

    /// <summary>Never ran, since its conditions did not hold.</summary>
    Skipped,

    /// <summary>Marked inactive by its author.</summary>
    Inactive,

    /// <summary>Stopped on request; written <c>Cancelled</c> on the wire.</summary>
    Canceled,
}

/// <summary>One attempt of an activity as people and clients see it.</summary>
public sealed record ActivityRun
{
    /// <summary>The activity run's id, a GUID.</summary>
    public required string Id { get; init; }

    /// <summary>The pipeline run.</summary>
    public required RunId RunId { get; init; }

    /// <summary>Path inside the run, loops included.</summary>
    public required string Path { get; init; }

    /// <summary>The activity's name.</summary>
    public required string Name { get; init; }

    /// <summary>The activity's type.</summary>
    public required string Type { get; init; }

    /// <summary>The linked service's name; null when it names none.</summary>
    public string? LinkedServiceName { get; init; }

    /// <summary>Where it stands.</summary>
    public required ActivityStatus Status { get; init; }

    /// <summary>From 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>When the attempt started; null for one that never did.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Resolved inputs; null when secure.</summary>
    public JsonObject? Input { get; init; }

    /// <summary>
    /// The evaluated references beside the inputs: <c>inputs</c> and <c>outputs</c> (datasets with their arguments) and
    /// <c>linkedServiceParameters</c>; null when there are none or the inputs are secure.
    /// </summary>
    public JsonObject? References { get; init; }

    /// <summary>The evaluated user properties; null when there are none.</summary>
    public JsonObject? UserProperties { get; init; }

    /// <summary>The output; null when secure or not there.</summary>
    public JsonObject? Output { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Whether it did not run: the result is that of the run which this one repeats.</summary>
    public bool IsRecalled { get; init; }
}

/// <summary>A change of a run for people who watch: exactly one member is set.</summary>
/// <param name="Run">The run changed.</param>
/// <param name="ActivityRun">An activity run changed.</param>
/// <param name="Progress">An attempt reported progress.</param>
public sealed record RunUpdate(PipelineRun? Run, ActivityRun? ActivityRun, AttemptProgress? Progress);

/// <summary>Progress of one attempt.</summary>
public sealed record AttemptProgress(string Path, Dispatch.ActivityProgress Progress);

/// <summary>A run that could not be started; nothing was written.</summary>
/// <param name="code">Our stable code.</param>
/// <param name="message">What was found, what was expected and what to do.</param>
public sealed class RunRejectedException(ErrorCode code, string message) : AuspexException(code, message);
