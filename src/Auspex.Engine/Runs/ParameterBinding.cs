using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Engine.Runs;

/// <summary>Lays arguments over defaults and brings them to the declared types.</summary>
/// <remarks>
/// Tolerant where real factories are: names ignore case, numbers and Booleans may be text, a missing argument without a
/// default is null, and an argument that nobody declared is kept.
/// </remarks>
internal static class ParameterBinding
{
    /// <param name="pipeline">Declares the parameters.</param>
    /// <param name="arguments">The caller's; not changed.</param>
    /// <param name="allSecure">Whether every argument is to be kept secret.</param>
    /// <exception cref="RunRejectedException">An argument is not of its parameter's type.</exception>
    public static BoundParameters Bind(PipelineDefinition pipeline, JsonObject arguments, bool allSecure)
    {
        var open = new JsonObject();
        var secure = new JsonObject();
        var given = new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in arguments)
        {
            given[name] = value;
        }

        foreach (var parameter in pipeline.Parameters)
        {
            var isGiven = given.Remove(parameter.Name, out var argument);
            var value = isGiven ? Convert(pipeline, parameter, argument) : parameter.DefaultValue?.DeepClone();
            var isSecure = parameter.Type.Equals("SecureString", StringComparison.OrdinalIgnoreCase);
            (isSecure || (allSecure && isGiven) ? secure : open)[parameter.Name] = isSecure ? Unwrap(value) : value;
        }

        foreach (var (name, value) in given)
        {
            (allSecure ? secure : open)[name] = value?.DeepClone();
        }

        return new BoundParameters(open, secure.Count > 0 ? secure : null);
    }

    private static JsonNode? Convert(PipelineDefinition pipeline, ParameterDefinition parameter, JsonNode? argument) =>
        (parameter.Type.ToUpperInvariant(), argument) switch
        {
            (_, null) => null,
            ("INT" or "INTEGER", _) => ActivityPolicyReader.TryReadInteger(argument, out var number)
                ? number
                : throw Mismatch(pipeline, parameter, argument),
            ("FLOAT", JsonValue text) when text.GetValueKind() == JsonValueKind.String =>
                decimal.TryParse(text.GetValue<string>(), NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                    ? real
                    : throw Mismatch(pipeline, parameter, argument),
            ("FLOAT", _) => argument.GetValueKind() == JsonValueKind.Number
                ? argument.DeepClone()
                : throw Mismatch(pipeline, parameter, argument),
            ("BOOL" or "BOOLEAN", _) => ActivityPolicyReader.ReadBoolean(argument)
                ?? throw Mismatch(pipeline, parameter, argument),
            ("ARRAY", JsonValue) => Parse(argument) as JsonArray ?? throw Mismatch(pipeline, parameter, argument),
            ("OBJECT", JsonValue) => Parse(argument) as JsonObject ?? throw Mismatch(pipeline, parameter, argument),
            _ => argument.DeepClone(),
        };

    // On Data Factory's wire an array reaches a child pipeline as JSON text.
    private static JsonNode? Parse(JsonNode value)
    {
        try
        {
            return value.GetValueKind() == JsonValueKind.String ? JsonNode.Parse(value.GetValue<string>()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Unwrap(JsonNode? value) =>
        value is JsonObject wrapped && wrapped.TryGetPropertyValue("value", out var inner) ? inner?.DeepClone() : value;

    // The value itself stays out of the message: it may be anything, a secret included.
    private static RunRejectedException Mismatch(PipelineDefinition pipeline, ParameterDefinition parameter, JsonNode argument) => new(
        ErrorCode.ParameterType,
        $"Parameter '{parameter.Name}' of pipeline '{pipeline.Name}' is declared '{parameter.Type}' and was given a value of type "
        + $"'{ActivityPolicyReader.TypeName(argument)}' that cannot be read as one.");
}

/// <summary>The values of a run's parameters.</summary>
/// <param name="Open">Those that may be shown.</param>
/// <param name="Secure">Those that may not; null when there are none.</param>
internal sealed record BoundParameters(JsonObject Open, JsonObject? Secure);
