using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Text of an ARM template: <c>[expression]</c>, <c>[[literal</c>, or plain.</summary>
internal static class ArmText
{
    public static bool IsExpression(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.String && IsExpression(node.GetValue<string>());

    public static bool IsExpression(string text) => text is ['[', not '[', .., ']'];

    /// <summary>A literal that begins with a bracket is written with two.</summary>
    public static string Unescape(string text) => text.StartsWith("[[", StringComparison.Ordinal) ? text[1..] : text;

    /// <summary>The parameter of an expression that is nothing but <c>[parameters('X')]</c>; null for any other.</summary>
    public static string? OnlyParameter(string text)
    {
        const string Start = "[parameters('";
        const string End = "')]";
        var inner = text.StartsWith(Start, StringComparison.OrdinalIgnoreCase) && text.EndsWith(End, StringComparison.Ordinal)
            ? text[Start.Length..^End.Length]
            : null;
        return inner?.Contains('\'', StringComparison.Ordinal) == false ? inner : null;
    }
}
