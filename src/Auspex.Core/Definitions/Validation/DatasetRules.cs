using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Datasets: their type, and parts of version 1 that would silently do nothing.</summary>
internal static class DatasetRules
{
    public static void Check(DatasetDefinition dataset, DefinitionReport report)
    {
        var body = dataset.Source.ObjectMember("properties") ?? dataset.Source;
        if (dataset.Type.Length > 0 && !KnownTypes.IsDataset(dataset.Type) && !ArmText.IsExpression(dataset.Type))
        {
            report.Add(
                ErrorCode.UnknownResourceType,
                DiagnosticSeverity.Warning,
                body,
                "type",
                $"The dataset '{dataset.Name}' has the type '{dataset.Type}', which is not known here; an "
                + "activity that uses it fails."
                + NearestName.Hint(dataset.Type, KnownTypes.Datasets));
        }

        if (dataset.TypeProperties.Member("partitionedBy") is { } partitions && dataset.TypeProperties.Parent is not null)
        {
            report.Warning(
                ErrorCode.Version1Shape,
                partitions,
                $"The dataset '{dataset.Name}' has version 1's 'partitionedBy', which nothing evaluates: "
                + $"{{names}} in 'folderPath' and 'fileName' stay "
                + "as they are. Write expressions over the dataset's parameters instead.");
        }

        if (body.Member("availability") is { } availability)
        {
            report.Information(
                ErrorCode.Version1Shape,
                availability,
                $"The dataset '{dataset.Name}' has version 1's 'availability'; datasets have no schedule now. Use "
                + "a trigger.");
        }
    }
}
