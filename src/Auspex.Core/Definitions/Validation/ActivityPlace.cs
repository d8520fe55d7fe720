using System.Collections.Immutable;

namespace Auspex.Definitions.Validation;

/// <summary>An activity and where it stands in its pipeline.</summary>
/// <param name="Activity">The activity.</param>
/// <param name="Branch">The container's list that holds it; null at the top.</param>
/// <param name="Container">The container around it; null at the top.</param>
/// <param name="IsActive">Whether it and everything around it may run; what is inactive is not checked, as in Data Factory.</param>
internal sealed record ActivityPlace(
    ActivityDefinition Activity,
    string? Branch,
    ActivityPlace? Container,
    bool IsActive)
{
    /// <summary>The containers around it, the innermost first.</summary>
    public IEnumerable<ActivityPlace> Containers
    {
        get
        {
            for (var container = Container; container is not null; container = container.Container)
            {
                yield return container;
            }
        }
    }

    /// <summary>Every activity of a pipeline, each container before what it holds.</summary>
    public static IEnumerable<ActivityPlace> All(PipelineDefinition pipeline) => Walk(pipeline.Activities, null, null);

    /// <summary>Whether the activity has this type, ignoring case.</summary>
    public bool Is(string type) => string.Equals(Activity.Type, type, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<ActivityPlace> Walk(
        ImmutableArray<ActivityDefinition> list,
        string? branch,
        ActivityPlace? container)
    {
        foreach (var activity in list)
        {
            var place = new ActivityPlace(activity, branch, container, activity.IsActive && container?.IsActive != false);
            yield return place;
            foreach (var inner in activity.Branches.SelectMany(inside => Walk(inside.Activities, inside.Name, place)))
            {
                yield return inner;
            }
        }
    }
}
