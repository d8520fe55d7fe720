using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Datasets: their type, and parts of version 1 that would silently do nothing.</summary>
internal static class DatasetRules
{
    // What a dataset of a type cannot do without.
    private static readonly FrozenDictionary<string, string> Required = new Dictionary<string, string>
    {
        ["DelimitedText"] = "location",
        ["Json"] = "location",
        ["Parquet"] = "location",
        ["Avro"] = "location",
        ["Orc"] = "location",
        ["Excel"] = "location",
        ["Xml"] = "location",
        ["Binary"] = "location",
        ["AzureTable"] = "tableName",
        ["CosmosDbSqlApiCollection"] = "collectionName",
        ["AmazonS3Object"] = "bucketName",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

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

        CheckRequired(dataset, body, report);
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

    private static void CheckRequired(DatasetDefinition dataset, JsonObject body, DefinitionReport report)
    {
        if (ArmText.IsExpression(body.Member("typeProperties")) || !Required.TryGetValue(dataset.Type, out var member))
        {
            return;
        }

        var place = body.ObjectMember("typeProperties") ?? body;
        if (dataset.TypeProperties.Member(member) is not { } value)
        {
            report.Error(
                ErrorCode.MissingMember,
                place,
                $"The dataset '{dataset.Name}' of type {dataset.Type} has no '{member}' in its 'typeProperties'.");
        }
        else if (member == "location" && value is JsonObject location && location.AsExpression() is null && location.TextMember("type") is null)
        {
            report.Error(
                ErrorCode.MissingMember,
                location,
                $"The 'location' of the dataset '{dataset.Name}' has no 'type', such as \"AzureBlobStorageLocation\".");
        }
    }
}
