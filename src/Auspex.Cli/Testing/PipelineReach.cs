using Auspex.Definitions;

namespace Auspex.Cli.Testing;

/// <summary>Walks the activities of a pipeline and of the pipelines that it executes.</summary>
internal static class PipelineReach
{
    public const string ExecutePipeline = "ExecutePipeline";

    /// <summary>The pipeline and those that it executes by a name that is written out, each once.</summary>
    public static IReadOnlyList<PipelineDefinition> Pipelines(FactoryDefinition factory, PipelineDefinition pipeline)
    {
        var found = new List<PipelineDefinition> { pipeline };
        for (var at = 0; at < found.Count; at++)
        {
            foreach (var name in Activities(found[at]).Select(Called).OfType<string>())
            {
                if (factory.Pipelines.TryGetValue(name, out var child) && !found.Contains(child))
                {
                    found.Add(child);
                }
            }
        }

        return found;
    }

    /// <summary>All activities of a pipeline, inner ones behind their container.</summary>
    public static IEnumerable<ActivityDefinition> Activities(PipelineDefinition pipeline) => pipeline.Activities.SelectMany(WithInner);

    private static IEnumerable<ActivityDefinition> WithInner(ActivityDefinition activity) =>
        activity.Branches.SelectMany(branch => branch.Activities).SelectMany(WithInner).Prepend(activity);

    private static string? Called(ActivityDefinition activity) =>
        activity.Type.Equals(ExecutePipeline, StringComparison.OrdinalIgnoreCase)
            ? activity.TypeProperties.ObjectMember("pipeline")?.TextMember("referenceName") ?? activity.TypeProperties.TextMember("pipeline")
            : null;
}
