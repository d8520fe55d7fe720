using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Validation;

namespace Auspex.Definitions.Planning;

/// <summary>What changes about a pipeline's activities.</summary>
internal static class ActivityComparison
{
    public static IEnumerable<string> Compare(PipelineDefinition old, PipelineDefinition now, FactoryDefinition before, FactoryDefinition after)
    {
        var (earlier, later) = (ByName(old), ByName(now));
        var removed = earlier.Where(entry => !later.ContainsKey(entry.Key)).Select(entry => entry.Value).ToList();
        foreach (var (name, place) in later.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            if (!earlier.TryGetValue(name, out var was))
            {
                // The same activity under another name: everything that reads its result has to follow.
                var renamed = removed.Find(candidate => Own(candidate.Activity) == Own(place.Activity) && Where(candidate) == Where(place));
                if (renamed is not null)
                {
                    removed.Remove(renamed);
                    yield return $"{place.Activity.Type} '{renamed.Activity.Name}' is renamed to '{place.Activity.Name}'";
                }
                else
                {
                    yield return $"{place.Activity.Type} '{place.Activity.Name}' is added{Where(place)}{After(place.Activity)}{(place.IsActive ? "" : ", inactive")}";
                }

                continue;
            }

            foreach (var difference in Differences(was, place))
            {
                yield return $"{place.Activity.Type} '{place.Activity.Name}': {difference}";
            }
        }

        foreach (var place in removed.OrderBy(place => place.Activity.Name, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"{place.Activity.Type} '{place.Activity.Name}' is removed{Where(place)}";
        }
    }

    private static IEnumerable<string> Differences(ActivityPlace was, ActivityPlace place)
    {
        var (old, now) = (was.Activity, place.Activity);
        if (Where(was) != Where(place))
        {
            yield return $"it moves from {(was.Container is null ? "the top" : Where(was)[2..])} to {(place.Container is null ? "the top" : Where(place)[2..])}";
        }

        if (!Same(old.Type, now.Type))
        {
            yield return $"it was a {old.Type}";
        }

        foreach (var difference in Dependencies(old, now))
        {
            yield return difference;
        }

        if (old.IsActive != now.IsActive)
        {
            yield return now.IsActive ? "it becomes active and runs" : $"it becomes inactive: it no longer runs, and counts as {now.OnInactiveMarkAs}";
        }
        else if (!now.IsActive && old.OnInactiveMarkAs != now.OnInactiveMarkAs)
        {
            yield return $"inactive, it counts as {now.OnInactiveMarkAs} instead of {old.OnInactiveMarkAs}";
        }

        foreach (var difference in PlanValues.Differences(Normal(old), Normal(now)))
        {
            yield return difference;
        }
    }

    private static IEnumerable<string> Dependencies(ActivityDefinition old, ActivityDefinition now)
    {
        var before = old.DependsOn.GroupBy(dependency => dependency.Activity, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, Conditions, StringComparer.OrdinalIgnoreCase);
        var after = now.DependsOn.GroupBy(dependency => dependency.Activity, StringComparer.OrdinalIgnoreCase).ToDictionary(group => group.Key, Conditions, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, conditions) in after)
        {
            if (!before.TryGetValue(name, out var earlier))
            {
                yield return $"it now waits for '{name}' ({conditions})";
            }
            else if (earlier != conditions)
            {
                yield return $"it runs when '{name}' ended {conditions}, and no longer when it ended {earlier}";
            }
        }

        foreach (var (name, conditions) in before.Where(entry => !after.ContainsKey(entry.Key)))
        {
            yield return $"it no longer waits for '{name}' ({conditions})";
        }

        if (!old.DependsOn.IsEmpty && now.DependsOn.IsEmpty)
        {
            yield return "it waits for nothing and starts at once";
        }
    }

    private static string Conditions(IEnumerable<ActivityDependency> dependencies) => string.Join(
        " and ", dependencies.Select(dependency => string.Join(" or ", dependency.Conditions.Order())));

    // Without what is told on its own, and without the inner activities, which are activities themselves.
    private static JsonObject Normal(ActivityDefinition activity)
    {
        var copy = activity.Source.DeepClone().AsObject();
        foreach (var member in (ReadOnlySpan<string>)["name", "type", "description", "dependsOn", "state", "onInactiveMarkAs", "annotations"])
        {
            if (copy.MemberName(member) is { } actual)
            {
                copy.Remove(actual);
            }
        }

        if (!activity.Branches.IsEmpty && copy.ObjectMember("typeProperties") is { } properties)
        {
            foreach (var member in properties.Select(entry => entry.Key).Where(BranchLoader.Members.Contains).ToArray())
            {
                properties.Remove(member);
            }
        }

        if (copy.ObjectMember("typeProperties") is { } loop && loop.BooleanMember("isSequential") == true && loop.MemberName("batchCount") is { } batch)
        {
            loop.Remove(batch);
        }

        var normal = SemanticJson.OfObject(copy, "activity", "activity");
        if (copy.Member("typeProperties") is { } written)
        {
            var own = SemanticJson.Of(written, activity.Type, "typeProperties");
            normal["typeProperties"] = own;
            if (own is JsonObject { Count: 0 })
            {
                normal.Remove("typeProperties");
            }
        }

        return normal;
    }

    private static string Own(ActivityDefinition activity) => $"{activity.Type.ToUpperInvariant()} {SemanticJson.Text(Normal(activity))} "
        + string.Join(';', activity.Branches.SelectMany(branch => branch.Activities).Select(inner => inner.Name));

    private static string Where(ActivityPlace place) =>
        place.Container is null ? "" : $", {place.Container.Activity.Type} '{place.Container.Activity.Name}'{Branch(place.Branch)}".Insert(2, "inside ");

    private static string Branch(string? branch) => branch switch
    {
        "ifTrueActivities" => " (true)",
        "ifFalseActivities" => " (false)",
        "defaultActivities" => " (default)",
        not null when branch.StartsWith("case:", StringComparison.Ordinal) => $" (case '{branch[5..]}')",
        _ => "",
    };

    private static string After(ActivityDefinition activity) => activity.DependsOn.IsEmpty
        ? ", and starts at once"
        : $", after {string.Join(" and ", activity.DependsOn.Select(dependency => $"'{dependency.Activity}' ({string.Join(" or ", dependency.Conditions.Order())})"))}";

    private static Dictionary<string, ActivityPlace> ByName(PipelineDefinition pipeline)
    {
        var byName = new Dictionary<string, ActivityPlace>(StringComparer.OrdinalIgnoreCase);
        foreach (var place in ActivityPlace.All(pipeline))
        {
            byName.TryAdd(place.Activity.Name, place);
        }

        return byName;
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
