using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auspex.Definitions;

/// <summary>
/// Reads members of author-written JSON the way Data Factory does: a name is matched exactly and, where that is absent,
/// ignoring case (<c>FilePath</c> for <c>filePath</c>); numbers and booleans may be written as text and the reverse.
/// </summary>
public static class JsonMembers
{
    /// <summary>The name as written of the member meant by <paramref name="name"/>; null when there is none.</summary>
    public static string? MemberName(this JsonObject json, string name)
    {
        if (json.ContainsKey(name))
        {
            return name;
        }

        foreach (var (candidate, _) in json)
        {
            if (string.Equals(candidate, name, StringComparison.OrdinalIgnoreCase))
            {
                return candidate;
            }
        }

        return null;
    }

    /// <summary>Whether the member is there, JSON null included.</summary>
    public static bool TryMember(this JsonObject json, string name, out JsonNode? value)
    {
        var actual = json.MemberName(name);
        value = actual is null ? null : json[actual];
        return actual is not null;
    }

    /// <summary>The member's value; null when it is absent or JSON null.</summary>
    public static JsonNode? Member(this JsonObject json, string name) =>
        json.TryMember(name, out var value) ? value : null;

    /// <summary>The member when it is an object; null otherwise.</summary>
    public static JsonObject? ObjectMember(this JsonObject json, string name) => json.Member(name) as JsonObject;

    /// <summary>The member when it is an array; null otherwise.</summary>
    public static JsonArray? ArrayMember(this JsonObject json, string name) => json.Member(name) as JsonArray;

    /// <summary>The member as text; see <see cref="AsText"/>.</summary>
    public static string? TextMember(this JsonObject json, string name) => json.Member(name).AsText();

    /// <summary>The member as a boolean; see <see cref="AsBoolean"/>.</summary>
    public static bool? BooleanMember(this JsonObject json, string name) => json.Member(name).AsBoolean();

    /// <summary>The member as an integer; see <see cref="AsInteger"/>.</summary>
    public static long? IntegerMember(this JsonObject json, string name) => json.Member(name).AsInteger();

    /// <summary>Text as it is, a number as its digits, a boolean as <c>true</c> or <c>false</c>; null for anything else.</summary>
    public static string? AsText(this JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.String => node.GetValue<string>(),
        JsonValueKind.Number => node.ToJsonString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };

    /// <summary>A boolean, or the text <c>true</c> or <c>false</c> in any case; null for anything else.</summary>
    public static bool? AsBoolean(this JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(node.GetValue<string>(), out var value) => value,
        _ => null,
    };

    /// <summary>A whole number, <c>15</c>, <c>15.0</c> or <c>"15"</c>; null for anything else.</summary>
    public static long? AsInteger(this JsonNode? node)
    {
        var text = node?.GetValueKind() is JsonValueKind.Number or JsonValueKind.String ? node.AsText() : null;
        if (text is null)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;
    }

    /// <summary>
    /// The text of an expression: a string that begins with <c>@</c> (but not <c>@@</c>) or holds <c>@{</c>, or what stands in
    /// <c>{"type": "Expression", "value": "..."}</c> (<c>content</c> is read too). Null when the node is no expression.
    /// </summary>
    public static string? AsExpression(this JsonNode? node)
    {
        if (node is JsonObject json)
        {
            return json.Count == 2 && string.Equals(json.TextMember("type"), "Expression", StringComparison.OrdinalIgnoreCase)
                ? (json.Member("value") ?? json.Member("content")) is JsonValue value ? value.AsText() : null
                : null;
        }

        return node?.GetValueKind() == JsonValueKind.String && node.GetValue<string>() is { } text && IsExpressionText(text)
            ? text
            : null;
    }

    /// <summary>Whether evaluating this text may give something else than the text.</summary>
    internal static bool IsExpressionText(string text) =>
        (text.StartsWith('@') && !text.StartsWith("@@", StringComparison.Ordinal))
        || text.Contains("@{", StringComparison.Ordinal);

    /// <summary>What a node is, in words for a message.</summary>
    internal static string Describe(this JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => "a boolean",
    };
}
