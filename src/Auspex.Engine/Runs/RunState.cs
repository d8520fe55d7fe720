using System.Text.Json.Nodes;
using Auspex.Engine.Journal;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>The fold of a run's events: what the decider looks at.</summary>
/// <remarks>
/// One owner at a time; not thread-safe. It changes by <see cref="Apply"/> only, in place, so that an event costs what
/// it touches and not what the run has become. Two folds of the same events are equal, down to the order in which
/// decisions are due.
/// </remarks>
internal sealed partial class RunState
{
    private readonly Dictionary<string, ScopeState> _openScopes = new(StringComparer.Ordinal);
    private readonly Queue<ActivityState> _decisions = new();
    private readonly PriorityQueue<ActivityState, DateTimeOffset> _timers = new();
    private readonly List<JournalValue> _returnValues = [];
    private ActivityState? _firstActive;
    private ActivityState? _lastActive;

    /// <param name="created">The run's first event.</param>
    /// <param name="plan">The plan of the definition in that event.</param>
    public RunState(RunCreated created, PipelinePlan plan)
    {
        Created = created;
        Plan = plan;
        Sequence = 1;
        Variables = plan.Definition.Variables
            .GroupBy(variable => variable.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                group => group.Key, group => new VariableState(group.First()), StringComparer.OrdinalIgnoreCase);
        Root = Open(new ScopeState(plan.Root, ActivityPath.Root, owner: null, index: -1));
    }

    public RunCreated Created { get; }

    public RunId Id => Created.RunId;

    public PipelinePlan Plan { get; }

    /// <summary>The number of the last event folded in.</summary>
    public long Sequence { get; private set; }

    public RunStatus Status { get; private set; } = RunStatus.Queued;

    public bool CancelRequested { get; private set; }

