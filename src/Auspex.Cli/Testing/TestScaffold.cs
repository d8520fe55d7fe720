using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Cli.Testing.Mocks;
using Auspex.Definitions;

namespace Auspex.Cli.Testing;

/// <summary>Writes a test to begin with: the pipeline's parameters, and a likely answer for each activity that needs a mock.</summary>
internal static class TestScaffold
{
    private static readonly JsonSerializerOptions ForPeople =
        new() { WriteIndented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    private static readonly HashSet<string> Control = new(
        new Engine.Dispatch.ActivityCatalog().Types, StringComparer.OrdinalIgnoreCase);

    public static string Create(FactoryDefinition factory, PipelineDefinition pipeline)
    {
        var parameters = Arguments(pipeline);
        var mocks = new JsonObject();
        foreach (var each in PipelineReach.Pipelines(factory, pipeline))
        {
            var reads = OutputReads.Of(each);
            foreach (var activity in PipelineReach.Activities(each).Where(activity => activity.IsActive && !Control.Contains(activity.Type)))
            {
                mocks.TryAdd(activity.Name, new JsonObject { ["output"] = SampleOutputs.Create(activity, reads[activity.Name]) });
            }
        }

        var test = new JsonObject
        {
            ["name"] = $"{pipeline.Name} succeeds",
            ["pipeline"] = pipeline.Name,
        };
        if (parameters.Count > 0)
        {
            test["parameters"] = parameters;
        }

        if (mocks.Count > 0)
        {
            test["mocks"] = new JsonObject { ["activities"] = mocks };
        }

        test["expect"] = new JsonObject
        {
            ["status"] = "Succeeded",
            ["activities"] = new JsonObject(pipeline.Activities
                .Where(activity => activity.IsActive && activity.DependsOn.All(
                    dependency => dependency.Conditions.Contains(DependencyCondition.Succeeded) || dependency.Conditions.Contains(DependencyCondition.Completed)))
                .Select(activity => KeyValuePair.Create<string, JsonNode?>(activity.Name, "Succeeded"))
                .DistinctBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase)),
        };
        return new JsonObject { ["tests"] = new JsonArray(test) }.ToJsonString(ForPeople) + "\n";
    }

    /// <summary>An argument for each parameter: its default, or an example of its type.</summary>
    public static JsonObject Arguments(PipelineDefinition pipeline)
    {
        var arguments = new JsonObject();
        foreach (var parameter in pipeline.Parameters)
        {
            arguments[parameter.Name] = parameter.HasDefault ? parameter.DefaultValue?.DeepClone() : Example(parameter.Type);
        }

        return arguments;
    }

    private static JsonNode? Example(string type) => type.ToUpperInvariant() switch
    {
        "INT" => 1,
        "FLOAT" => 1.5,
        "BOOL" => true,
        "ARRAY" => new JsonArray("sample"),
        "OBJECT" => new JsonObject(),
        _ => "sample",
    };
}
