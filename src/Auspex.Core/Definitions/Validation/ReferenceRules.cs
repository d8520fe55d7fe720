using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;

namespace Auspex.Definitions.Validation;

/// <summary>References to other resources: the target exists, and its parameters get their arguments.</summary>
internal static class ReferenceRules
{
    /// <summary>Checks an activity without those inside it, which are checked on their own.</summary>
    public static void Check(ActivityDefinition activity, FactoryDefinition factory, DefinitionReport report)
    {
        foreach (var (name, value) in activity.Source)
        {
            if (!string.Equals(name, "typeProperties", StringComparison.OrdinalIgnoreCase))
            {
                Walk(name, value, factory, report);
            }
        }

        foreach (var (name, value) in activity.Source.ObjectMember("typeProperties") ?? [])
        {
            if (activity.Branches.IsEmpty || !BranchLoader.Members.Contains(name))
            {
                Walk(name, value, factory, report);
            }
        }

        CheckVersion1Datasets(activity, factory, report);
        CheckExecutePipeline(activity, factory, report);
    }

    /// <summary>Checks a linked service, dataset or trigger.</summary>
    public static void Check(JsonObject source, FactoryDefinition factory, DefinitionReport report)
    {
        Walk(string.Empty, source, factory, report);
        foreach (var member in (ReadOnlySpan<string>)["pipelines", "pipeline"])
        {
            var entries = (source.ObjectMember("properties") ?? source).Member(member);
            foreach (var entry in entries is JsonArray array ? array.OfType<JsonObject>() : entries is JsonObject single ? [single] : [])
            {
                if (ReferenceLoader.Load(entry.Member("pipelineReference")) is { } target
                    && factory.Pipelines.TryGetValue(target.ReferenceName, out var pipeline))
                {
                    ArgumentRules.CheckPipeline(pipeline, entry.ObjectMember("parameters"), entry, report);
                }
            }
        }
    }

    private static void Walk(string member, JsonNode? node, FactoryDefinition factory, DefinitionReport report)
    {
        switch (node)
        {
            case JsonObject json:
                if (json.Member("referenceName") is { } name)
                {
                    CheckReference(member, json, name, factory, report);
                }

                foreach (var (inner, value) in json)
                {
                    Walk(inner, value, factory, report);
                }

                break;
            case JsonArray array:
                foreach (var element in array)
                {
                    Walk(member, element, factory, report);
                }

                break;
            case not null when string.Equals(member, "linkedServiceName", StringComparison.OrdinalIgnoreCase)
                && node.GetValueKind() == JsonValueKind.String && IsName(node):
                ResourceTargets.CheckLinkedService(node.GetValue<string>(), node, factory, report);
                break;
        }
    }

    private static void CheckReference(
        string member,
        JsonObject reference,
        JsonNode nameNode,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        if (!IsName(nameNode) || nameNode.AsText() is not { } name)
        {
            return;
        }

        switch (reference.TextMember("type")?.ToUpperInvariant() ?? KindOfMember(member))
        {
            case "LINKEDSERVICEREFERENCE":
                if (ResourceTargets.CheckLinkedService(name, nameNode, factory, report) is { } linkedService)
                {
                    ArgumentRules.Check($"linked service '{linkedService.Name}'", linkedService.Source, linkedService.Parameters, reference, report);
                }

                break;
            case "DATASETREFERENCE":
                if (ResourceTargets.CheckDataset(name, nameNode, factory, report) is { } dataset)
                {
                    ArgumentRules.Check($"dataset '{dataset.Name}'", dataset.Source, dataset.Parameters, reference, report);
                }

                break;
            case "PIPELINEREFERENCE":
                ResourceTargets.CheckPipeline(name, nameNode, factory, report);
                break;
            case "INTEGRATIONRUNTIMEREFERENCE":
                ResourceTargets.CheckIntegrationRuntime(name, nameNode, factory, report);
                break;
            case "TRIGGERREFERENCE":
                ResourceTargets.CheckTrigger(name, nameNode, factory, report);
                break;
        }
    }

    private static string KindOfMember(string member) => member.ToUpperInvariant() switch
    {
        var name when name.Contains("LINKEDSERVICE", StringComparison.Ordinal) => "LINKEDSERVICEREFERENCE",
        "CONNECTVIA" => "INTEGRATIONRUNTIMEREFERENCE",
        "DATASET" or "INPUTS" or "OUTPUTS" => "DATASETREFERENCE",
        "PIPELINE" or "PIPELINEREFERENCE" => "PIPELINEREFERENCE",
        _ => string.Empty,
    };

    // A name that is only known at run time, or that stands open in a template, cannot be looked up.
    private static bool IsName(JsonNode node) => node.AsExpression() is null && !ArmText.IsExpression(node) && !string.IsNullOrEmpty(node.AsText());

    private static void CheckVersion1Datasets(
        ActivityDefinition activity,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var member in (ReadOnlySpan<string>)["inputs", "outputs"])
        {
            foreach (var entry in activity.Source.ArrayMember(member) ?? [])
            {
                if (ReferenceLoader.IsVersion1(entry) && ReferenceLoader.Load(entry) is { } dataset && named.Add(dataset.ReferenceName))
                {
                    ResourceTargets.CheckDataset(dataset.ReferenceName, entry!, factory, report);
                }
            }
        }

        if (!activity.Type.StartsWith("AzureML", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var properties = activity.Source.ObjectMember("typeProperties") ?? [];
        foreach (var member in (ReadOnlySpan<string>)["webServiceInput", "webServiceInputs", "webServiceOutputs", "trainedModelDatasetName"])
        {
            var values = properties.Member(member) is JsonObject json ? json.Select(entry => entry.Value) : [properties.Member(member)];
            foreach (var value in values)
            {
                if (value?.GetValueKind() == JsonValueKind.String && IsName(value) && named.Add(value.AsText()!))
                {
                    ResourceTargets.CheckDataset(value.AsText()!, value, factory, report);
                }
            }
        }
    }

    private static void CheckExecutePipeline(
        ActivityDefinition activity,
        FactoryDefinition factory,
        DefinitionReport report)
    {
        if (string.Equals(activity.Type, "ExecutePipeline", StringComparison.OrdinalIgnoreCase)
            && ReferenceLoader.Load(activity.TypeProperties.Member("pipeline")) is { } target
            && factory.Pipelines.TryGetValue(target.ReferenceName, out var pipeline)
            && activity.TypeProperties.Parent is not null)
        {
            ArgumentRules.CheckPipeline(pipeline, activity.TypeProperties.ObjectMember("parameters"), activity.Source, report);
        }
    }
}
