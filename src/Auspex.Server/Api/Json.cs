using System.Text.Encodings.Web;
using System.Text.Json;

namespace Auspex.Server.Api;

/// <summary>How this server reads and writes JSON over HTTP.</summary>
internal static class Json
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>Non-ASCII text stays readable: the content type says UTF-8, and nothing here goes into HTML.</summary>
    public static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What other JSON readers in this field let pass too.</summary>
    public static readonly JsonDocumentOptions DocumentOptions = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>Writes a whole answer. The status must be set before.</summary>
    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        JsonAnswer.Write(context.Response, write);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    /// <summary>Reads a small JSON body; null when there is no body.</summary>
    /// <remarks>
    /// Ignores the content type and a content encoding: clients of this protocol send <c>text/json</c>, unknown charsets
    /// and <c>Content-Encoding: UTF-8</c>.
    /// </remarks>
    /// <exception cref="ServiceErrorException">400 or 413: not JSON, or larger than the limit.</exception>
    public static async Task<JsonDocument?> ReadAsync(HttpContext context, int limitInBytes)
    {
        using var body = await RequestBody.ReadAsync(context, limitInBytes);
        if (body.Bytes.IsEmpty)
        {
            return null;
        }

        try
        {
            return JsonDocument.Parse(body.Bytes.ToArray(), DocumentOptions);
        }
        catch (JsonException e)
        {
            throw ServiceErrors.RequestBodyInvalid($"The request body is not valid JSON: {e.Message}");
        }
    }

    /// <summary>A member by name, exactly or else ignoring case; undefined when there is none or this is no object.</summary>
    public static JsonElement Member(this JsonElement element, string name)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return default;
        }

        if (element.TryGetProperty(name, out var exact))
        {
            return exact;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return default;
    }

    /// <summary>A text member; null when it is absent, null or no text.</summary>
    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>Whether a member is there and not null.</summary>
    public static bool IsGiven(this JsonElement element) =>
        element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
}