    /// <summary>Whether the cancel reaches the runs that this one started.</summary>
    public bool CancelIsRecursive { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public Failure? Failure { get; private set; }

    public ScopeState Root { get; }

    public Dictionary<string, VariableState> Variables { get; }

    public bool HasEnded => Status is RunStatus.Succeeded or RunStatus.Failed or RunStatus.Canceled;

    /// <summary>Activities in progress, containers included, in the order of their start.</summary>
    public IEnumerable<ActivityState> Active
    {
        get
        {
            for (var activity = _firstActive; activity is not null; activity = activity.NextActive)
            {
                yield return activity;
            }
        }
    }

    public bool HasActive => _firstActive is not null;

    /// <summary>What is taken over from the run that this one repeats, as far as it has not been; null when there is none.</summary>
    public KeptResults? Kept { get; private set; }

    public bool HasReturnValue => _returnValues.Count > 0;

    public bool ReturnValueIsSecret => _returnValues.Exists(value => value.IsProtected);

    /// <summary>The values that expressions may read from here on; after a restart they must be loaded first.</summary>
    public IEnumerable<JournalValue> ReadableValues()
    {
        foreach (var variable in Variables.Values)
        {
            foreach (var value in variable.Values)
            {
                yield return value;
            }
        }

        foreach (var value in _returnValues)
        {
            yield return value;
        }

        foreach (var value in Kept?.Values ?? [])
        {
            yield return value;
        }

        foreach (var activity in Reachable(Root))
        {
            foreach (var value in new[] { activity.Output, activity.HasEnded ? null : activity.Input, activity.Checkpoint, activity.Loop?.Items })
            {
                if (value is not null)
                {
                    yield return value;
                }
            }
        }
    }

    /// <summary>The return values as one object; null when none was set. The values must be loaded.</summary>
    public JsonObject? ReturnValue()
    {
        if (!HasReturnValue)
        {
            return null;
        }

        var merged = new JsonObject();
        foreach (var (name, value) in _returnValues.SelectMany(part => part.ParseObject()!))
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }

    /// <summary>An activity in an open scope; null when there is none of that path.</summary>
    public ActivityState? Find(string path)
    {
        var (scopePath, name) = ActivityPath.Split(path);
        return _openScopes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(scopePath.Span, out var scope)
            && scope.Plan.IndexOf(name.Span) is >= 0 and var index
                ? scope.Activities[index]
                : null;
    }

    /// <summary>Whether the run repeats another from this very activity.</summary>
    public bool BeginsAt(ActivityState activity) => Created.Repeats?.FromActivity is { } name
        && name.Equals(activity.Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether whatever is in this scope must stop.</summary>
    public bool IsStopping(ScopeState scope)
    {
        for (var at = scope; at.Owner is { } owner; at = owner.Scope)
        {
            if (owner.StopsInner)
            {
                return true;
            }
        }

        return CancelRequested;
    }

    /// <summary>The activity whose time comes next; null when none waits.</summary>
    public (ActivityState Activity, DateTimeOffset DueAt)? NextTimer()
    {
        while (_timers.TryPeek(out var activity, out var dueAt))
        {
            if (activity.DueAt == dueAt && !activity.TimerFired && activity.Status == ActivityStatus.InProgress)
            {
                return (activity, dueAt);
            }

            _timers.Dequeue();
        }

        return null;
    }

    /// <summary>The activity that a decision is due for and has waited longest; null when there is none.</summary>
    public ActivityState? NextDecision()
    {
        while (_decisions.TryPeek(out var activity))
        {
            if (IsDecisionDue(activity))
            {
                return activity;
            }

            _decisions.Dequeue().IsQueued = false;
        }

        return null;
    }

    /// <summary>Every activity of the scopes that are still of interest, outermost first.</summary>
    public static IEnumerable<ActivityState> Reachable(ScopeState scope)
    {
        foreach (var activity in scope.Activities)
        {
            yield return activity;
            var inner = activity.Loop is { } loop
                ? loop.Open.OrderBy(open => open.Index).Union(activity.Inner is { } last ? [last] : [])
                : activity.Inner is { } branch ? [branch] : Enumerable.Empty<ScopeState>();
            foreach (var below in inner.SelectMany(Reachable))
            {
                yield return below;
            }
        }
    }

    /// <summary>Whether the decider has something to say about an activity.</summary>
    public bool IsDecisionDue(ActivityState activity)
    {
        if (activity.Status == ActivityStatus.Pending)
        {
            return Status == RunStatus.InProgress && activity.OpenPredecessors == 0 && !IsStopping(activity.Scope);
        }

        if (activity.Status != ActivityStatus.InProgress)
        {
            return false;
        }

        var stops = activity.StopsInner || IsStopping(activity.Scope);
        return activity.Plan.Kind switch
        {
            ActivityKind.Work => activity.Phase == AttemptPhase.Failed
                || (activity.Phase == AttemptPhase.WaitingForRetry && (activity.TimerFired || stops)),
            ActivityKind.Wait => activity.TimerFired || (stops && activity.DueAt is not null),
            ActivityKind.Branch when activity.BranchChosen => stops
                ? activity.ActiveInner == 0
                : activity.Inner is not { Remaining: > 0 },
            ActivityKind.ForEach when activity.Loop is { } loop => stops
                ? activity.ActiveInner == 0
                : loop.Finished.Count > 0 || (loop.HasNext ? loop.Open.Count < loop.Parallelism : loop.Open.Count == 0),
            ActivityKind.Until when activity.Loop is { } loop => stops
                ? activity.ActiveInner == 0
                : loop.Finished.Count > 0 || loop.Open.Count == 0,
            _ => false,
        };
    }

    private ScopeState Open(ScopeState scope)
    {
        _openScopes.Add(scope.Path, scope);
        foreach (var activity in scope.Activities)
        {
            Touch(activity);
        }

        return scope;
    }

    /// <summary>Notes that something changed which may have made a decision due.</summary>
    private void Touch(ActivityState activity)
    {
        if (!activity.IsQueued && IsDecisionDue(activity))
        {
            activity.IsQueued = true;
            _decisions.Enqueue(activity);
        }
    }
}
