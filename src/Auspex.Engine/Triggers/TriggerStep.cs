namespace Auspex.Engine.Triggers;

/// <summary>What a look at a trigger led to: what to write, what to start once that is written, and when to look again.</summary>
internal sealed class TriggerStep(TriggerState state)
{
    private readonly TriggerState _read = state;
    private readonly Dictionary<string, StoredTriggerRun> _changed = new(StringComparer.Ordinal);
    private readonly List<StoredTriggerRun> _new = [];

    /// <summary>The state from here on.</summary>
    public TriggerState State { get; set; } = state;

    /// <summary>Runs that are or become <see cref="TriggerRunStatus.Running"/> and whose pipelines must be started now.</summary>
    public List<StoredTriggerRun> ToStart { get; } = [];

    /// <summary>Runs of pipelines whose end is waited for.</summary>
    public List<RunId> Awaited { get; } = [];

    /// <summary>Runs of pipelines that must be asked to stop.</summary>
    public List<RunId> ToCancel { get; } = [];

    /// <summary>When to look again though nothing happened; null when only events matter.</summary>
    public DateTimeOffset? Next { get; private set; }

    /// <summary>Whether windows wait for those of others.</summary>
    public bool WaitsForOthers { get; set; }

    /// <summary>Whether a window ended, which others may wait for.</summary>
    public bool EndsWindow { get; private set; }

    /// <summary>Why nothing happens though the trigger is started; null when nothing is wrong.</summary>
    public string? Problem { get; set; }

    public bool HasChanges => _new.Count > 0 || _changed.Count > 0 || !State.Equals(_read);

    public void Add(StoredTriggerRun run) => _new.Add(run);

    public void Change(StoredTriggerRun run, DateTimeOffset now)
    {
        run = run with { Run = run.Run with { Updated = now, End = run.Run.HasEnded ? now : null } };
        EndsWindow |= run.Run is { HasEnded: true, WindowStart: not null };
        var added = _new.FindIndex(present => present.Run.Id == run.Run.Id);
        if (added >= 0)
        {
            _new[added] = run;
        }
        else
        {
            _changed[run.Run.Id] = run;
        }
    }

    public void LookAgain(DateTimeOffset? at)
    {
        if (at is not null && (Next is null || at < Next))
        {
            Next = at;
        }
    }

    /// <summary>Takes over what a following step found.</summary>
    public void Join(TriggerStep next)
    {
        LookAgain(next.Next);
        EndsWindow |= next.EndsWindow;
    }

    public TriggerChange ToChange() => new() { State = State, NewRuns = [.. _new], ChangedRuns = [.. _changed.Values] };
}
