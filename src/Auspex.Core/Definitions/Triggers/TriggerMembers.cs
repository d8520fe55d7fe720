using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Expressions;

namespace Auspex.Definitions.Triggers;

/// <summary>Reads members of a trigger's JSON and reports those that cannot be read.</summary>
internal sealed class TriggerMembers
{
    private readonly string _what;
    private readonly JsonObject _body;
    private readonly DefinitionReport _report;
    private readonly Completeness _completeness;

    public TriggerMembers(string what, JsonObject json, JsonObject body, DefinitionReport report)
        : this(what, json, body, report, new Completeness())
    {
    }

    private TriggerMembers(string what, JsonObject json, JsonObject body, DefinitionReport report, Completeness completeness) =>
        (_what, Json, _body, _report, _completeness) = (what, json, body, report, completeness);

    public JsonObject Json { get; }

    /// <summary>Whether no part was a template's parameter whose value is not known.</summary>
    public bool IsComplete => !_completeness.IsBroken;

    public TriggerMembers In(JsonObject json) => new(_what, json, _body, _report, _completeness);

    /// <summary>The members of an object; an empty one where it is absent.</summary>
    public TriggerMembers Object(string name)
    {
        if (Value(name) is not (null or JsonObject))
        {
            WrongType(name, "an object");
        }

        return In(Json.ObjectMember(name) ?? []);
    }

    public IReadOnlyList<JsonNode?> Array(string name)
    {
        switch (Value(name))
        {
            case null:
                return [];
            case JsonArray array:
                return [.. array];
            default:
                WrongType(name, "an array");
                return [];
        }
    }

    public ImmutableArray<string> Texts(string name, bool isRequired)
    {
        var texts = ImmutableArray.CreateBuilder<string>();
        foreach (var entry in Array(name))
        {
            if (entry.AsText() is { } text)
            {
                texts.Add(text);
            }
            else
            {
                WrongType(name, "an array of texts");
            }
        }

        if (isRequired && texts.Count == 0 && Value(name) is null or JsonArray { Count: 0 })
        {
            Missing(name, "an array of at least one event type");
        }

        return texts.ToImmutable();
    }

    public string? Text(string name, bool isRequired)
    {
        var node = Value(name);
        if (node is null)
        {
            if (isRequired)
            {
                Missing(name, "text");
            }

            return null;
        }

        if (node.AsText() is { } text)
        {
            return text;
        }

        WrongType(name, "text");
        return null;
    }

    public bool? Boolean(string name)
    {
        var node = Value(name);
        if (node is not null && node.AsBoolean() is null)
        {
            WrongType(name, "true or false");
        }

        return node.AsBoolean();
    }

    public long? Integer(string name, int least, int most)
    {
        if (Value(name) is not { } node)
        {
            return null;
        }

        if (node.AsInteger() is { } number && number >= least && number <= most)
        {
            return number;
        }

        WrongType(name, most == int.MaxValue ? $"a whole number of at least {least}" : $"a whole number from {least} to {most}");
        return null;
    }

    /// <summary>A span such as <c>01:00:00</c> or <c>1.00:00:00</c>.</summary>
    public TimeSpan? Span(string name)
    {
        if (Value(name) is not { } node)
        {
            return null;
        }

        if (TimeSpan.TryParse(node.AsText(), CultureInfo.InvariantCulture, out var span))
        {
            return span;
        }

        WrongType(name, "a span of time such as \"01:00:00\"");
        return null;
    }

    /// <summary>An instant; one without <c>Z</c> or offset is read by the clock of a zone.</summary>
    public DateTimeOffset? Instant(string name, TimeZoneInfo zone, bool isRequired)
    {
        if (Value(name) is not { } node)
        {
            if (isRequired)
            {
                _report.Error(ErrorCode.MissingMember, Json, $"The {_what} has no '{name}'.");
            }

            return null;
        }

        if (LocalTime.TryParse(node.AsText(), zone, out var instant))
        {
            return instant;
        }

        _report.Error(
            ErrorCode.TriggerTime,
            node,
            $"Found '{node.AsText()}' for '{name}', expected a time such as \"2024-01-31T06:00:00Z\", or without the 'Z' by the clock of 'timeZone'.");
        return null;
    }

    /// <summary>A zone by Windows or IANA id; UTC where none is named.</summary>
    public TimeZoneInfo? Zone(string name)
    {
        if (Value(name).AsText() is not { Length: > 0 } id)
        {
            return TimeZoneInfo.Utc;
        }

        if (LocalTime.FindZone(id) is { } zone)
        {
            return zone;
        }

        _report.Error(
            ErrorCode.UnknownTimeZone,
            Json.Member(name),
            WindowsTimeZones.Find(id, out _) == WindowsTimeZones.Outcome.NoSystemData
                ? $"The time zone '{id}' is known, but this machine has no rules for it. Install the system's package of time zones (tzdata)."
                : $"Found '{id}' for '{name}', expected a time zone by its Windows id (\"W. Europe Standard Time\") or IANA id (\"Europe/Berlin\")."
                    + NearestName.Hint(id, WindowsTimeZones.Ids));
        return null;
    }

    public RecurrenceFrequency? Frequency(IReadOnlyList<RecurrenceFrequency> allowed)
    {
        if (Value("frequency") is null)
        {
            if (IsComplete)
            {
                _report.Error(ErrorCode.MissingMember, Json, $"The {_what} has no 'frequency'.");
            }

            return null;
        }

        var name = OneOf("frequency", [.. allowed.Select(frequency => frequency.ToString())]);
        return name is null ? null : Enum.Parse<RecurrenceFrequency>(name);
    }

    public string? OneOf(string name, IReadOnlyList<string> allowed)
    {
        var text = Text(name, isRequired: true);
        if (text is null)
        {
            return null;
        }

        if (allowed.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
        {
            return found;
        }

        UnknownValue(name, text, allowed);
        return null;
    }

    public void UnknownValue(string name, string found, IReadOnlyList<string> allowed) => _report.Error(
        ErrorCode.UnknownValue,
        Json.Member(name),
        $"Found '{found}' for '{name}', expected one of {string.Join(", ", allowed)}." + NearestName.Hint(found, allowed));

    public void Missing(string name, string expected) => _report.Error(
        ErrorCode.MissingMember, Json, $"The {_what} has no '{name}'; expected {expected}.");

    public void MissingTime(string where)
    {
        if (IsComplete && !ArmText.IsExpression(_body.Member("typeProperties")) && !ArmText.IsExpression(Json.Member(where)))
        {
            _report.Error(ErrorCode.MissingMember, _body, $"The {_what} has no '{where}', which says when it starts.");
        }
    }

    public void Wrong(string name, string message) =>
        _report.Add(ErrorCode.TriggerShape, DiagnosticSeverity.Error, Json, name, message);

    public void Unusual(string name, string message) =>
        _report.Add(ErrorCode.TriggerShape, DiagnosticSeverity.Warning, Json, name, message);

    public void OutsideRange(string name, string message) =>
        _report.Add(ErrorCode.OutsideServiceRange, DiagnosticSeverity.Warning, Json, name, message);

    public void WrongType(string name, string expected) => _report.WrongType(Json, name, expected);

    // A template's parameter without a value may be anything.
    private JsonNode? Value(string name)
    {
        var node = Json.Member(name);
        if (!ArmText.IsExpression(node))
        {
            return node;
        }

        _completeness.IsBroken = true;
        return null;
    }

    private sealed class Completeness
    {
        public bool IsBroken { get; set; }
    }
}
