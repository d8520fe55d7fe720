using Auspex.Engine.Journal;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>What a run that has ended left of each activity, iterations included: what a run that repeats it may take over.</summary>
/// <remarks>A fold of its own: <see cref="RunState"/> lets iterations go when they end, and those are the ones of interest here.</remarks>
internal sealed class RecordedRun(RunCreated created, PipelinePlan plan)
{
    private readonly Dictionary<string, RecordedActivity> _activities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResultKept> _kept = new(StringComparer.Ordinal);

    public RunCreated Created { get; } = created;

    public PipelinePlan Plan { get; } = plan;

    public bool Succeeded { get; private set; }

    /// <summary>The activity at a path; null when it never was in progress.</summary>
    public RecordedActivity? Find(string path) => _activities.GetValueOrDefault(path);

    public void Apply(RunEvent runEvent)
    {
        switch (runEvent)
        {
            case RunSucceeded:
                Succeeded = true;
                break;
            case ActivityStarted e:
                var activity = Of(e.Activity);
                activity.Attempt = e.Attempt;
                activity.StartedAt = e.At;
                activity.Input = e.Input ?? activity.Input;
                break;
            case ActivitySucceeded e:
                Of(e.Activity).End(ActivityStatus.Succeeded, e.At, e.Output, null);
                break;
            case ActivityFailed e:
                Of(e.Activity).End(ActivityStatus.Failed, e.At, e.Output, e.Failure);
                break;
            case ActivityCanceled e:
                Of(e.Activity).End(ActivityStatus.Canceled, e.At, null, null);
                break;
            case BranchChosen e:
                Of(e.Activity).Branch = e.Branch;
                break;
            case LoopStarted e:
                Of(e.Activity).Items = e.Items;
                break;
            case IterationStarted e:
                // Unfinished until it is known to have ended well.
                Of(e.Activity).Iterations.Add(false);
                break;
            case IterationEnded { Failure: null } e:
                Of(e.Activity).Iterations[e.Index] = true;
                break;
            case ResultKept e:
                _kept[e.Activity] = e;
                break;
            case ActivityRecalled e when _kept.TryGetValue(e.Activity, out var kept):
                var recalled = Of(e.Activity);
                recalled.Attempt = kept.Attempt;
                recalled.StartedAt = kept.StartedAt;
                recalled.Input = kept.Input;
                recalled.End(
                    kept.Failure is null ? ActivityStatus.Succeeded : ActivityStatus.Failed, kept.EndedAt, kept.Output, kept.Failure);
                break;
        }
    }

    private RecordedActivity Of(string path)
    {
        if (!_activities.TryGetValue(path, out var activity))
        {
            _activities.Add(path, activity = new RecordedActivity());
        }

        return activity;
    }
}

/// <summary>An activity of a run that has ended.</summary>
internal sealed class RecordedActivity
{
    public ActivityStatus Status { get; private set; } = ActivityStatus.InProgress;

    public int Attempt { get; set; }

    public DateTimeOffset? StartedAt { get; set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public JournalValue? Input { get; set; }

    public JournalValue? Output { get; private set; }

    public Failure? Failure { get; private set; }

    /// <summary>The branch that ran; null for none.</summary>
    public string? Branch { get; set; }

    /// <summary>The items of a ForEach.</summary>
    public JournalValue? Items { get; set; }

    /// <summary>The iterations that began; true for those that ended well.</summary>
    public List<bool> Iterations { get; } = [];

    public bool HasFailed => Status is ActivityStatus.Failed or ActivityStatus.Canceled;

    public void End(ActivityStatus status, DateTimeOffset at, JournalValue? output, Failure? failure)
    {
        Status = status;
        EndedAt = at;
        Output = output;
        Failure = failure;
    }
}
