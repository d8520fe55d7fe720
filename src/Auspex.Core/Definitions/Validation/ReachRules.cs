using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Activities that can never run, since what they wait for cannot all come true.</summary>
internal static class ReachRules
{
    [Flags]
    private enum Outcomes
    {
        None = 0,
        Succeeded = 1,
        Failed = 2,
        Skipped = 4,
        Ran = Succeeded | Failed,
        All = Ran | Skipped,
    }

    public static void Check(PipelineDefinition pipeline, DefinitionReport report)
    {
        CheckList(pipeline.Activities, report);
        foreach (var place in ActivityPlace.All(pipeline))
        {
            foreach (var branch in place.Activity.Branches)
            {
                CheckList(branch.Activities, report);
            }
        }
    }

    private static void CheckList(IReadOnlyList<ActivityDefinition> list, DefinitionReport report)
    {
        var byName = new Dictionary<string, ActivityDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var activity in list)
        {
            byName.TryAdd(activity.Name, activity);
        }

        var possible = Possible(list, byName);
        foreach (var activity in list.Where(activity => activity.IsActive && !activity.DependsOn.IsEmpty))
        {
            if (Contradiction(activity, byName, possible) is var (about, reason))
            {
                report.Warning(ErrorCode.NeverRuns, NodeOf(activity, about), $"Activity '{activity.Name}' never runs: {reason}. Change 'dependsOn'.");
            }
        }
    }

    // What each activity can end as, from those that wait for nothing on; a circle, told elsewhere, leaves everything open.
    private static Dictionary<ActivityDefinition, Outcomes> Possible(
        IReadOnlyList<ActivityDefinition> list, Dictionary<string, ActivityDefinition> byName)
    {
        var possible = new Dictionary<ActivityDefinition, Outcomes>(ReferenceEqualityComparer.Instance);
        var waiting = list.ToList();
        while (waiting.Count > 0)
        {
            var ready = waiting.Where(activity => activity.DependsOn.All(dependency =>
                !byName.TryGetValue(dependency.Activity, out var earlier) || possible.ContainsKey(earlier))).ToArray();
            if (ready.Length == 0)
            {
                waiting.ForEach(activity => possible[activity] = Outcomes.All);
                break;
            }

            foreach (var activity in ready)
            {
                possible[activity] = OutcomesOf(activity, byName, possible);
                waiting.Remove(activity);
            }
        }

        return possible;
    }

    private static Outcomes OutcomesOf(
        ActivityDefinition activity, Dictionary<string, ActivityDefinition> byName, Dictionary<ActivityDefinition, Outcomes> possible)
    {
        var own = !activity.IsActive
            ? activity.OnInactiveMarkAs switch
            {
                InactiveMark.Failed => Outcomes.Failed,
                InactiveMark.Skipped => Outcomes.Skipped,
                _ => Outcomes.Succeeded,
            }
            : string.Equals(activity.Type, "Fail", StringComparison.OrdinalIgnoreCase) ? Outcomes.Failed : Outcomes.Ran;
        var always = activity.DependsOn.All(dependency =>
            byName.TryGetValue(dependency.Activity, out var earlier) && (possible[earlier] & ~Wanted(dependency)) == Outcomes.None);
        return always ? own : own | Outcomes.Skipped;
    }

    // That the activity runs says something of those it waits for; that these ran says the same of those before them.
    private static (string About, string Reason)? Contradiction(
        ActivityDefinition activity, Dictionary<string, ActivityDefinition> byName, Dictionary<ActivityDefinition, Outcomes> possible)
    {
        var needed = new Dictionary<ActivityDefinition, Outcomes>(ReferenceEqualityComparer.Instance);
        var open = new Queue<(ActivityDefinition Runs, string Through)>();
        var asked = new HashSet<ActivityDefinition>(ReferenceEqualityComparer.Instance);
        open.Enqueue((activity, string.Empty));
        while (open.TryDequeue(out var next))
        {
            foreach (var dependency in next.Runs.DependsOn)
            {
                if (!byName.TryGetValue(dependency.Activity, out var earlier) || ReferenceEquals(earlier, activity))
                {
                    continue;
                }

                var through = next.Through.Length == 0 ? dependency.Activity : next.Through;
                var before = needed.GetValueOrDefault(earlier, Outcomes.All);
                var left = before & Wanted(dependency);
                needed[earlier] = left;
                if ((left & possible[earlier]) == Outcomes.None)
                {
                    return (through, left == Outcomes.None
                        ? $"'{earlier.Name}' would have to end {Describe(Wanted(dependency))} and {Describe(before)} at once"
                        : $"'{earlier.Name}' would have to end {Describe(left)}, and it can only end {Describe(possible[earlier])}");
                }

                if ((left & Outcomes.Skipped) == Outcomes.None && earlier.IsActive && asked.Add(earlier))
                {
                    open.Enqueue((earlier, through));
                }
            }
        }

        return null;
    }

    private static Outcomes Wanted(ActivityDependency dependency) => dependency.Conditions.Aggregate(Outcomes.None, (all, condition) => all | condition switch
    {
        DependencyCondition.Succeeded => Outcomes.Succeeded,
        DependencyCondition.Failed => Outcomes.Failed,
        DependencyCondition.Skipped => Outcomes.Skipped,
        _ => Outcomes.Ran,
    });

    private static string Describe(Outcomes outcomes) => string.Join(
        " or ", new[] { Outcomes.Succeeded, Outcomes.Failed, Outcomes.Skipped }.Where(one => outcomes.HasFlag(one)));

    private static JsonNode NodeOf(ActivityDefinition activity, string dependency) =>
        (activity.Source.Member("dependsOn") as JsonArray)?.FirstOrDefault(entry => string.Equals(
            (entry as JsonObject)?.TextMember("activity") ?? entry.AsText(), dependency, StringComparison.OrdinalIgnoreCase))
        ?? activity.Source;
}
