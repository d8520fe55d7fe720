using System.Text.Json.Nodes;
using Auspex.Engine.Journal;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>Where the attempts of an activity in progress stand.</summary>
internal enum AttemptPhase
{
    /// <summary>There is none: a control activity.</summary>
    None,

    /// <summary>Handed to an executor, or to be handed out again after a restart.</summary>
    InFlight,

    /// <summary>Ended badly; what follows is not decided yet.</summary>
    Failed,

    /// <summary>Waits for the time of the next one.</summary>
    WaitingForRetry,
}

/// <summary>An activity in one scope of one run. Changed by <see cref="RunState"/> alone.</summary>
internal sealed class ActivityState(ScopeState scope, ActivityPlan plan)
{
    private string? _path;
    private JsonObject? _expressionObject;

    public ScopeState Scope { get; } = scope;

    public ActivityPlan Plan { get; } = plan;

    public string Name => Plan.Definition.Name;

    public string Path => _path ??= ActivityPath.Combine(Scope.Path, Name);

    public ActivityStatus Status { get; set; }

    /// <summary>Predecessors that have not ended yet.</summary>
    public int OpenPredecessors { get; set; } = plan.Predecessors.Length;

    public AttemptPhase Phase { get; set; }

    public int Attempt { get; set; }

    public int MaxAttempts { get; set; } = 1;

    public TimeSpan? Timeout { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public JournalValue? Input { get; set; }

    public JournalValue? Output { get; set; }

    /// <summary>What the present attempt saved last.</summary>
    public JournalValue? Checkpoint { get; set; }

    public Failure? Failure { get; set; }

    /// <summary>When the Wait, the retry or the Until's deadline is due; null when nothing is waited for.</summary>
    public DateTimeOffset? DueAt { get; set; }

    public bool TimerFired { get; set; }

    /// <summary>Whether a container's branch was chosen.</summary>
    public bool BranchChosen { get; set; }

    /// <summary>The branch that runs or ran; an Until's latest iteration. Null for ForEach, whose iterations are let go.</summary>
    public ScopeState? Inner { get; set; }

    public LoopState? Loop { get; set; }

    /// <summary>Activities in progress in the scopes that this container opened.</summary>
    public int ActiveInner { get; set; }

    /// <summary>Whether it waits in the run's queue of decisions.</summary>
    public bool IsQueued { get; set; }

    /// <summary>Neighbours in the run's list of activities in progress.</summary>
    public ActivityState? PreviousActive { get; set; }

    public ActivityState? NextActive { get; set; }

    public bool HasEnded => Status is not (ActivityStatus.Pending or ActivityStatus.InProgress);

    /// <summary>An Until whose deadline passed: what is in it stops.</summary>
    public bool StopsInner => Plan.Kind == ActivityKind.Until && TimerFired;

    /// <summary>The status that dependants and the final judgement see.</summary>
    public ActivityStatus EffectiveStatus => Status == ActivityStatus.Inactive
        ? Plan.Definition.OnInactiveMarkAs switch
        {
            Definitions.InactiveMark.Failed => ActivityStatus.Failed,
            Definitions.InactiveMark.Skipped => ActivityStatus.Skipped,
            _ => ActivityStatus.Succeeded,
        }
        : Status;

    /// <summary>What <c>activity('A')</c> shows once the activity has ended. Its output must be loaded.</summary>
    public JsonObject ToExpressionObject(RunState run) => _expressionObject ??= ActivityView.Create(run, this);
}

/// <summary>The progress of a ForEach or Until.</summary>
internal sealed class LoopState(JournalValue? items, int count, int parallelism, bool stopsAtFailure)
{
    private JsonArray? _parsedItems;

    /// <summary>The items of a ForEach; null for an Until.</summary>
    public JournalValue? Items { get; } = items;

    public int Count { get; } = count;

    public bool StopsAtFailure { get; } = stopsAtFailure;

    /// <summary>Whether another iteration is to begin once there is room for it.</summary>
    public bool HasNext => Next < Count && !(StopsAtFailure && Failure is not null);

    public int Parallelism { get; } = parallelism;

    /// <summary>The index of the iteration that starts next.</summary>
    public int Next { get; set; }

    /// <summary>Iterations that started and whose end is not journaled.</summary>
    public HashSet<ScopeState> Open { get; } = [];

    /// <summary>Iterations whose activities have all ended and whose end is not journaled.</summary>
    public Queue<ScopeState> Finished { get; } = new();

    /// <summary>The failure of the failed iteration with the lowest index; of an Until's latest iteration.</summary>
    public Failure? Failure { get; set; }

    public int FailureIndex { get; set; } = int.MaxValue;

    /// <summary>An Until's iteration ended and its expression is not evaluated yet.</summary>
    public bool AwaitsCondition { get; set; }

    public bool ConditionHolds { get; set; }

    /// <summary>The item of an iteration. <see cref="Items"/> must be loaded.</summary>
    public JsonNode? ItemAt(int index) => (_parsedItems ??= (JsonArray)Items!.Parse()!)[index];
}
