using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.TestKit.Engine;

/// <summary>Writes pipelines from a shorthand: <c>A; B!Skipped; C&lt;A:Succeeded|Failed,B:Skipped</c>.</summary>
/// <remarks><c>&lt;</c> says what an activity depends on, <c>!</c> makes it inactive and says how it is marked.</remarks>
internal static class PipelineText
{
    public static IEnumerable<string> Names(string graph) => Parts(graph).Select(part => part.Name);

    public static string OfGraph(string graph) => Pipeline(Parts(graph).Select(ToJson));

    /// <summary>A pipeline of activities given as JSON texts.</summary>
    public static string Of(params string[] activities) => Pipeline(activities.Select(text => JsonNode.Parse(text)!));

    /// <summary>The same with variables: <c>name:Type</c>.</summary>
    public static string WithVariables(string variables, params string[] activities)
    {
        var pipeline = JsonNode.Parse(Of(activities))!;
        var declared = new JsonObject();
        foreach (var variable in variables.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            declared[variable.Split(':')[0]] = new JsonObject { ["type"] = variable.Split(':')[1] };
        }

        pipeline["properties"]!["variables"] = declared;
        return pipeline.ToJsonString();
    }

    /// <summary>The activities of a graph, for definitions that no loader would let through.</summary>
    public static ImmutableArray<ActivityDefinition> Activities(string graph) =>
    [
        .. Parts(graph).Select(part => new ActivityDefinition
        {
            Name = part.Name,
            Type = "Test",
            TypeProperties = [],
            Source = [],
            DependsOn = [.. part.DependsOn.Select(dependency => new ActivityDependency(
                dependency.Activity, [.. dependency.Conditions.Select(Enum.Parse<DependencyCondition>)]))],
        }),
    ];

    private static string Pipeline(IEnumerable<JsonNode> activities) => new JsonObject
    {
        ["name"] = "p",
        ["properties"] = new JsonObject { ["activities"] = new JsonArray([.. activities]) },
    }.ToJsonString();

    private static JsonObject ToJson(Part part)
    {
        var activity = new JsonObject
        {
            ["name"] = part.Name,
            ["type"] = "Test",
            ["dependsOn"] = new JsonArray([.. part.DependsOn.Select(dependency => new JsonObject
            {
                ["activity"] = dependency.Activity,
                ["dependencyConditions"] = new JsonArray([.. dependency.Conditions.Select(name => JsonValue.Create(name))]),
            })]),
            ["typeProperties"] = new JsonObject(),
        };
        if (part.Mark is not null)
        {
            activity["state"] = "Inactive";
            activity["onInactiveMarkAs"] = part.Mark;
        }

        return activity;
    }

    private static IEnumerable<Part> Parts(string graph)
    {
        foreach (var text in graph.Split(';', StringSplitOptions.TrimEntries))
        {
            var sides = text.Split('<');
            var head = sides[0].Split('!');
            var dependencies = sides.Length < 2
                ? []
                : sides[1].Split(',').Select(entry => (entry.Split(':')[0], entry.Split(':')[1].Split('|')));
            yield return new Part(head[0], head.Length > 1 ? head[1] : null, [.. dependencies]);
        }
    }

    private sealed record Part(string Name, string? Mark, ImmutableArray<(string Activity, string[] Conditions)> DependsOn);
}
