using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>
/// Reads request-response bodies straight into columns. Each input's shape is told by its JSON: an object with
/// <c>Values</c> is a table, an array holds rows, any other object is one row.
/// </summary>
internal static class ScoreRequestReader
{
    private static readonly JsonReaderOptions Options = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    /// <exception cref="ServiceErrorException">400, with the sub-code that says what does not fit.</exception>
    public static ScoreRequest Read(ReadOnlySpan<byte> json, ServiceShape shape)
    {
        if (json.IsEmpty)
        {
            throw ServiceErrors.RequestBodyInvalid("The request has no body; expected a JSON object with 'Inputs' and 'GlobalParameters'.");
        }

        try
        {
            return ReadJson(json, shape);
        }
        catch (JsonException e)
        {
            if (NonStandardNumbers.TryReplace(json) is { } mended)
            {
                try
                {
                    return ReadJson(mended, shape);
                }
                catch (JsonException)
                {
                    // The first error is the one in the caller's own text.
                }
            }

            throw ServiceErrors.RequestBodyInvalid($"The request body is not valid JSON: {e.Message}");
        }
    }

    private static ScoreRequest ReadJson(ReadOnlySpan<byte> json, ServiceShape shape)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw ServiceErrors.RequestBodyInvalid(
                "The request body is no JSON object; expected one with 'Inputs' and 'GlobalParameters'.");
        }

        var inputs = new Dictionary<string, TableBatch>(StringComparer.Ordinal);
        IReadOnlyDictionary<string, string>? parameters = null;
        List<string>? unknown = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isParameters = reader.ValueTextEquals("GlobalParameters"u8);
            var isInputs = !isParameters && Is(ref reader, "Inputs");
            isParameters = isParameters || (!isInputs && Is(ref reader, "GlobalParameters"));
            reader.Read();
            if (isInputs)
            {
                ReadInputs(ref reader, shape, inputs, ref unknown);
            }
            else if (isParameters)
            {
                parameters = GlobalParameters.Read(ref reader, shape.Signature);
            }
            else
            {
                reader.Skip();
            }
        }

        // Whatever follows the closing brace is an error of the reader's.
        reader.Read();
        CheckInputs(shape, inputs, unknown);
        return new ScoreRequest(inputs, parameters ?? GlobalParameters.Check([], shape.Signature));
    }

    private static void ReadInputs(
        ref Utf8JsonReader reader, ServiceShape shape, Dictionary<string, TableBatch> inputs, ref List<string>? unknown)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw ServiceErrors.RequestBodyInvalid("'Inputs' is no JSON object; expected one with a member per web-service input.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (shape.FindInput(name) is not { } input)
            {
                (unknown ??= []).Add(name);
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                inputs[input.Name] = new TableReader(input).Read(ref reader);
            }
        }
    }

    // Names mostly come as they are documented; others cost a string.
    private static bool Is(ref Utf8JsonReader reader, string name) =>
        reader.ValueTextEquals(name) || reader.GetString()!.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static void CheckInputs(ServiceShape shape, Dictionary<string, TableBatch> inputs, List<string>? unknown)
    {
        if (unknown is not null)
        {
            throw ServiceErrors.BadArgument(
                "InvalidInputNames",
                $"Invalid service input name(s) specified in the request: {ServiceErrors.Shorten(string.Join(", ", unknown))}. Please map the input data to the correct service inputs and try again. Inputs of this service: {shape.NameInputs()}.");
        }

        if (inputs.Count == shape.Inputs.Length)
        {
            return;
        }

        var missing = shape.Inputs.Where(input => !inputs.ContainsKey(input.Name)).Select(input => input.Name).ToList();
        throw ServiceErrors.BadArgument(
            "MissingRequestInput",
            $"The service expects input and the request has none for: {string.Join(", ", missing)}. Please provide it under 'Inputs' and try again.");
    }
}
