using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Nestings that Data Factory refuses though they run here.</summary>
internal static class NestingRules
{
    private static readonly string[] Loops = ["ForEach", "Until"];
    private static readonly string[] Choices = ["IfCondition", "Switch"];

    public static void Check(ActivityPlace place, PipelineDefinition pipeline, DefinitionReport report)
    {
        if (place.Is("ExecutePipeline")
            && pipeline.Name.Equals(place.Activity.TypeProperties.ObjectMember("pipeline")?.TextMember("referenceName"), StringComparison.OrdinalIgnoreCase))
        {
            report.Warning(
                ErrorCode.RefusedNesting,
                place.Activity.Source,
                $"ExecutePipeline '{place.Activity.Name}' executes its own pipeline '{pipeline.Name}', which Data Factory's studio refuses. Here it runs as deep as "
                + "Auspex:Engine:MaxPipelineDepth allows; a loop is Until or ForEach.");
        }

        if (place.Container is not { } container)
        {
            return;
        }

        var isLoop = IsAny(place, Loops);
        var isChoice = IsAny(place, Choices);
        var refused = place.Is("Validation")
            || (isLoop && place.Containers.Any())
            || (isChoice && place.Containers.Any(around => IsAny(around, Choices)));
        if (refused)
        {
            report.Warning(
                ErrorCode.RefusedNesting,
                place.Activity.Source,
                $"{place.Activity.Type} '{place.Activity.Name}' stands inside {container.Activity.Type} "
                + $"'{container.Activity.Name}'. It runs here, but Data "
                + "Factory refuses it; there, put the inner part into a pipeline of its own and call it with "
                + "ExecutePipeline.");
        }
    }

    private static bool IsAny(ActivityPlace place, string[] types) => Array.Exists(types, place.Is);
}
