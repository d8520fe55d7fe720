using System.Text.Json.Nodes;
using Auspex.Engine.ControlFlow;
using Auspex.Engine.Journal;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>Says which results a run takes over from the one that it repeats.</summary>
/// <remarks>
/// In each list of activities, those to begin at run again, and all that depend on them. What executors did for the others is
/// taken over, failures included. Control activities always run again: that is what sets the variables. A container to begin
/// at is entered: the same rule holds inside, for the iterations that did not end well; what succeeded inside is taken over.
/// </remarks>
/// <param name="recorded">The run that is repeated.</param>
/// <param name="plan">The pipeline as it is now.</param>
/// <param name="fromActivity">The activity to begin at; null to begin at what failed.</param>
/// <param name="now">The time of the events.</param>
internal sealed class RerunPlanner(RecordedRun recorded, PipelinePlan plan, string? fromActivity, DateTimeOffset now)
{
    // They do not say what an activity does, so that a result outlives their change.
    private static readonly string[] Immaterial = ["description", "userProperties", "policy", "state", "onInactiveMarkAs"];

    private readonly List<RunEvent> _kept = [];
    private readonly HashSet<string> _unchanged = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether there is anything that failed, stopped or was not reached.</summary>
    public static bool HasFailure(RecordedRun recorded) => !recorded.Succeeded
        || recorded.Plan.Root.Activities.Any(activity => recorded.Find(PathOf(ActivityPath.Root, activity)) is { HasFailed: true });

    /// <summary>The results to take over, as the events that say so.</summary>
    /// <exception cref="RunRejectedException">An activity whose result would be taken over has changed.</exception>
    public IReadOnlyList<RunEvent> Keep()
    {
        Visit(plan.Root, ActivityPath.Root, isEntered: true);
        return _kept;
    }

    /// <param name="scope">The list of activities.</param>
    /// <param name="path">Its path.</param>
    /// <param name="isEntered">Whether something in it may have to run again; false: everything is taken over.</param>
    private void Visit(ScopePlan scope, string path, bool isEntered)
    {
        var begins = scope.Activities.Select(activity => isEntered && IsBeginning(activity, PathOf(path, activity))).ToArray();
        var again = Following(scope, begins);
        foreach (var activity in scope.Activities)
        {
            var activityPath = PathOf(path, activity);
            if (recorded.Find(activityPath) is not { } result)
            {
                continue;
            }

            if (activity.Kind.IsContainer())
            {
                if (!again[activity.Index] || (begins[activity.Index] && !IsNamed(activity)))
                {
                    Enter(activity, activityPath, result, begins[activity.Index]);
                }
            }
            else if (activity.Kind == ActivityKind.Work)
            {
                if (!again[activity.Index])
                {
                    Keep(activity, activityPath, result);
                }
                else if (begins[activity.Index] && !IsNamed(activity) && IsExecutePipeline(activity) && result.Attempt > 0)
                {
                    var attempt = RunIds.OfAttempt(recorded.Created.RunId, activityPath, result.Attempt);
                    _kept.Add(new ChildKept(now, activityPath, RunIds.OfChild(attempt)));
                }
            }
        }
    }

    private void Enter(ActivityPlan container, string path, RecordedActivity result, bool isEntered)
    {
        if (container.Kind == ActivityKind.Branch)
        {
            if (result.Branch is { } branch && container.FindBranch(branch) is { } scope)
            {
                Visit(scope, path, isEntered);
            }

            return;
        }

        if (container.FindBranch(RunState.LoopBranch) is not { } body)
        {
            return;
        }

        var before = _kept.Count;
        for (var index = 0; index < result.Iterations.Count; index++)
        {
            // Beginning at a failure, an iteration that ended well has none; a named activity is in every one.
            Visit(body, ActivityPath.Iteration(path, index), isEntered && (fromActivity is not null || !result.Iterations[index]));
        }

        if (result.Items is { } items && _kept.Count > before)
        {
            _kept.Add(new ItemsKept(now, path, items));
        }
    }

    private void Keep(ActivityPlan activity, string path, RecordedActivity result)
    {
        if (result is not { Status: ActivityStatus.Succeeded or ActivityStatus.Failed, StartedAt: { } start, EndedAt: { } end })
        {
            // Stopped on request: there is no result, so it runs again.
            return;
        }

        RefuseChange(activity);
        _kept.Add(new ResultKept(now, path, result.Attempt, start, end, result.Input, result.Output, result.Failure));
    }

    private bool IsBeginning(ActivityPlan activity, string path) => fromActivity is null
        ? recorded.Find(path) is { HasFailed: true } or { Status: ActivityStatus.InProgress }
        : IsNamed(activity) || Holds(activity);

    private bool IsNamed(ActivityPlan activity) =>
        fromActivity is not null && activity.Definition.Name.Equals(fromActivity, StringComparison.OrdinalIgnoreCase);

    private bool Holds(ActivityPlan container)
    {
        for (var at = plan.Find(fromActivity!)?.Owner; at is not null; at = at.Owner)
        {
            if (at == container)
            {
                return true;
            }
        }

        return false;
    }

    private static bool[] Following(ScopePlan scope, bool[] begins)
    {
        var again = new bool[begins.Length];
        var open = new Stack<int>(Enumerable.Range(0, begins.Length).Where(index => begins[index]));
        while (open.TryPop(out var index))
        {
            if (!again[index])
            {
                again[index] = true;
                foreach (var dependant in scope.Activities[index].Dependants)
                {
                    open.Push(dependant);
                }
            }
        }

        return again;
    }

    private void RefuseChange(ActivityPlan activity)
    {
        var name = activity.Definition.Name;
        if (!_unchanged.Add(name))
        {
            return;
        }

        if (recorded.Plan.Find(name) is not { } then
            || then.Kind != activity.Kind
            || then.Branch != activity.Branch
            || !string.Equals(then.Owner?.Definition.Name, activity.Owner?.Definition.Name, StringComparison.OrdinalIgnoreCase)
            || !JsonNode.DeepEquals(Material(then), Material(activity)))
        {
            throw new RunRejectedException(ErrorCode.RecoveryImpossible,
                $"Activity '{name}' of pipeline '{plan.Definition.Name}' has changed since run '{recorded.Created.RunId}', so its result there cannot "
                + "be taken over. Begin at it or before it, or repeat all of the run.");
        }
    }

    private static JsonObject Material(ActivityPlan activity)
    {
        var source = activity.Definition.Source.DeepClone().AsObject();
        foreach (var member in Immaterial)
        {
            source.Remove(member);
        }

        return source;
    }

    private static bool IsExecutePipeline(ActivityPlan activity) =>
        activity.Definition.Type.Equals(ExecutePipelineExecutor.Type, StringComparison.OrdinalIgnoreCase);

    private static string PathOf(string scope, ActivityPlan activity) => ActivityPath.Combine(scope, activity.Definition.Name);
}
