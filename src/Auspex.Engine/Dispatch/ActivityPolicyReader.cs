using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.Dispatch;

/// <summary>Reads evaluated policy values, tolerant as Data Factory's own files demand: numbers may stand as text.</summary>
internal static class ActivityPolicyReader
{
    /// <summary>A time span <c>[d.]hh:mm:ss</c>.</summary>
    /// <exception cref="ActivityException">It is no such text.</exception>
    public static TimeSpan ReadTimeSpan(JsonNode? value, string property, string activity)
    {
        if (Text(value) is { } text && TryParse(text.Trim(), out var span))
        {
            return span;
        }

        throw Invalid(
            $"Found {Describe(value)} in '{property}' of activity '{activity}', expected a time span such as '0.12:00:00' (d.hh:mm:ss).");
    }

    /// <summary>A whole number from <paramref name="min"/> to <paramref name="max"/>.</summary>
    /// <exception cref="ActivityException">It is no such number.</exception>
    public static long ReadInteger(JsonNode? value, string property, string activity, long min, long max)
    {
        if (TryReadInteger(value, out var number) && number >= min && number <= max)
        {
            return number;
        }

        throw Invalid(string.Create(CultureInfo.InvariantCulture,
            $"Found {Describe(value)} in '{property}' of activity '{activity}', expected a whole number from {min} to {max}."));
    }

    /// <summary>A Boolean, or the text of one.</summary>
    public static bool? ReadBoolean(JsonNode? value) => value is JsonValue scalar
        ? scalar.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(scalar.GetValue<string>(), out var parsed) => parsed,
            _ => null,
        }
        : null;

    public static bool TryReadInteger(JsonNode? value, out long number)
    {
        number = 0;
        if (value is not JsonValue scalar)
        {
            return false;
        }

        return scalar.GetValueKind() switch
        {
            JsonValueKind.Number => decimal.TryParse(
                    scalar.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
                && TryTruncate(exact, out number),
            JsonValueKind.String => long.TryParse(
                scalar.GetValue<string>().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }

    /// <summary>A value's type in the words of the expression language.</summary>
    public static string TypeName(JsonNode? value) => value switch
    {
        null => "Null",
        JsonObject => "Object",
        JsonArray => "Array",
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => "String",
            JsonValueKind.True or JsonValueKind.False => "Boolean",
            JsonValueKind.Number => value.ToJsonString().AsSpan().IndexOfAny('.', 'e', 'E') < 0 ? "Integer" : "Float",
            _ => "Null",
        },
    };

    private static string? Text(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : null;

    private static bool TryTruncate(decimal exact, out long number)
    {
        var whole = exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue;
        number = whole ? (long)exact : 0;
        return whole;
    }

    // Not TimeSpan.Parse: that reads "24:00:00" as 24 days, where Data Factory's pattern means hours.
    private static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        var days = 0;
        var dot = text.IndexOf('.');
        if (dot >= 0)
        {
            if (!int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out days) || days > 10_000)
            {
                return false;
            }

            text = text[(dot + 1)..];
        }

        var parts = text.Split(':');
        if (parts.Length != 3
            || !TryPart(parts[0], 99, out var hours)
            || !TryPart(parts[1], 60, out var minutes)
            || !TryPart(parts[2], 60, out var seconds))
        {
            return false;
        }

        span = new TimeSpan(days, hours, minutes, seconds);
        return true;
    }

    private static bool TryPart(string text, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && text.Length is 1 or 2 && value <= max;

    private static string Describe(JsonNode? value) =>
        value is JsonValue scalar && scalar.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
            ? $"'{scalar}'"
            : $"a value of type {TypeName(value)}";

    private static ActivityException Invalid(string message) => new(
        ErrorCode.ActivityTemplate, Failures.InvalidTemplate, message, FailureType.UserError);
}
