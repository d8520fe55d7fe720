using System.Collections.Immutable;
using System.Diagnostics;
using Auspex.Definitions;

namespace Auspex.Engine.Runs;

/// <summary>Says what a run does next.</summary>
/// <remarks>
/// Pure: the same state gives the same commands on every host and in every later release
/// (<see cref="EngineBehavior"/>). What it may not compute (time, ids, outputs) reaches it as an event. It looks only
/// where the state says that a decision is due, so a run of 100,000 iterations costs 100,000 times one.
/// </remarks>
internal static class RunDecider
{
    /// <summary>The commands of the decision that has been due longest; empty when the run waits for something.</summary>
    public static ImmutableArray<RunCommand> Decide(RunState state)
    {
        if (state.NextDecision() is { } activity)
        {
            return DecideActivity(state, activity);
        }

        return DecideRun(state) is { } command ? [command] : [];
    }

    /// <summary>The commands about one activity that a decision is due for.</summary>
    public static ImmutableArray<RunCommand> DecideActivity(RunState state, ActivityState activity)
    {
        if (activity.Status == ActivityStatus.Pending)
        {
            return [DecideStart(state, activity)];
        }

        if (activity.Status != ActivityStatus.InProgress)
        {
            return [];
        }

        if (state.IsStopping(activity.Scope))
        {
            // What is stopped from outside has no say of its own any more; an attempt that failed meanwhile still failed.
            return activity.Phase == AttemptPhase.Failed
                ? [new FailActivity(activity, activity.Failure!)]
                : [new CancelActivity(activity)];
        }

        return activity.Plan.Kind switch
        {
            ActivityKind.Work => [DecideAttempt(activity)],
            ActivityKind.Wait => [new SucceedActivity(activity)],
            ActivityKind.Branch => [EndContainer(activity, activity.Inner is { } inner ? ScopeVerdict.Judge(inner) : null)],
            ActivityKind.ForEach => DecideForEach(activity, activity.Loop!),
            ActivityKind.Until => [DecideUntil(activity, activity.Loop!)],
            _ => throw new UnreachableException($"No decision is ever due for '{activity.Path}' ({activity.Plan.Kind})."),
        };
    }

    /// <summary>The command that ends the run; null while it goes on.</summary>
    public static RunCommand? DecideRun(RunState state)
    {
        if (state.HasEnded)
        {
            return null;
        }

        if (state.CancelRequested)
        {
            return state.HasActive ? null : new CancelRun();
        }

        if (state.Status != RunStatus.InProgress || state.Root.Remaining > 0)
        {
            return null;
        }

        return ScopeVerdict.Judge(state.Root) is { } failed ? new FailRun(Failures.OfRun(failed)) : new SucceedRun();
    }

    private static RunCommand DecideStart(RunState state, ActivityState activity)
    {
        var definition = activity.Plan.Definition;
        if (!definition.IsActive)
        {
            // Data Factory neither runs nor validates it, whatever its predecessors did.
            return new MarkActivityInactive(activity);
        }

        if (state.BeginsAt(activity))
        {
            // Whoever repeats a run from here wants it to run, whatever the results before it were.
            return new StartActivity(activity);
        }

        if (!activity.Plan.Dependencies.All(dependency => Holds(activity, dependency)))
        {
            return new SkipActivity(activity);
        }

        return state.Kept?.HasResult(activity.Path) == true ? new RecallActivity(activity) : new StartActivity(activity);
    }

    private static bool Holds(ActivityState activity, DependencyPlan dependency)
    {
        var status = activity.Scope.Activities[dependency.Predecessor].EffectiveStatus;
        foreach (var condition in dependency.Conditions)
        {
            var holds = condition switch
            {
                DependencyCondition.Succeeded => status == ActivityStatus.Succeeded,
                DependencyCondition.Failed => status is ActivityStatus.Failed or ActivityStatus.Canceled,
                DependencyCondition.Skipped => status == ActivityStatus.Skipped,
                DependencyCondition.Completed =>
                    status is ActivityStatus.Succeeded or ActivityStatus.Failed or ActivityStatus.Canceled,
                _ => throw new UnreachableException($"Unknown dependency condition {condition}."),
            };
            if (holds)
            {
                return true;
            }
        }

        return false;
    }

    private static RunCommand DecideAttempt(ActivityState activity) => activity.Phase switch
    {
        AttemptPhase.Failed when activity.Attempt < activity.MaxAttempts => new ScheduleRetry(activity),
        AttemptPhase.Failed => new FailActivity(activity, activity.Failure!),
        _ => new StartRetry(activity),
    };

    private static ImmutableArray<RunCommand> DecideForEach(ActivityState activity, LoopState loop)
    {
        if (loop.Finished.Count == 0 && !loop.HasNext && loop.Open.Count == 0)
        {
            return [loop.Failure is { } failure ? new FailActivity(activity, failure) : new SucceedActivity(activity)];
        }

        var ended = loop.Finished.Select(scope => EndOf(activity, scope)).ToArray();
        if (!loop.HasNext || (loop.StopsAtFailure && Array.Exists(ended, end => end.Failure is not null)))
        {
            return [.. ended];
        }

        var free = Math.Min(loop.Parallelism - (loop.Open.Count - ended.Length), loop.Count - loop.Next);
        var started = Enumerable.Range(loop.Next, Math.Max(free, 0)).Select(index => new StartIteration(activity, index));
        return [.. ended, .. started];
    }

    private static RunCommand DecideUntil(ActivityState activity, LoopState loop)
    {
        if (activity.StopsInner)
        {
            return new FailActivity(activity, Failures.OfUntilTimeout(activity));
        }

        if (loop.Finished.TryPeek(out var scope))
        {
            return EndOf(activity, scope);
        }

        if (loop.AwaitsCondition)
        {
            return new EvaluateLoopCondition(activity, loop.Next - 1);
        }

        if (!loop.ConditionHolds)
        {
            return new StartIteration(activity, loop.Next);
        }

        // Failures of earlier rounds are what an Until is for: it tries until it works. The last one counts.
        return loop.Failure is { } failure ? new FailActivity(activity, failure) : new SucceedActivity(activity);
    }

    private static EndIteration EndOf(ActivityState loop, ScopeState scope) =>
        new(loop, scope.Index, ScopeVerdict.Judge(scope) is { } failed ? Failures.OfContainer(loop, failed) : null);

    private static RunCommand EndContainer(ActivityState container, ActivityState? failed) => failed is null
        ? new SucceedActivity(container)
        : new FailActivity(container, Failures.OfContainer(container, failed));
}
