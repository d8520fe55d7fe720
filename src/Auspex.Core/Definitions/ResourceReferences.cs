using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;

namespace Auspex.Definitions;

/// <summary>A reference found in a definition.</summary>
/// <param name="Kind">The git folder's name of what it refers to, such as <c>dataset</c>.</param>
/// <param name="Name">The name it gives, a literal.</param>
/// <param name="Path">Where it stands, such as <c>$.properties.linkedServiceName</c>.</param>
public sealed record FoundReference(string Kind, string Name, string Path);

/// <summary>Finds what a definition refers to by a name that is known before anything runs.</summary>
public static class ResourceReferences
{
    /// <summary>Every reference in any depth; names that are expressions are left out.</summary>
    public static IEnumerable<FoundReference> Find(JsonObject source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Walk(string.Empty, source);
    }

    private static IEnumerable<FoundReference> Walk(string member, JsonNode? node) => node switch
    {
        JsonObject json => OfObject(json).Concat(json.SelectMany(entry => Walk(entry.Key, entry.Value))),
        JsonArray array => array.SelectMany(element => Walk(member, element)),
        JsonValue value when string.Equals(member, "linkedServiceName", StringComparison.OrdinalIgnoreCase)
            && value.GetValueKind() == JsonValueKind.String && IsName(value) =>
            [new FoundReference("linkedService", value.GetValue<string>(), JsonPath.Of(value))],
        _ => [],
    };

    private static IEnumerable<FoundReference> OfObject(JsonObject json) =>
        json.Member("referenceName") is { } name && IsName(name) && KindOf(json.TextMember("type")) is { } kind
            ? [new FoundReference(kind, name.AsText()!, JsonPath.Of(name))]
            : [];

    private static string? KindOf(string? type) => type?.ToUpperInvariant() switch
    {
        "LINKEDSERVICEREFERENCE" => "linkedService",
        "DATASETREFERENCE" => "dataset",
        "PIPELINEREFERENCE" => "pipeline",
        "DATAFLOWREFERENCE" => "dataflow",
        "TRIGGERREFERENCE" => "trigger",
        "INTEGRATIONRUNTIMEREFERENCE" => "integrationRuntime",
        "CREDENTIALREFERENCE" => "credential",
        _ => null,
    };

    private static bool IsName(JsonNode node) =>
        node.AsExpression() is null && !ArmText.IsExpression(node) && !string.IsNullOrEmpty(node.AsText());
}
