using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Reads global parameters: by name <c>{"type": "String", "value": ...}</c>, or in an overlay the plain value.</summary>
internal static class GlobalParameterValues
{
    public static JsonNode? Value(JsonNode? declaration) =>
        declaration is JsonObject { Count: 2 } json && json.TextMember("type") is not null && json.TryMember("value", out var value)
            ? value
            : declaration;

    /// <summary>The values of a map of declarations.</summary>
    public static JsonObject Values(JsonObject declarations)
    {
        var values = new JsonObject();
        foreach (var (name, declaration) in declarations)
        {
            values[name] = declaration is JsonObject json && json.TryMember("value", out var value)
                ? value?.DeepClone()
                : Value(declaration)?.DeepClone();
        }

        return values;
    }
}
