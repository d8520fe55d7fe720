namespace Auspex.Definitions.Validation;

/// <summary>How a reference to an activity's result stands to the place where it is read.</summary>
internal enum ActivityReach
{
    /// <summary>No activity of the pipeline has the name.</summary>
    Unknown,

    /// <summary>It may have ended before.</summary>
    Before,

    /// <summary>It is the activity itself, one of its containers, or one that nothing makes run earlier.</summary>
    NotBefore,

    /// <summary>Only in a later round of the same loop its result of the round before is there.</summary>
    RoundBefore,

    /// <summary>It runs inside a ForEach that has ended: which round's result is read is not defined.</summary>
    InsideForEach,

    /// <summary>It may have ended, but it is inactive and so has no output.</summary>
    Inactive,
}

/// <summary>Which activities of a pipeline may have ended when another one starts.</summary>
internal sealed class ActivityScope(PipelineDefinition pipeline)
{
    private readonly ILookup<string, ActivityPlace> _byName =
        ActivityPlace.All(pipeline).ToLookup(place => place.Activity.Name, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<ActivityDefinition, HashSet<ActivityDefinition>> _predecessors = new(ReferenceEqualityComparer.Instance);

    public IEnumerable<string> Names => _byName.Select(group => group.Key);

    /// <summary>The activity of a name, ignoring case; null when there is none.</summary>
    public ActivityDefinition? Find(string name) => _byName[name].FirstOrDefault()?.Activity;

    /// <summary>How the activity <paramref name="name"/> stands to <paramref name="reader"/>.</summary>
    /// <param name="reader">The activity whose expression reads.</param>
    /// <param name="name">The activity whose result is read.</param>
    /// <param name="afterBody">Whether the expression is evaluated after the reader's own inner activities: the condition of an Until.</param>
    public ActivityReach Find(ActivityPlace reader, string name, bool afterBody)
    {
        if (_byName[name].FirstOrDefault() is not { } target)
        {
            return ActivityReach.Unknown;
        }

        var reach = FindPlace(reader, target, afterBody);
        return reach == ActivityReach.Before && !target.Activity.IsActive ? ActivityReach.Inactive : reach;
    }

    private ActivityReach FindPlace(ActivityPlace reader, ActivityPlace target, bool afterBody)
    {
        if (afterBody && target.Containers.Any(container => ReferenceEquals(container.Activity, reader.Activity)))
        {
            return ActivityReach.Before;
        }

        foreach (var level in (IEnumerable<ActivityPlace>)[reader, .. reader.Containers])
        {
            var earlier = Predecessors(level);
            if (earlier.Contains(target.Activity))
            {
                return ActivityReach.Before;
            }

            // Results inside a container that has ended stay readable.
            if (target.Containers.FirstOrDefault(container => earlier.Contains(container.Activity)) is { } ended)
            {
                var loops = target.Containers.TakeWhile(container => container != ended).Append(ended);
                return loops.Any(container => container.Is("ForEach")) ? ActivityReach.InsideForEach : ActivityReach.Before;
            }
        }

        var shared = reader.Containers.FirstOrDefault(container =>
            container.Is("Until") && target.Containers.Any(around => ReferenceEquals(around.Activity, container.Activity)));
        return shared is null ? ActivityReach.NotBefore : ActivityReach.RoundBefore;
    }

    // Asked for again and again by the expressions of one activity and of what is inside it.
    private HashSet<ActivityDefinition> Predecessors(ActivityPlace place)
    {
        if (_predecessors.TryGetValue(place.Activity, out var found))
        {
            return found;
        }

        found = new HashSet<ActivityDefinition>(ReferenceEqualityComparer.Instance);
        _predecessors.Add(place.Activity, found);
        var open = new Stack<ActivityDefinition>([place.Activity]);
        while (open.TryPop(out var activity))
        {
            foreach (var dependency in activity.DependsOn)
            {
                // Where names are doubled, the one of the same list is meant.
                var earlier = _byName[dependency.Activity].FirstOrDefault(candidate =>
                    candidate.Branch == place.Branch && ReferenceEquals(candidate.Container?.Activity, place.Container?.Activity));
                if (earlier is not null && !ReferenceEquals(earlier.Activity, place.Activity) && found.Add(earlier.Activity))
                {
                    open.Push(earlier.Activity);
                }
            }
        }

        return found;
    }
}
