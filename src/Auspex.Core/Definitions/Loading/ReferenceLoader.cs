using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Reads references in the current form, <c>{"referenceName": "X"}</c>, and in those of version 1: <c>"X"</c> and <c>{"name": "X"}</c>.</summary>
public static class ReferenceLoader
{
    /// <summary>The reference that stands there; null when there is none.</summary>
    public static ResourceReference? Load(JsonNode? node)
    {
        if (node is JsonObject json)
        {
            // A Synapse notebook's referenceName may be an expression object; its text stands for the name then.
            var name = json.Member("referenceName") ?? json.Member("name");
            var text = name.AsText() ?? name.AsExpression();
            return text is null
                ? null
                : new ResourceReference(text, json.TextMember("type") ?? string.Empty, json.ObjectMember("parameters"));
        }

        return node.AsText() is { Length: > 0 } plain ? new ResourceReference(plain, string.Empty) : null;
    }

    /// <summary>Whether the reference is written as version 1 did.</summary>
    internal static bool IsVersion1(JsonNode? node) => node switch
    {
        JsonValue => true,
        JsonObject json => json.Member("referenceName") is null && json.Member("name") is not null,
        _ => false,
    };
}
