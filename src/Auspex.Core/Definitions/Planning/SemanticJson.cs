using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Validation;

namespace Auspex.Definitions.Planning;

/// <summary>JSON by its meaning: without what is assumed anyway, and in one form where several mean the same.</summary>
internal static class SemanticJson
{
    // Lists whose order means nothing.
    private static readonly FrozenSet<string> Sets = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "dependsOn", "dependencyConditions", "annotations", "events", "fieldList", "userProperties", "minutes", "hours", "weekDays", "monthDays",
        "monthlyOccurrences", "pipelines", "preserve");

    // Values that are names of resources or activities, the same in whatever case.
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "referenceName", "activity", "variableName", "dependencyConditions", "method", "frequency", "runtimeState", "state");

    /// <summary>Normalizes the value of a member.</summary>
    /// <param name="node">The value; not changed.</param>
    /// <param name="type">The type that the value's defaults are those of: an activity's type for its <c>typeProperties</c>.</param>
    /// <param name="member">The member's name.</param>
    public static JsonNode? Of(JsonNode? node, string type = "", string member = "")
    {
        switch (node)
        {
            case JsonObject json when json.AsExpression() is { } expression:
                return JsonValue.Create(CanonicalExpression.Of(expression));
            case JsonObject json:
                return OfObject(json, type, member);
            case JsonArray array:
                var elements = array.Select(element => Of(element, string.Empty, member));
                return new JsonArray([.. Sets.Contains(member) ? elements.OrderBy(element => Text(element, member), StringComparer.OrdinalIgnoreCase) : elements]);
            case null:
                return null;
            default:
                return Scalar(node);
        }
    }

    /// <summary>The JSON text of a normalized value, members in the order of their names.</summary>
    public static string Text(JsonNode? node, string member = "") => node switch
    {
        null => "null",
        JsonObject json => $"{{{string.Join(',', json.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase).Select(entry => $"{JsonValue.Create(entry.Key.ToUpperInvariant()).ToJsonString()}:{Text(entry.Value, entry.Key)}"))}}}",
        JsonArray array => $"[{string.Join(',', array.Select(element => Text(element, member)))}]",
        _ when Names.Contains(member) && node.GetValueKind() == JsonValueKind.String && node.AsExpression() is null => node.ToJsonString().ToUpperInvariant(),
        _ => node.ToJsonString(),
    };

    /// <summary>A number without the zeros that mean nothing, a duration in one form, an expression in one form.</summary>
    public static JsonNode Scalar(JsonNode node)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.Number:
                return node.AsInteger() is { } whole ? JsonValue.Create(whole) : node.DeepClone();
            case JsonValueKind.String:
                var text = node.GetValue<string>();
                return JsonValue.Create(Duration(text) ?? CanonicalExpression.Of(text));
            default:
                return node.DeepClone();
        }
    }

    /// <summary>Normalizes an object, whatever it looks like.</summary>
    public static JsonObject OfObject(JsonObject json, string type, string member)
    {
        // A source, a sink and their settings bear a type of their own; a policy is known by its name.
        var own = json.TextMember("type") is { } named && member is not "typeProperties" and not "properties" ? named : type.Length > 0 ? type : member;
        var normal = new JsonObject();
        foreach (var (name, value) in json)
        {
            var inner = Coerce(own, name, Of(value, name is "typeProperties" ? own : string.Empty, name));
            if (!TypeDefaults.IsDefault(own, name, inner))
            {
                normal[name] = inner;
            }
        }

        return normal;
    }

    // "15" and 15, "true" and true are the same where a number or a boolean is wanted.
    private static JsonNode? Coerce(string type, string member, JsonNode? value)
    {
        if (value?.GetValueKind() != JsonValueKind.String)
        {
            return value;
        }

        var shape = ActivityShapes.Find(type)?.Members.FirstOrDefault(candidate => string.Equals(candidate.Name, member, StringComparison.OrdinalIgnoreCase))?.Shape;
        return shape switch
        {
            MemberShape.Integer when value.AsInteger() is { } number => JsonValue.Create(number),
            MemberShape.Boolean when value.AsBoolean() is { } boolean => JsonValue.Create(boolean),
            _ => member is "recursive" or "retry" or "interval" or "secureInput" or "secureOutput" or "firstRowAsHeader"
                ? (JsonNode?)(value.AsInteger() is { } whole ? JsonValue.Create(whole) : value.AsBoolean() is { } flag ? JsonValue.Create(flag) : value)
                : value,
        };
    }

    // 0.12:00:00 and 12:00:00.
    private static string? Duration(string text) =>
        text.Length is >= 7 and <= 20 && text.Contains(':', StringComparison.Ordinal) && char.IsAsciiDigit(text[0])
        && TimeSpan.TryParseExact(text, ["c", @"d\.hh\:mm\:ss", @"hh\:mm\:ss", @"d\.h\:mm\:ss"], CultureInfo.InvariantCulture, out var duration)
            ? duration.ToString(@"d\.hh\:mm\:ss", CultureInfo.InvariantCulture)
            : null;
}
