using Auspex.Engine.Journal;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

internal sealed partial class RunState
{
    /// <summary>The name of the branch that a loop repeats.</summary>
    internal const string LoopBranch = "activities";

    private static readonly ScopePlan EmptyScope = new([]);

    private void End(ActivityState activity, ActivityStatus status, DateTimeOffset at, Failure? failure, JournalValue? output)
    {
        if (activity.Status == ActivityStatus.InProgress)
        {
            RemoveActive(activity);
        }

        activity.Status = status;
        activity.Phase = AttemptPhase.None;
        activity.EndedAt = at;
        activity.Failure = failure;
        activity.Output = output;
        activity.Checkpoint = null;
        CloseInner(activity);

        var scope = activity.Scope;
        scope.Remaining--;
        foreach (var dependant in activity.Plan.Dependants)
        {
            scope.Activities[dependant].OpenPredecessors--;
            Touch(scope.Activities[dependant]);
        }

        if (scope.Owner is { } owner)
        {
            if (scope.Remaining == 0)
            {
                owner.Loop?.Finished.Enqueue(scope);
            }

            Touch(owner);
        }
    }

    private void CloseInner(ActivityState activity)
    {
        if (activity.Loop is { } loop)
        {
            foreach (var scope in loop.Open)
            {
                _openScopes.Remove(scope.Path);
            }

            loop.Open.Clear();
            loop.Finished.Clear();
        }
        else if (activity.Inner is { } branch)
        {
            _openScopes.Remove(branch.Path);
        }
    }

    private void SetTimer(ActivityState activity, DateTimeOffset dueAt)
    {
        activity.DueAt = dueAt;
        activity.TimerFired = false;
        _timers.Enqueue(activity, dueAt);

        // In a run that stops already, whatever waits is let go at once.
        Touch(activity);
    }

    private void AddActive(ActivityState activity)
    {
        activity.PreviousActive = _lastActive;
        if (_lastActive is null)
        {
            _firstActive = activity;
        }
        else
        {
            _lastActive.NextActive = activity;
        }

        _lastActive = activity;
        if (activity.Scope.Owner is { } owner)
        {
            owner.ActiveInner++;
        }
    }

    private void RemoveActive(ActivityState activity)
    {
        if (activity.PreviousActive is null)
        {
            _firstActive = activity.NextActive;
        }
        else
        {
            activity.PreviousActive.NextActive = activity.NextActive;
        }

        if (activity.NextActive is null)
        {
            _lastActive = activity.PreviousActive;
        }
        else
        {
            activity.NextActive.PreviousActive = activity.PreviousActive;
        }

        activity.PreviousActive = null;
        activity.NextActive = null;
        if (activity.Scope.Owner is { } owner)
        {
            owner.ActiveInner--;
        }
    }

    private void TouchActive()
    {
        foreach (var activity in Active)
        {
            Touch(activity);
        }
    }

    private ActivityState InProgress(string path)
    {
        var activity = Find(path) ?? throw Unknown(path);
        return activity.Status == ActivityStatus.InProgress
            ? activity
            : throw Diverged($"activity '{path}' is {activity.Status}, expected InProgress");
    }

    private ActivityState Pending(string path)
    {
        var activity = Find(path) ?? throw Unknown(path);
        return activity.Status == ActivityStatus.Pending
            ? activity
            : throw Diverged($"activity '{path}' is {activity.Status}, expected one that has not started");
    }

    private ActivityState InFlight(string path, int attempt)
    {
        var activity = InProgress(path);
        return activity.Phase == AttemptPhase.InFlight && activity.Attempt == attempt
            ? activity
            : throw Diverged($"attempt {Text(attempt)} of '{path}' is not in flight");
    }

    private LoopState Loop(ActivityState activity) =>
        activity.Loop ?? throw Diverged($"activity '{activity.Path}' is not a loop that has begun");

    private VariableState Variable(string name) =>
        Variables.GetValueOrDefault(name) ?? throw Diverged($"the pipeline declares no variable '{name}'");

    private JournalDivergenceException Unknown(string path) =>
        Diverged($"found activity '{path}', which is in no open scope of the run");

    private JournalDivergenceException Diverged(string reason) => new(Id, Sequence, reason);
}
