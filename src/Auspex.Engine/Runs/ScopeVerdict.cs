namespace Auspex.Engine.Runs;

/// <summary>Judges a finished list of activities as Data Factory judges a pipeline.</summary>
internal static class ScopeVerdict
{
    /// <summary>
    /// Takes the activities that no other depends on; one that was skipped is replaced by those it depends on, and so
    /// forth. The list failed when one so obtained did not succeed.
    /// </summary>
    /// <returns>The first such activity in file order; null when the list succeeded.</returns>
    public static ActivityState? Judge(ScopeState scope)
    {
        ActivityState? failed = null;
        Stack<ActivityState>? skipped = null;
        foreach (var activity in scope.Activities)
        {
            if (activity.Plan.Dependants.IsEmpty)
            {
                Weigh(activity, ref failed, ref skipped);
            }
        }

        if (skipped is null)
        {
            return failed;
        }

        var seen = new HashSet<int>(skipped.Select(activity => activity.Plan.Index));
        while (skipped!.TryPop(out var activity))
        {
            foreach (var predecessor in activity.Plan.Predecessors)
            {
                if (seen.Add(predecessor))
                {
                    Weigh(scope.Activities[predecessor], ref failed, ref skipped);
                }
            }
        }

        return failed;
    }

    private static void Weigh(ActivityState activity, ref ActivityState? failed, ref Stack<ActivityState>? skipped)
    {
        switch (activity.EffectiveStatus)
        {
            case ActivityStatus.Succeeded:
                break;
            case ActivityStatus.Skipped:
                (skipped ??= new Stack<ActivityState>()).Push(activity);
                break;
            default:
                failed = failed is null || activity.Plan.Index < failed.Plan.Index ? activity : failed;
                break;
        }
    }
}
