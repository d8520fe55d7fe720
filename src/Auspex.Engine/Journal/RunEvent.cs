using System.Text.Json.Serialization;
using Auspex.Errors;

namespace Auspex.Engine.Journal;

/// <summary>Something that happened in a run. The journal is a list of these; the state is their fold.</summary>
/// <remarks>
/// <para>
/// The discriminator bears the version of the event's shape: <c>"$type": "ActivityStarted/1"</c>. Members are only
/// ever added, each with a default for journals that lack it; a changed meaning is a new event. README.md beside this
/// file explains each event in a row of a table.
/// </para>
/// <para>
/// <c>Activity</c> is always the path inside the run, loops included: <c>ForEach1[3]/Copy1</c>
/// (<see cref="Runs.ActivityPath"/>).
/// </para>
/// </remarks>
/// <param name="At">When it happened, UTC, by the clock of the host that wrote it.</param>
[JsonPolymorphic(UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(RunCreated), "RunCreated/1")]
[JsonDerivedType(typeof(RunStarted), "RunStarted/1")]
[JsonDerivedType(typeof(RunCancelRequested), "RunCancelRequested/1")]
[JsonDerivedType(typeof(RunSucceeded), "RunSucceeded/1")]
[JsonDerivedType(typeof(RunFailed), "RunFailed/1")]
[JsonDerivedType(typeof(RunCanceled), "RunCanceled/1")]
[JsonDerivedType(typeof(ActivityStarted), "ActivityStarted/1")]
[JsonDerivedType(typeof(ActivitySucceeded), "ActivitySucceeded/1")]
[JsonDerivedType(typeof(AttemptFailed), "AttemptFailed/1")]
[JsonDerivedType(typeof(RetryScheduled), "RetryScheduled/1")]
[JsonDerivedType(typeof(ActivityFailed), "ActivityFailed/1")]
[JsonDerivedType(typeof(ActivityCanceled), "ActivityCanceled/1")]
[JsonDerivedType(typeof(ActivitySkipped), "ActivitySkipped/1")]
[JsonDerivedType(typeof(ActivityMarkedInactive), "ActivityMarkedInactive/1")]
[JsonDerivedType(typeof(CheckpointSaved), "CheckpointSaved/1")]
[JsonDerivedType(typeof(WaitStarted), "WaitStarted/1")]
[JsonDerivedType(typeof(TimerFired), "TimerFired/1")]
[JsonDerivedType(typeof(BranchChosen), "BranchChosen/1")]
[JsonDerivedType(typeof(LoopStarted), "LoopStarted/1")]
[JsonDerivedType(typeof(IterationStarted), "IterationStarted/1")]
[JsonDerivedType(typeof(IterationEnded), "IterationEnded/1")]
[JsonDerivedType(typeof(LoopConditionEvaluated), "LoopConditionEvaluated/1")]
[JsonDerivedType(typeof(VariableSet), "VariableSet/1")]
[JsonDerivedType(typeof(VariableAppended), "VariableAppended/1")]
[JsonDerivedType(typeof(ReturnValueSet), "ReturnValueSet/1")]
[JsonDerivedType(typeof(ResultKept), "ResultKept/1")]
[JsonDerivedType(typeof(ItemsKept), "ItemsKept/1")]
[JsonDerivedType(typeof(ChildKept), "ChildKept/1")]
[JsonDerivedType(typeof(ResultsDropped), "ResultsDropped/1")]
[JsonDerivedType(typeof(ActivityRecalled), "ActivityRecalled/1")]
public abstract record RunEvent(DateTimeOffset At);

/// <summary>A run was accepted: everything it needs to run to its end, whatever changes around it.</summary>
/// <param name="At">When the run was accepted; the run's start as people see it.</param>
/// <param name="RunId">The run's id.</param>
/// <param name="Factory">The factory's name.</param>
/// <param name="Pipeline">The pipeline's name.</param>
/// <param name="Definition">The pipeline's JSON as its author wrote it.</param>
/// <param name="Parameters">Arguments and defaults by parameter name, without those declared SecureString.</param>
/// <param name="SecureParameters">The arguments declared SecureString, protected; null when there are none.</param>
/// <param name="GlobalParameters">The factory's global parameters as they were.</param>
/// <param name="TriggerType"><c>Manual</c>, <c>ScheduleTrigger</c>, <c>PipelineActivity</c> and so on.</param>
/// <param name="TriggerName">The trigger's name.</param>
/// <param name="ParentPipeline">The pipeline whose ExecutePipeline started this run; null otherwise.</param>
/// <param name="ParentRunId">The run of that pipeline; null otherwise.</param>
/// <param name="Depth">0 for a run that no pipeline started, one more for each ExecutePipeline on the way.</param>
/// <param name="Behavior">The <see cref="Runs.EngineBehavior"/> that decides this run to its end.</param>
public sealed record RunCreated(
    DateTimeOffset At,
    RunId RunId,
    string Factory,
    string Pipeline,
    JournalValue Definition,
    JournalValue Parameters,
    JournalValue? SecureParameters,
    JournalValue GlobalParameters,
    string TriggerType,
    string TriggerName,
    string? ParentPipeline,
    RunId? ParentRunId,
    int Depth,
    int Behavior) : RunEvent(At)
{
    /// <summary>The first run of the group that reruns make; null for a run that repeats none.</summary>
    public RunId? GroupId { get; init; }

    /// <summary>What <c>pipeline().TriggerId</c> shows: the trigger run's id; null for a run that no trigger started, which shows its own.</summary>
    public string? TriggerId { get; init; }

    /// <summary>The run that this one repeats, and from where; null for a run that repeats none.</summary>
    public RunRepetition? Repeats { get; init; }
}

