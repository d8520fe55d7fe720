using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.Expressions;

namespace Auspex.Engine.ControlFlow;

/// <summary>Evaluates <c>[{"key": "k", "value": {"type": T, "content": ...}}]</c>, the value of a return-value SetVariable.</summary>
internal static class ReturnValues
{
    public static JsonObject Evaluate(ActivityBeginning beginning)
    {
        var written = beginning.Raw("value");
        if (written is not JsonArray entries)
        {
            // The whole list may be an expression; what it gives is final then.
            entries = ExpressionEvaluator.Evaluate(written, beginning.Context) as JsonArray
                ?? throw ActivityBeginning.Invalid(
                    $"Found no array in 'value' of '{beginning.Name}', expected [{{\"key\", \"value\": {{\"type\", \"content\"}}}}].");
        }

        var values = new JsonObject();
        foreach (var entry in entries)
        {
            var key = entry is JsonObject pair && ExpressionEvaluator.Evaluate(pair["key"], beginning.Context) is JsonValue text
                ? text.ToString()
                : throw ActivityBeginning.Invalid(
                    $"An entry of 'value' of '{beginning.Name}' has no key, expected {{\"key\", \"value\": {{\"type\", \"content\"}}}}.");
            values[key] = EvaluateTyped(pair["value"], beginning);
        }

        return values;
    }

    private static JsonNode? EvaluateTyped(JsonNode? written, ActivityBeginning beginning)
    {
        if (written is not JsonObject typed || typed["type"] is not JsonValue typeValue)
        {
            return Own(ExpressionEvaluator.Evaluate(written, beginning.Context));
        }

        var content = typed.TryGetPropertyValue("content", out var inner) ? inner : typed["value"];
        switch (typeValue.ToString().ToUpperInvariant())
        {
            case "NULL":
                return null;
            case "ARRAY" when content is JsonArray elements:
                return new JsonArray([.. elements.Select(element => EvaluateTyped(element, beginning))]);
        }

        var value = Own(ExpressionEvaluator.Evaluate(content, beginning.Context));
        return typeValue.ToString().ToUpperInvariant() switch
        {
            "STRING" => value is null or JsonValue ? value?.ToString() : value.ToJsonString(),
            "BOOLEAN" or "BOOL" => ActivityPolicyReader.ReadBoolean(value) is { } boolean ? boolean : throw Mismatch("Boolean", value, beginning),
            "INT" or "INTEGER" => ActivityPolicyReader.TryReadInteger(value, out var number)
                ? number
                : throw Mismatch("Int", value, beginning),
            "FLOAT" => decimal.TryParse(value?.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
                ? real
                : throw Mismatch("Float", value, beginning),
            "ARRAY" => value is JsonArray ? value : throw Mismatch("Array", value, beginning),
            "OBJECT" => value is JsonObject ? value : throw Mismatch("Object", value, beginning),
            _ => value,
        };
    }

    private static JsonNode? Own(JsonNode? value) => value?.Parent is null ? value : value.DeepClone();

    private static ActivityException Mismatch(string type, JsonNode? value, ActivityBeginning beginning) =>
        ActivityBeginning.Invalid(
            $"A return value of '{beginning.Name}' is declared '{type}' and of type '{ActivityPolicyReader.TypeName(value)}'.");
}
