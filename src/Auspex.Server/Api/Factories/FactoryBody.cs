using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Server.Api.Factories;

/// <summary>Reads the bodies of the management interface with the reader that reads definitions' files.</summary>
internal static class FactoryBody
{
    // What the JSON readers of clients and of the journal go down to is 64.
    private const int MaxDepth = 60;

    /// <summary>Reads an object.</summary>
    /// <exception cref="ServiceErrorException">400 or 413: no JSON object, nested too deep, or too large.</exception>
    public static async Task<JsonObject> ReadAsync(FactoryCall call, int limitInBytes) =>
        await TryReadAsync(call, limitInBytes)
        ?? throw FactoryErrors.BadRequest("The request has no body; expected a JSON object.");

    /// <summary>Reads an object; null when there is no body or it is JSON null.</summary>
    /// <exception cref="ServiceErrorException">400 or 413: no JSON object, nested too deep, or too large.</exception>
    public static async Task<JsonObject?> TryReadAsync(FactoryCall call, int limitInBytes) =>
        await ReadNodeAsync(call, limitInBytes) switch
        {
            null => null,
            JsonObject json => json,
            _ => throw FactoryErrors.BadRequest("The request body is no JSON object."),
        };

    /// <summary>Reads any JSON; null when there is no body or it is JSON null.</summary>
    /// <exception cref="ServiceErrorException">400 or 413: no JSON, nested too deep, or too large.</exception>
    public static async Task<JsonNode?> ReadNodeAsync(FactoryCall call, int limitInBytes)
    {
        using var body = await RequestBody.ReadAsync(call.Context, limitInBytes);
        var trimmed = body.Bytes.Span.Trim(" \t\r\n"u8);
        if (trimmed.IsEmpty || trimmed.SequenceEqual("null"u8))
        {
            return null;
        }

        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var text = LenientJson.Parse(body.Bytes.Span, null, diagnostics);
        if (diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
        {
            throw FactoryErrors.InvalidDefinition(
                $"The request body is not valid JSON: {error.Message}",
                error.JsonPath,
                [.. diagnostics.Select(diagnostic => new ServiceErrorDetail(diagnostic.Code.Value, diagnostic.Message, diagnostic.JsonPath)).Take(20)]);
        }

        if (text.Root is null || text.IsFragment)
        {
            throw FactoryErrors.BadRequest("The request body is no JSON object.");
        }

        return IsDeeper(text.Root, MaxDepth)
            ? throw FactoryErrors.BadRequest(FormattableString.Invariant(
                $"The request body is nested more than {MaxDepth} levels deep."))
            : text.Root;
    }

    private static bool IsDeeper(JsonNode? node, int levels) => node switch
    {
        null or JsonValue => false,
        _ when levels == 0 => true,
        JsonObject json => json.Any(member => IsDeeper(member.Value, levels - 1)),
        JsonArray array => array.Any(element => IsDeeper(element, levels - 1)),
        _ => false,
    };
}
