using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities;

/// <summary>Reads evaluated properties, tolerant as Data Factory: names ignoring case, numbers and booleans also as text, null as absent.</summary>
/// <param name="json">The object; empty when it is not there.</param>
/// <param name="path">Its JSON path, for messages.</param>
/// <param name="activity">The activity's name, for messages.</param>
internal sealed partial class PropertyReader(JsonObject json, string path, string activity)
{
    /// <summary>The object itself.</summary>
    public JsonObject Json => json;

    /// <summary>The activity's name.</summary>
    public string Activity => activity;

    /// <summary>The object's <c>type</c>; empty when it has none.</summary>
    public string Type => Text("type") ?? "";

    /// <summary>The properties of an attempt.</summary>
    public static PropertyReader Of(ActivityAttempt attempt) =>
        new(attempt.TypeProperties, "$.typeProperties", attempt.Activity.Name);

    /// <summary>Whether a property is there and not null.</summary>
    public bool Has(string name) => json.Member(name) is not null;

    /// <summary>An object inside; one without members when it is absent.</summary>
    public PropertyReader Object(string name) => json.Member(name) switch
    {
        null => new PropertyReader([], At(name), activity),
        JsonObject inner => new PropertyReader(inner, At(name), activity),
        var other => throw ActivityFailures.Wrong(activity, At(name), Describe(other), "an object"),
    };

    /// <summary>An object that must be there.</summary>
    public PropertyReader RequiredObject(string name) => Has(name) ? Object(name) : throw Missing(name);

    /// <summary>A text; null when it is absent or empty.</summary>
    public string? Text(string name) => Raw(name) is { Length: > 0 } text ? text : null;

    /// <summary>A text, the empty one included; null when it is absent.</summary>
    public string? Raw(string name) => json.Member(name) switch
    {
        null => null,
        JsonValue value => value.AsText(),
        var other => throw ActivityFailures.Wrong(activity, At(name), Describe(other), "text"),
    };

    /// <summary>A text that must be there.</summary>
    public string Required(string name) => Text(name) ?? throw Missing(name);

    /// <summary>A boolean; <paramref name="absent"/> when it is not there.</summary>
    public bool Boolean(string name, bool absent) => json.Member(name) switch
    {
        null => absent,
        JsonValue value when value.AsText() is "" => absent,
        var node => node.AsBoolean() ?? throw ActivityFailures.Wrong(activity, At(name), Describe(node), "true or false"),
    };

    /// <summary>A whole number within bounds; null when it is not there.</summary>
    public long? Integer(string name, long min, long max)
    {
        if (json.Member(name) is not { } node || node.AsText() is "")
        {
            return null;
        }

        return node.AsInteger() is { } number && number >= min && number <= max
            ? number
            : throw ActivityFailures.Wrong(
                activity, At(name), Describe(node), string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"));
    }

    /// <summary>An instant, UTC unless it says otherwise; null when it is not there.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : throw ActivityFailures.Wrong(activity, At(name), $"'{text}'", "a date and time such as 2024-01-31T00:00:00Z");
    }

    /// <summary>A time span <c>[d.]hh:mm:ss</c>; null when it is not there.</summary>
    public TimeSpan? Duration(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var match = DurationPattern().Match(text.Trim());
        return match.Success
            ? new TimeSpan(Part(match, 1), Part(match, 2), Part(match, 3), Part(match, 4))
            : throw ActivityFailures.Wrong(activity, At(name), $"'{text}'", "a time span such as 0.12:00:00 (d.hh:mm:ss)");
    }

    /// <summary>A list; empty when it is not there.</summary>
    public JsonArray Array(string name) => json.Member(name) switch
    {
        null => [],
        JsonArray array => array,
        var other => throw ActivityFailures.Wrong(activity, At(name), Describe(other), "an array"),
    };

    /// <summary>The failure of a property that must be there.</summary>
    public ActivityException Missing(string name) => ActivityFailures.Missing(activity, At(name));

    /// <summary>The failure of a property whose value means nothing.</summary>
    public ActivityException Wrong(string name, string expected) =>
        ActivityFailures.Wrong(activity, At(name), Describe(json.Member(name)), expected);

    /// <summary>A member's JSON path.</summary>
    public string At(string name) => $"{path}.{name}";

    private static int Part(Match match, int group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture) : 0;

    private static string Describe(JsonNode? node) => node?.GetValueKind() switch
    {
        null => "null",
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => $"'{node}'",
    };

    [GeneratedRegex(@"^(?:([0-9]{1,5})\.)?([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})$", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();
}
