using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Activities.MachineLearning;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External.Web;

/// <summary>A call that an activity makes.</summary>
/// <param name="Method">The method, upper case.</param>
/// <param name="Address">Where.</param>
/// <param name="Headers">Headers, those of the body included.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record WebCall(
    HttpMethod Method, Uri Address, IReadOnlyList<KeyValuePair<string, string>> Headers, string? Body)
{
    /// <summary>The address without what may be a secret.</summary>
    public string Shown => Show(Address);

    /// <summary>An address without what may be a secret.</summary>
    public static string Show(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>An activity's address, redirected as the overlay says.</summary>
    /// <exception cref="ActivityException">It is no address of the web.</exception>
    public static Uri ReadAddress(ActivityAttempt attempt, EndpointAddresses addresses, string written, string property) =>
        Uri.TryCreate(addresses.Redirect(attempt.Factory, written.Trim()), UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https" && address.Host.Length > 0
            ? address
            : throw ActivityFailures.Wrong(attempt.Activity.Name, property, "a text that is no address", "http://HOST/PATH or https://HOST/PATH");

    /// <summary>The headers that an activity gives: an object, or the JSON text of one.</summary>
    /// <exception cref="ActivityException">They are none, or cannot be sent.</exception>
    public static List<KeyValuePair<string, string>> ReadHeaders(PropertyReader properties)
    {
        var written = properties.Json.Member("headers");
        if (written.AsText() is { } text)
        {
            written = text.Trim().Length == 0 ? null : WebJson.TryParse(text) as JsonObject ?? throw properties.Wrong("headers", "an object of names and values");
        }

        if (written is null)
        {
            return [];
        }

        var headers = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in written as JsonObject ?? throw properties.Wrong("headers", "an object of names and values"))
        {
            var sent = value.AsText() ?? value?.ToJsonString() ?? "";
            if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal)))
            {
                throw ActivityFailures.Wrong(properties.Activity, properties.At("headers"), $"the header name '{name}'", "a name of letters, digits and hyphens");
            }

            // The value is not shown: it may be a token.
            if (sent.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0)
            {
                throw ActivityFailures.Wrong(properties.Activity, properties.At($"headers['{name}']"), "a value with a line break", "a value of one line");
            }

            headers.Add(KeyValuePair.Create(name, sent));
        }

        return headers;
    }

    /// <summary>The body that an activity gives: text as it is, anything else as JSON; null for none.</summary>
    public static string? ReadBody(PropertyReader properties) => properties.Json.Member("body") switch
    {
        null => null,
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        var json => json.ToJsonString(WebJson.Plain),
    };

    /// <summary>A body that must be an object, to add members to it; an empty one when there is none.</summary>
    /// <exception cref="ActivityException">It is something else.</exception>
    public static JsonObject ReadObjectBody(PropertyReader properties, string why) => properties.Json.Member("body") switch
    {
        null => [],
        JsonObject json => (JsonObject)json.DeepClone(),
        JsonValue value when string.IsNullOrWhiteSpace(value.AsText()) => [],
        JsonValue value when value.GetValueKind() == JsonValueKind.String && WebJson.TryParse(value.GetValue<string>()) is JsonObject parsed => parsed,
        _ => throw ActivityFailures.Wrong(
            properties.Activity, properties.At("body"), "something that is no JSON object", $"a JSON object, since {why}"),
    };
}
