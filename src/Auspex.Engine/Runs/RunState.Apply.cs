using System.Globalization;
using Auspex.Engine.Journal;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

internal sealed partial class RunState
{
    /// <summary>Folds one event in.</summary>
    /// <exception cref="JournalDivergenceException">The event does not fit; the state is unusable from here on.</exception>
    public void Apply(RunEvent runEvent)
    {
        Sequence++;
        if (HasEnded)
        {
            throw Diverged($"found {runEvent.GetType().Name} after the run's end, expected nothing");
        }

        switch (runEvent)
        {
            case RunStarted:
                ApplyRunStarted();
                break;
            case RunCancelRequested e:
                ApplyCancel(e);
                break;
            case RunSucceeded e:
                EndRun(RunStatus.Succeeded, e.At, null);
                break;
            case RunFailed e:
                EndRun(RunStatus.Failed, e.At, e.Failure);
                break;
            case RunCanceled e:
                EndRun(RunStatus.Canceled, e.At, null);
                break;
            case ActivityStarted e:
                ApplyStarted(e);
                break;
            case ActivitySucceeded e:
                End(InProgress(e.Activity), ActivityStatus.Succeeded, e.At, null, e.Output);
                break;
            case AttemptFailed e:
                ApplyAttemptFailed(e);
                break;
            case RetryScheduled e:
                ApplyRetryScheduled(e);
                break;
            case ActivityFailed e:
                ApplyFailed(e);
                break;
            case ActivityCanceled e:
                End(InProgress(e.Activity), ActivityStatus.Canceled, e.At, null, null);
                break;
            case ActivitySkipped e:
                End(Pending(e.Activity), ActivityStatus.Skipped, e.At, null, null);
                break;
            case ActivityMarkedInactive e:
                End(Pending(e.Activity), ActivityStatus.Inactive, e.At, null, null);
                break;
            case CheckpointSaved e:
                InFlight(e.Activity, e.Attempt).Checkpoint = e.Checkpoint;
                break;
            case WaitStarted e:
                SetTimer(InProgress(e.Activity), e.DueAt);
                break;
            case TimerFired e:
                ApplyTimerFired(e);
                break;
            case BranchChosen e:
                ApplyBranchChosen(e);
                break;
            case LoopStarted e:
                ApplyLoopStarted(e);
                break;
            case IterationStarted e:
                ApplyIterationStarted(e);
                break;
            case IterationEnded e:
                ApplyIterationEnded(e);
                break;
            case LoopConditionEvaluated e:
                ApplyConditionEvaluated(e);
                break;
            case VariableSet e:
                Variable(e.Variable).Set(e.Value);
                break;
            case VariableAppended e:
                Variable(e.Variable).Append(e.Value);
                break;
            case ReturnValueSet e:
                _returnValues.Add(e.Value);
                break;
            case ResultKept or ItemsKept or ChildKept:
                (Kept ??= new KeptResults()).Add(runEvent);
                break;
            case ResultsDropped e:
                Kept?.DropBelow(e.Activity);
                break;
            case ActivityRecalled e:
                ApplyRecalled(e);
                break;
            default:
                throw Diverged($"found {runEvent.GetType().Name}, which may only be the first event");
        }
    }

    private void ApplyRunStarted()
    {
        Status = Status == RunStatus.Queued ? RunStatus.InProgress : throw Diverged($"found RunStarted in a run that is {Status}");
        foreach (var activity in Root.Activities)
        {
            Touch(activity);
        }
    }

    private void ApplyCancel(RunCancelRequested e)
    {
        CancelRequested = true;
        CancelIsRecursive |= e.Recursive;
        Status = RunStatus.Canceling;
        TouchActive();
    }

    private void EndRun(RunStatus status, DateTimeOffset at, Failure? failure)
    {
        Status = status;
        EndedAt = at;
        Failure = failure;
    }

    private void ApplyStarted(ActivityStarted e)
    {
        var activity = Find(e.Activity) ?? throw Unknown(e.Activity);
        if (activity.Status == ActivityStatus.Pending)
        {
            activity.Status = ActivityStatus.InProgress;
            activity.StartedAt = e.At;
            activity.Input = e.Input;
            activity.Timeout = e.Timeout;
            activity.MaxAttempts = e.MaxAttempts;
            AddActive(activity);
        }
        else if (activity.Phase != AttemptPhase.WaitingForRetry || e.Attempt != activity.Attempt + 1)
        {
            throw Diverged($"found the start of attempt {Text(e.Attempt)} of '{e.Activity}', which is {activity.Status} in attempt {Text(activity.Attempt)}");
        }

        activity.Attempt = e.Attempt;
        activity.Checkpoint = null;
        activity.DueAt = null;
        activity.TimerFired = false;
        if (activity.Plan.Kind == ActivityKind.Work)
        {
            activity.Phase = AttemptPhase.InFlight;
            activity.StartedAt = e.At;
        }
    }

