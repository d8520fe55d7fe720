using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Activities.External.Web;

/// <summary>JSON of other people's making.</summary>
internal static class WebJson
{
    // What the journal holds goes down to 64, and an output stands a few levels deep in it.
    private const int MostLevels = 56;

    /// <summary>Writes what is beyond ASCII as it is.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The tree; null when the text is no JSON, is JSON's null, or nested too deep. A name that repeats counts as it stands last.</summary>
    public static JsonNode? TryParse(string text)
    {
        try
        {
            var node = JsonNode.Parse(text, null, new JsonDocumentOptions { MaxDepth = MostLevels, AllowDuplicateProperties = false });
            return !text.Contains("\\ud", StringComparison.OrdinalIgnoreCase) || IsReadable(node) ? node : null;
        }
        catch (JsonException)
        {
            return IsJson(text) ? LenientJson.Parse(text, null, ImmutableArray.CreateBuilder<Diagnostic>()).Root : null;
        }
    }

    // Half of a surrogate pair is found only when a text is read, which must not be when a run reads its output.
    private static bool IsReadable(JsonNode? node)
    {
        try
        {
            return node switch
            {
                JsonObject json => json.All(member => IsReadable(member.Value)),
                JsonArray array => array.All(IsReadable),
                JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>() is not null,
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MostLevels });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
