using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Reads the documents of a JSON text one by one: the elements of one array, or values that follow each other, on lines of their
/// own or not. Memory holds one document at a time.
/// </summary>
public static class JsonDocumentReader
{
    private static readonly JsonSerializerOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        MaxDepth = 512,
    };

    /// <summary>The documents in order; JSON null is null.</summary>
    /// <param name="stream">The text; left open.</param>
    /// <param name="encodingName">Its encoding where no mark says otherwise; null for UTF-8.</param>
    /// <param name="name">What to call the text in messages.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="TableFormatException">It is no JSON.</exception>
    public static async IAsyncEnumerable<JsonNode?> ReadAsync(
        Stream stream, string? encodingName, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var decoded = await TextEncodings.DecodeAsync(stream, encodingName, name, cancellationToken);
        var (first, isArray) = await SkipBlanksAsync(decoded.Utf8, cancellationToken);
        if (first.Length == 0)
        {
            yield break;
        }

        await using var text = new TextEncodings.PrefixedStream(first, decoded.Utf8, leaveOpen: true);
        var documents = JsonSerializer.DeserializeAsyncEnumerable<JsonNode>(
            text, topLevelValues: !isArray, Lenient, cancellationToken);
        await using var found = documents.GetAsyncEnumerator(cancellationToken);
        for (var count = 0L; ; count++)
        {
            try
            {
                if (!await found.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (JsonException broken)
            {
                throw new TableFormatException(
                    ErrorCode.JsonInvalid,
                    $"{name}: found something that is no JSON after {count} documents (line {(broken.LineNumber ?? 0) + 1}); expected one array, "
                    + "or documents one after the other.",
                    inner: broken);
            }

            yield return found.Current;
        }
    }

    /// <summary>The first byte that is no blank, and whether it begins an array.</summary>
    private static async Task<(byte[] First, bool IsArray)> SkipBlanksAsync(Stream utf8, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        while (await utf8.ReadAsync(one, cancellationToken) > 0)
        {
            if (one[0] is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
            {
                return (one, one[0] == (byte)'[');
            }
        }

        return ([], false);
    }
}
