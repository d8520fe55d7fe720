using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Reading;

/// <summary>Reads the members of one object of a test file; whatever is wrong is reported at its own place.</summary>
/// <remarks>Names are exact: a member that nothing asked for is reported by <see cref="Close"/>.</remarks>
internal sealed class TestMembers(JsonObject json, string what, DefinitionOrigin origin, IList<Diagnostic> diagnostics)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public JsonObject Json => json;

    /// <summary>Reads another object of the same file.</summary>
    public TestMembers Of(JsonObject inner, string name) => new(inner, name, origin, diagnostics);

    public JsonNode? Node(string name)
    {
        _asked.Add(name);
        return json[name];
    }

    public bool Has(string name)
    {
        _asked.Add(name);
        return json.ContainsKey(name);
    }

    public string? Text(string name) => Read(name, "text", node => node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null);

    public JsonObject? Object(string name) => Read(name, "an object", node => node as JsonObject);

    public JsonArray? Array(string name) => Read(name, "a list", node => node as JsonArray);

    public bool? Boolean(string name) =>
        Read(name, "true or false", node => node.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? (bool?)node.GetValue<bool>() : null);

    public int? Count(string name) => Read(name, "a whole number from 0", AsCount);

    public TimeSpan? Span(string name) => Read(name, "a time span such as '00:05:00' (d.hh:mm:ss)", AsSpan);

    public DateTimeOffset? Time(string name) => Read(name, "a time such as '2024-01-31T00:00:00Z'", AsTime);

    /// <summary>A text that must be one of a few.</summary>
    public string? Word(string name, params ReadOnlySpan<string> words)
    {
        if (Text(name) is not { } text || words.Contains(text))
        {
            return json[name] is JsonValue ? Text(name) : null;
        }

        Error(ErrorCode.TestMemberInvalid, json[name], $"Found '{text}' for '{name}', expected one of {string.Join(", ", words!)}.{NearestName.Hint(text, words.ToArray())}");
        return null;
    }

    /// <summary>A value, or a list of them, as a list.</summary>
    public static IEnumerable<JsonNode> OneOrMore(JsonNode? node) => node switch
    {
        null => [],
        JsonArray list => list.OfType<JsonNode>(),
        _ => [node],
    };

    public static int? AsCount(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.Number
        && int.TryParse(node.ToJsonString(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    public static TimeSpan? AsSpan(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.String
        && TimeSpan.TryParseExact(
            node.GetValue<string>(), [@"d\.hh\:mm\:ss", @"hh\:mm\:ss", @"hh\:mm\:ss\.FFFFFFF", @"d\.hh\:mm\:ss\.FFFFFFF"], CultureInfo.InvariantCulture, out var span)
            ? span : null;

    public static DateTimeOffset? AsTime(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.String
        && DateTimeOffset.TryParse(
            node.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : null;

    public void Error(ErrorCode code, JsonNode? node, string message) =>
        diagnostics.Add(origin.Diagnose(code, DiagnosticSeverity.Error, message, node ?? json));

    /// <summary>The line of this object.</summary>
    public int? Line => origin.Diagnose(ErrorCode.TestMemberInvalid, DiagnosticSeverity.Error, "", json).Line;

    /// <summary>Reports the members that nothing asked for.</summary>
    public void Close()
    {
        foreach (var (name, value) in json.Where(member => !_asked.Contains(member.Key)))
        {
            var hint = NearestName.Hint(name, _asked);
            Error(
                ErrorCode.TestMemberUnknown,
                value,
                $"{what} has no member '{name}'.{(hint.Length > 0 ? hint : $" It has {string.Join(", ", _asked.Order(StringComparer.Ordinal))}.")}");
        }
    }

    private T? Read<T>(string name, string expected, Func<JsonNode, T?> read)
    {
        if (Node(name) is not { } node)
        {
            if (json.ContainsKey(name))
            {
                Error(ErrorCode.TestMemberInvalid, json, $"Found null for '{name}', expected {expected}.");
            }

            return default;
        }

        if (read(node) is { } value)
        {
            return value;
        }

        Error(ErrorCode.TestMemberInvalid, node, $"Found {Checking.JsonDifference.Show(node)} for '{name}', expected {expected}.");
        return default;
    }
}
