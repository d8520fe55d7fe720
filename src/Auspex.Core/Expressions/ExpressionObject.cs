using System.Text.Json.Nodes;
using Auspex.Expressions.Values;

namespace Auspex.Expressions;

/// <summary>The object that the authoring pages write around dynamic content.</summary>
internal static class ExpressionObject
{
    private const string Marker = "Expression";

    /// <summary>
    /// Whether an object is <c>type</c> <c>Expression</c> plus <c>value</c> or <c>content</c>, and nothing else.
    /// </summary>
    public static bool TryUnwrap(JsonObject json, out JsonNode? inner)
    {
        inner = null;
        return json.Count == 2
            && json.TryGetPropertyValue("type", out var type)
            && type is JsonValue marker
            && JsonConversion.TryGetText(marker, out var text)
            && text.Equals(Marker, StringComparison.OrdinalIgnoreCase)
            && (json.TryGetPropertyValue("value", out inner) || json.TryGetPropertyValue("content", out inner));
    }
}