/// <summary>What a run repeats. Which results it keeps follows in events of their own.</summary>
/// <param name="Reference">The run that is repeated.</param>
/// <param name="FromActivity">The activity that runs whatever its conditions say of the results kept; null for none.</param>
/// <param name="FromFailure">Whether it begins at what failed.</param>
public sealed record RunRepetition(RunId Reference, string? FromActivity = null, bool FromFailure = false);

/// <summary>The run left the queue.</summary>
public sealed record RunStarted(DateTimeOffset At) : RunEvent(At);

/// <summary>Somebody asked the run to stop; nothing new starts from here on.</summary>
/// <param name="At">When.</param>
/// <param name="Recursive">Whether the runs that it started stop as well.</param>
public sealed record RunCancelRequested(DateTimeOffset At, bool Recursive) : RunEvent(At);

/// <summary>The run ended well. The last event of its journal.</summary>
public sealed record RunSucceeded(DateTimeOffset At) : RunEvent(At);

/// <summary>The run ended badly. The last event of its journal.</summary>
public sealed record RunFailed(DateTimeOffset At, Failure Failure) : RunEvent(At);

/// <summary>The run stopped on request. The last event of its journal.</summary>
public sealed record RunCanceled(DateTimeOffset At) : RunEvent(At);

/// <summary>An attempt is about to be handed to an executor, or a control activity began.</summary>
/// <param name="At">When; an attempt's timeout counts from here, on whichever host it runs.</param>
/// <param name="Activity">The activity's path.</param>
/// <param name="Attempt">From 1.</param>
/// <param name="Input">The resolved input (<see cref="Dispatch.ResolvedInput"/>); null on a retry, which reuses the first.</param>
/// <param name="Timeout">Per attempt; null for an activity that has none.</param>
/// <param name="MaxAttempts">Attempts in all.</param>
public sealed record ActivityStarted(
    DateTimeOffset At,
    string Activity,
    int Attempt,
    JournalValue? Input = null,
    TimeSpan? Timeout = null,
    int MaxAttempts = 1) : RunEvent(At);

/// <summary>An activity ended well.</summary>
/// <param name="At">When.</param>
/// <param name="Activity">The activity's path.</param>
/// <param name="Output">What <c>activity('A').output</c> shows; null for an empty object.</param>
public sealed record ActivitySucceeded(DateTimeOffset At, string Activity, JournalValue? Output = null) : RunEvent(At);

/// <summary>An attempt ended badly; whether there is another follows in an event of its own.</summary>
public sealed record AttemptFailed(
    DateTimeOffset At, string Activity, int Attempt, Failure Failure, JournalValue? Output = null) : RunEvent(At);

/// <summary>A failed attempt is tried again at <paramref name="DueAt"/>.</summary>
/// <param name="At">When this was decided.</param>
/// <param name="Activity">The activity's path.</param>
/// <param name="Attempt">The number of the coming attempt.</param>
/// <param name="DueAt">Not before this.</param>
public sealed record RetryScheduled(DateTimeOffset At, string Activity, int Attempt, DateTimeOffset DueAt) : RunEvent(At);

/// <summary>An activity ended badly for good: its attempts used up, its input not resolvable, or an inner one failed.</summary>
/// <param name="At">When.</param>
/// <param name="Activity">The activity's path.</param>
/// <param name="Failure">What <c>activity('A').error</c> shows.</param>
/// <param name="Output">What <c>activity('A').output</c> shows even so; null for none.</param>
public sealed record ActivityFailed(
    DateTimeOffset At, string Activity, Failure Failure, JournalValue? Output = null) : RunEvent(At);

/// <summary>An activity in progress stopped because its run or its loop stops.</summary>
public sealed record ActivityCanceled(DateTimeOffset At, string Activity) : RunEvent(At);

/// <summary>An activity never runs, since its conditions did not hold.</summary>
public sealed record ActivitySkipped(DateTimeOffset At, string Activity) : RunEvent(At);

/// <summary>An activity was passed over, being inactive.</summary>
public sealed record ActivityMarkedInactive(DateTimeOffset At, string Activity) : RunEvent(At);

