using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Errors;
using Auspex.Expressions.Values;

namespace Auspex.Expressions;

/// <summary>Reads an <see cref="ExpressionContext"/> from the JSON that <c>auspex eval</c> takes.</summary>
public static class ContextJson
{
    /// <summary>
    /// Reads a context. Every member is optional: <c>parameters</c>, <c>globalParameters</c>, <c>pipeline</c>,
    /// <c>variables</c>, <c>activities</c>, <c>item</c>, <c>dataset</c>, <c>linkedService</c>, <c>trigger</c> and
    /// <c>utcNow</c>, which stops the clock at that time; others are ignored. A null member counts as absent, except
    /// that <c>item</c> may be null. Without <c>pipeline</c>, <c>parameters</c>, <c>variables</c> or <c>activities</c>
    /// the
    /// reference exists and is empty; without <c>item</c>, <c>dataset</c>, <c>linkedService</c> or <c>trigger</c> it is
    /// an error.
    /// </summary>
    /// <exception cref="ExpressionException">A member has the wrong type; the message names it.</exception>
    public static ExpressionContext Read(JsonObject context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var pipeline = Object(context, "pipeline") ?? [];
        return new ExpressionContext
        {
            Pipeline = pipeline,
            Parameters = Object(context, "parameters") ?? Object(pipeline, "parameters") ?? [],
            GlobalParameters = Object(context, "globalParameters") ?? Object(pipeline, "globalParameters") ?? [],
            Variables = (Object(context, "variables") ?? []).ToDictionary(StringComparer.Ordinal),
            Activities = Activities(context),
            Item = context.TryGetPropertyValue("item", out var item) ? item : default(Optional<JsonNode?>),
            Dataset = Object(context, "dataset"),
            LinkedService = Object(context, "linkedService"),
            Trigger = Object(context, "trigger"),
            Clock = Clock(context),
        };
    }

    private static Dictionary<string, JsonObject> Activities(JsonObject context)
    {
        var activities = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var (name, activity) in Object(context, "activities") ?? [])
        {
            activities[name] = activity as JsonObject ?? throw Unreadable($"activities.{name}", "an object");
        }

        return activities;
    }

    private static TimeProvider Clock(JsonObject context)
    {
        if (!context.TryGetPropertyValue("utcNow", out var value) || value is null)
        {
            return TimeProvider.System;
        }

        return value is JsonValue json
            && JsonConversion.TryGetText(json, out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? new StoppedClock(instant.ToUniversalTime())
            : throw Unreadable("utcNow", "a time in ISO 8601, such as 2024-03-01T09:30:00Z");
    }

    private static JsonObject? Object(JsonObject context, string name) =>
        !context.TryGetPropertyValue(name, out var value) || value is null
            ? null
            : value as JsonObject ?? throw Unreadable(name, "an object");

    private static ExpressionException Unreadable(string member, string expected) =>
        new(ErrorCode.ExpressionContextUnreadable, $"The context's member '{member}' is not {expected}.");

    private sealed class StoppedClock(DateTimeOffset instant) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => instant;
    }
}
