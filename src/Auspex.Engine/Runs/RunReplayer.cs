using Auspex.Engine.Journal;

namespace Auspex.Engine.Runs;

/// <summary>Checks a journal against the decider: each decision in it must be one that the decider takes at that point.</summary>
/// <remarks>
/// Nothing is evaluated and nothing is executed. Results, timers and requests from outside need no decision; whether
/// they fit is checked by the fold.
/// </remarks>
internal static class RunReplayer
{
    /// <summary>Checks an event against the state before it, and folds it in.</summary>
    /// <exception cref="JournalDivergenceException">The decider would not have decided so.</exception>
    public static void Step(RunState state, RunEvent runEvent)
    {
        if (!Fits(state, runEvent))
        {
            throw new JournalDivergenceException(
                state.Id, state.Sequence + 1, $"found {runEvent.GetType().Name}, expected {Expected(state, runEvent)}");
        }

        state.Apply(runEvent);
    }

    /// <summary>Checks that a run that has ended has nothing left to decide.</summary>
    /// <exception cref="JournalDivergenceException">There is something left.</exception>
    public static void CheckEnd(RunState state)
    {
        if (state.HasEnded && state.HasActive)
        {
            throw new JournalDivergenceException(
                state.Id, state.Sequence, $"the run has ended while '{state.Active.First().Path}' is in progress");
        }
    }

    private static bool Fits(RunState state, RunEvent runEvent) => runEvent switch
    {
        RunSucceeded => RunDecider.DecideRun(state) is SucceedRun,
        RunFailed failed => RunDecider.DecideRun(state) is FailRun command && command.Failure == failed.Failure,
        RunCanceled => RunDecider.DecideRun(state) is CancelRun,
        ActivityStarted e => Decides(state, e.Activity, command => e.Attempt == 1 ? command is StartActivity : command is StartRetry),
        RetryScheduled e => Decides(state, e.Activity, command => command is ScheduleRetry),
        ActivitySkipped e => Decides(state, e.Activity, command => command is SkipActivity),
        ActivityMarkedInactive e => Decides(state, e.Activity, command => command is MarkActivityInactive),
        ActivityRecalled e => Decides(state, e.Activity, command => command is RecallActivity),
        ResultKept or ItemsKept or ChildKept => state.Status == RunStatus.Queued,
        IterationStarted e => Decides(state, e.Activity, command => command is StartIteration start && start.Index == e.Index),
        IterationEnded e => Decides(
            state, e.Activity, command => command is EndIteration end && end.Index == e.Index && end.Failure == e.Failure),
        LoopConditionEvaluated e => Decides(
            state, e.Activity, command => command is EvaluateLoopCondition evaluate && evaluate.Index == e.Index),
        ActivitySucceeded e => IsOwnResult(state, e.Activity) || Decides(state, e.Activity, command => command is SucceedActivity),
        ActivityCanceled e => IsOwnResult(state, e.Activity) || Decides(state, e.Activity, command => command is CancelActivity),

        // An expression that failed ends an activity that the decider wanted to start or to go on.
        ActivityFailed e => IsOwnResult(state, e.Activity) || Decides(state, e.Activity, command => command switch
        {
            FailActivity fail => fail.Failure == e.Failure,
            StartActivity or EvaluateLoopCondition => true,
            _ => false,
        }),
        _ => true,
    };

    private static bool Decides(RunState state, string path, Func<RunCommand, bool> expected) =>
        state.Find(path) is { } activity && state.IsDecisionDue(activity)
        && RunDecider.DecideActivity(state, activity).Any(expected);

    /// <summary>Whether the activity ends by what an executor or its own beginning gave, without a decision.</summary>
    private static bool IsOwnResult(RunState state, string path) =>
        state.Find(path) is { Status: ActivityStatus.InProgress } activity
        && (activity.Phase == AttemptPhase.InFlight || !HasBegun(activity));

    private static bool HasBegun(ActivityState activity) => activity.Plan.Kind switch
    {
        ActivityKind.Work => true,
        ActivityKind.Wait => activity.DueAt is not null,
        ActivityKind.Branch => activity.BranchChosen,
        ActivityKind.ForEach or ActivityKind.Until => activity.Loop is not null,
        _ => false,
    };

    private static string Expected(RunState state, RunEvent runEvent)
    {
        var path = runEvent switch
        {
            ActivityStarted e => e.Activity,
            ActivitySucceeded e => e.Activity,
            ActivityFailed e => e.Activity,
            ActivityCanceled e => e.Activity,
            ActivitySkipped e => e.Activity,
            ActivityMarkedInactive e => e.Activity,
            ActivityRecalled e => e.Activity,
            RetryScheduled e => e.Activity,
            IterationStarted e => e.Activity,
            IterationEnded e => e.Activity,
            LoopConditionEvaluated e => e.Activity,
            _ => null,
        };
        var commands = path is not null && state.Find(path) is { } activity && state.IsDecisionDue(activity)
            ? RunDecider.DecideActivity(state, activity)
            : path is null && RunDecider.DecideRun(state) is { } command ? [command] : [];
        var names = string.Join(" or ", commands.Select(command => command.GetType().Name).Distinct());
        return (names.Length > 0 ? names : "no decision") + (path is null ? string.Empty : $" for '{path}'");
    }
}