/// <summary>An executor saved how far its attempt is.</summary>
public sealed record CheckpointSaved(
    DateTimeOffset At, string Activity, int Attempt, JournalValue Checkpoint) : RunEvent(At);

/// <summary>A Wait began; it ends at <paramref name="DueAt"/>, restarts or not.</summary>
public sealed record WaitStarted(DateTimeOffset At, string Activity, DateTimeOffset DueAt) : RunEvent(At);

/// <summary>The time came that the activity waited for: of its Wait, its retry, or its Until's deadline.</summary>
public sealed record TimerFired(DateTimeOffset At, string Activity) : RunEvent(At);

/// <summary>An IfCondition or Switch evaluated its condition.</summary>
/// <param name="At">When.</param>
/// <param name="Activity">The container's path.</param>
/// <param name="Branch">The branch's name (<see cref="Definitions.ActivityBranch"/>); null when none is there to run.</param>
public sealed record BranchChosen(DateTimeOffset At, string Activity, string? Branch) : RunEvent(At);

/// <summary>A ForEach or Until began.</summary>
/// <param name="At">When.</param>
/// <param name="Activity">The loop's path.</param>
/// <param name="Items">The items of a ForEach; null for an Until.</param>
/// <param name="Count">How many items; 0 for an Until.</param>
/// <param name="Parallelism">How many iterations may be open at once.</param>
/// <param name="DueAt">An Until's deadline; null for a ForEach.</param>
/// <param name="StopsAtFailure">True for a ForEach that starts nothing more once an iteration has failed; null for any other.</param>
public sealed record LoopStarted(
    DateTimeOffset At,
    string Activity,
    JournalValue? Items,
    int Count,
    int Parallelism,
    DateTimeOffset? DueAt = null,
    bool? StopsAtFailure = null) : RunEvent(At);

/// <summary>A loop's iteration began.</summary>
/// <param name="At">When.</param>
/// <param name="Activity">The loop's path.</param>
/// <param name="Index">From 0.</param>
public sealed record IterationStarted(DateTimeOffset At, string Activity, int Index) : RunEvent(At);

/// <summary>Every activity of an iteration ended.</summary>
/// <param name="At">When.</param>
/// <param name="Activity">The loop's path.</param>
/// <param name="Index">From 0.</param>
/// <param name="Failure">The container's failure if the iteration was judged failed; null if it succeeded.</param>
public sealed record IterationEnded(
    DateTimeOffset At, string Activity, int Index, Failure? Failure = null) : RunEvent(At);

/// <summary>An Until evaluated its expression after an iteration.</summary>
public sealed record LoopConditionEvaluated(DateTimeOffset At, string Activity, int Index, bool Result) : RunEvent(At);

/// <summary>A variable was given a value.</summary>
public sealed record VariableSet(DateTimeOffset At, string Activity, string Variable, JournalValue Value) : RunEvent(At);

/// <summary>An element was appended to an Array variable.</summary>
public sealed record VariableAppended(
    DateTimeOffset At, string Activity, string Variable, JournalValue Value) : RunEvent(At);

/// <summary>Return values were set; each key replaces an earlier one of the same name.</summary>
public sealed record ReturnValueSet(DateTimeOffset At, string Activity, JournalValue Value) : RunEvent(At);

/// <summary>A result of the run that this one repeats, to be taken over where its activity would start. Before the run starts.</summary>
/// <param name="At">When.</param>
/// <param name="Activity">The activity's path, the same in both runs.</param>
/// <param name="Attempt">The attempt that it is the result of.</param>
/// <param name="StartedAt">When that attempt started.</param>
/// <param name="EndedAt">When the activity ended.</param>
/// <param name="Input">Its resolved input.</param>
/// <param name="Output">Its output; null for an empty object.</param>
/// <param name="Failure">Why it failed; null when it succeeded.</param>
public sealed record ResultKept(
    DateTimeOffset At,
    string Activity,
    int Attempt,
    DateTimeOffset StartedAt,
    DateTimeOffset EndedAt,
    JournalValue? Input = null,
    JournalValue? Output = null,
    Failure? Failure = null) : RunEvent(At);

/// <summary>The items that a ForEach had in the run that this one repeats: the results kept inside hold for these alone.</summary>
public sealed record ItemsKept(DateTimeOffset At, string Activity, JournalValue Items) : RunEvent(At);

/// <summary>The run that a failed ExecutePipeline had started: it is repeated from its failures instead of started anew.</summary>
public sealed record ChildKept(DateTimeOffset At, string Activity, RunId Child) : RunEvent(At);

/// <summary>A ForEach has other items than in the run that this one repeats: the results kept inside it are void.</summary>
public sealed record ResultsDropped(DateTimeOffset At, string Activity) : RunEvent(At);

/// <summary>An activity ended as it had in the run that this one repeats, without running.</summary>
public sealed record ActivityRecalled(DateTimeOffset At, string Activity) : RunEvent(At);
