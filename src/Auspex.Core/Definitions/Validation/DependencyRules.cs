using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary><c>dependsOn</c>: who is named must stand in the same list, and nobody may wait for itself, even in a circle.</summary>
internal static class DependencyRules
{
    public static void Check(PipelineDefinition pipeline, DefinitionReport report)
    {
        var everywhere = ActivityPlace.All(pipeline).ToArray();
        CheckList(pipeline.Activities, everywhere, report);
        foreach (var place in everywhere)
        {
            foreach (var branch in place.Activity.Branches)
            {
                CheckList(branch.Activities, everywhere, report);
            }
        }
    }

    private static void CheckList(
        IReadOnlyList<ActivityDefinition> list,
        ActivityPlace[] everywhere,
        DefinitionReport report)
    {
        var byName = new Dictionary<string, ActivityDefinition>(StringComparer.OrdinalIgnoreCase);
        foreach (var activity in list)
        {
            byName.TryAdd(activity.Name, activity);
        }

        foreach (var activity in list)
        {
            foreach (var dependency in activity.DependsOn)
            {
                CheckDependency(activity, dependency.Activity, byName, everywhere, report);
            }
        }

        CheckCircles(list, byName, report);
    }

    private static void CheckDependency(
        ActivityDefinition activity,
        string name,
        Dictionary<string, ActivityDefinition> byName,
        ActivityPlace[] everywhere,
        DefinitionReport report)
    {
        var node = NodeOf(activity, name);
        if (string.Equals(name, activity.Name, StringComparison.OrdinalIgnoreCase))
        {
            report.Error(
                ErrorCode.SelfDependency,
                node,
                $"Activity '{activity.Name}' depends on itself. Remove that entry of 'dependsOn'.");
        }
        else if (byName.TryGetValue(name, out var earlier))
        {
            ResourceTargets.CheckCase("activity", earlier.Name, name, (node as JsonObject)?.Member("activity") ?? node, report);
        }
        else
        {
            var elsewhere = everywhere.Any(place => string.Equals(place.Activity.Name, name, StringComparison.OrdinalIgnoreCase));
            report.Error(
                ErrorCode.UnknownDependency,
                node,
                $"Activity '{activity.Name}' depends on '{name}', "
                + (elsewhere
                    ? "which stands in another list of activities; only activities of the same list, inside the same container, can be waited for."
                    : $"which does not exist.{NearestName.Hint(name, byName.Keys)}"));
        }
    }

    private static void CheckCircles(
        IReadOnlyList<ActivityDefinition> list,
        Dictionary<string, ActivityDefinition> byName,
        DefinitionReport report)
    {
        var done = new HashSet<ActivityDefinition>(ReferenceEqualityComparer.Instance);
        foreach (var activity in list)
        {
            if (FindCircle(activity, [], byName, done) is { } circle)
            {
                report.Error(
                    ErrorCode.CyclicDependency,
                    NodeOf(circle[0], circle[1].Name),
                    $"These activities wait for each other in a circle, so none of them can start: "
                    + $"{string.Join(" -> ", circle.Select(step => $"'{step.Name}'"))} (each depends on the next). Remove one of the dependencies.");
            }
        }
    }

    // Depth first; the list is the way from the start. Everything seen once is settled, so each circle is told once.
    private static List<ActivityDefinition>? FindCircle(
        ActivityDefinition activity,
        List<ActivityDefinition> way,
        Dictionary<string, ActivityDefinition> byName,
        HashSet<ActivityDefinition> done)
    {
        var start = way.FindIndex(step => ReferenceEquals(step, activity));
        if (start >= 0)
        {
            return way.Count - start > 1 ? [.. way[start..], activity] : null;
        }

        if (!done.Add(activity))
        {
            return null;
        }

        way.Add(activity);
        var circle = activity.DependsOn
            .Where(dependency => byName.ContainsKey(dependency.Activity))
            .Select(dependency => FindCircle(byName[dependency.Activity], way, byName, done))
            .FirstOrDefault(found => found is not null);
        way.RemoveAt(way.Count - 1);
        return circle;
    }

    private static JsonNode NodeOf(ActivityDefinition activity, string dependency) =>
        (activity.Source.Member("dependsOn") as JsonArray)?.FirstOrDefault(entry => string.Equals(
            (entry as JsonObject)?.TextMember("activity") ?? entry.AsText(), dependency, StringComparison.OrdinalIgnoreCase))
        ?? activity.Source;
}