    private void ApplyRecalled(ActivityRecalled e)
    {
        var activity = Pending(e.Activity);
        var kept = Kept?.Take(e.Activity) ?? throw Diverged($"found the recall of '{e.Activity}', of which no result was kept");
        activity.StartedAt = kept.StartedAt;
        activity.Attempt = kept.Attempt;
        End(
            activity,
            kept.Failure is null ? ActivityStatus.Succeeded : ActivityStatus.Failed,
            kept.EndedAt,
            kept.Failure,
            kept.Output);
    }

    private void ApplyAttemptFailed(AttemptFailed e)
    {
        var activity = InFlight(e.Activity, e.Attempt);
        activity.Phase = AttemptPhase.Failed;
        activity.Failure = e.Failure;
        activity.Output = e.Output;
        Touch(activity);
    }

    private void ApplyRetryScheduled(RetryScheduled e)
    {
        var activity = InProgress(e.Activity);
        if (activity.Phase != AttemptPhase.Failed)
        {
            throw Diverged($"found a retry of '{e.Activity}', whose attempt has not failed");
        }

        activity.Phase = AttemptPhase.WaitingForRetry;
        SetTimer(activity, e.DueAt);
    }

    private void ApplyFailed(ActivityFailed e)
    {
        // An input that cannot be resolved fails an activity that never started.
        var activity = Find(e.Activity) ?? throw Unknown(e.Activity);
        if (activity.HasEnded)
        {
            throw Diverged($"found the failure of '{e.Activity}', which is {activity.Status} already");
        }

        activity.StartedAt ??= e.At;
        End(activity, ActivityStatus.Failed, e.At, e.Failure, e.Output);
    }

    private void ApplyTimerFired(TimerFired e)
    {
        var activity = InProgress(e.Activity);
        if (activity.DueAt is null || activity.TimerFired)
        {
            throw Diverged($"found a timer of '{e.Activity}', which waits for none");
        }

        activity.TimerFired = true;
        if (activity.StopsInner)
        {
            TouchActive();
        }

        Touch(activity);
    }

    private void ApplyBranchChosen(BranchChosen e)
    {
        var activity = InProgress(e.Activity);
        activity.BranchChosen = true;
        if (e.Branch is not null)
        {
            var plan = activity.Plan.FindBranch(e.Branch)
                ?? throw Diverged($"found branch '{e.Branch}' of '{e.Activity}', which its definition does not have");
            activity.Inner = Open(new ScopeState(plan, activity.Path, activity, index: -1));
        }

        Touch(activity);
    }

    private void ApplyLoopStarted(LoopStarted e)
    {
        var activity = InProgress(e.Activity);
        activity.Loop = new LoopState(e.Items, e.Count, e.Parallelism, e.StopsAtFailure == true);
        if (e.DueAt is { } dueAt)
        {
            SetTimer(activity, dueAt);
        }

        Touch(activity);
    }

    private void ApplyIterationStarted(IterationStarted e)
    {
        var activity = InProgress(e.Activity);
        var loop = Loop(activity);
        if (e.Index != loop.Next)
        {
            throw Diverged($"found iteration {Text(e.Index)} of '{e.Activity}', expected {Text(loop.Next)}");
        }

        loop.Next++;
        var plan = activity.Plan.FindBranch(LoopBranch) ?? EmptyScope;
        var scope = new ScopeState(plan, ActivityPath.Iteration(activity.Path, e.Index), activity, e.Index);
        loop.Open.Add(scope);
        if (activity.Plan.Kind == ActivityKind.Until)
        {
            activity.Inner = scope;
        }

        Open(scope);
        if (scope.Remaining == 0)
        {
            loop.Finished.Enqueue(scope);
        }

        Touch(activity);
    }

    private void ApplyIterationEnded(IterationEnded e)
    {
        var activity = InProgress(e.Activity);
        var loop = Loop(activity);
        if (!loop.Finished.TryDequeue(out var scope) || scope.Index != e.Index)
        {
            throw Diverged($"found the end of iteration {Text(e.Index)} of '{e.Activity}', whose activities have not ended");
        }

        loop.Open.Remove(scope);
        _openScopes.Remove(scope.Path);
        if (activity.Plan.Kind == ActivityKind.Until)
        {
            loop.AwaitsCondition = true;
            loop.Failure = e.Failure;
        }
        else if (e.Failure is not null && e.Index < loop.FailureIndex)
        {
            loop.Failure = e.Failure;
            loop.FailureIndex = e.Index;
        }

        Touch(activity);
    }

    private void ApplyConditionEvaluated(LoopConditionEvaluated e)
    {
        var activity = InProgress(e.Activity);
        var loop = Loop(activity);
        loop.AwaitsCondition = false;
        loop.ConditionHolds = e.Result;
        Touch(activity);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
