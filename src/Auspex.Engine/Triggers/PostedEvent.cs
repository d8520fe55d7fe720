using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Engine.Triggers;

/// <summary>An event as Event Grid's web hook delivers it, in either schema.</summary>
/// <param name="Id">Unique at its source.</param>
/// <param name="Type">Such as <c>Microsoft.Storage.BlobCreated</c>.</param>
/// <param name="Source">The topic or source; empty when it is not told.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Time">When it happened; null when it is not told.</param>
/// <param name="Json">
/// All of it; an event in the CloudEvents schema also has <c>eventType</c>, <c>eventTime</c> and <c>topic</c>, which is how triggers
/// read events.
/// </param>
internal sealed record PostedEvent(string Id, string Type, string Source, string Subject, DateTimeOffset? Time, JsonObject Json)
{
    private const string Validation = "Microsoft.EventGrid.SubscriptionValidationEvent";

    /// <summary>What the event is about in detail.</summary>
    public JsonObject? Data => Json.ObjectMember("data");

    /// <summary>The code to answer when this asks whether the web hook is ours; null otherwise.</summary>
    public string? ValidationCode => Type.Equals(Validation, StringComparison.OrdinalIgnoreCase) ? Data?.TextMember("validationCode") : null;

    /// <summary>Reads one event or an array of them.</summary>
    /// <exception cref="TriggerException">Something is no event.</exception>
    public static ImmutableArray<PostedEvent> ReadAll(JsonNode? body) => body switch
    {
        JsonArray several => [.. several.Select((entry, index) => Read(entry, string.Create(CultureInfo.InvariantCulture, $"$[{index}]")))],
        _ => [Read(body, "$")],
    };

    private static PostedEvent Read(JsonNode? node, string place)
    {
        if (node is not JsonObject given)
        {
            throw Unreadable(place, "it is no JSON object");
        }

        var json = (JsonObject)given.DeepClone();
        var isCloudEvent = json.Member("specversion") is not null;
        var type = isCloudEvent ? "type" : "eventType";
        var source = isCloudEvent ? "source" : "topic";
        var time = isCloudEvent ? "time" : "eventTime";
        if (isCloudEvent)
        {
            json.TryAdd("eventType", json.Member(type)?.DeepClone());
            json.TryAdd("eventTime", json.Member(time)?.DeepClone());
            json.TryAdd("topic", json.Member(source)?.DeepClone());
        }

        return new PostedEvent(
            json.TextMember("id") is { Length: > 0 } id ? id : throw Unreadable(place, "it has no 'id'"),
            json.TextMember(type) is { Length: > 0 } name ? name : throw Unreadable(place, $"it has no '{type}'"),
            json.TextMember(source) ?? string.Empty,
            json.TextMember("subject") ?? string.Empty,
            DateTimeOffset.TryParse(json.TextMember(time), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
                ? moment.ToUniversalTime()
                : null,
            json);
    }

    private static TriggerException Unreadable(string place, string why) => new(
        ErrorCode.EventUnreadable,
        TriggerError.Invalid,
        $"What stands at {place} is no event: {why}. Expected Event Grid's schema (id, eventType, subject, data) or the CloudEvents schema (specversion, id, type, source).");
}
