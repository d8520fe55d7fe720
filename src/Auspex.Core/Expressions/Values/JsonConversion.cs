using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Auspex.Expressions.Values;

/// <summary>Between JSON nodes, the type outside, and values, the type inside an evaluation.</summary>
internal static class JsonConversion
{
    public static ExpressionValue FromNode(JsonNode? node) => node switch
    {
        null => ExpressionValue.Null,
        JsonObject json => new NodeObject(json),
        JsonArray json => new NodeArray(json),
        JsonValue json => FromScalar(json),
        _ => ExpressionValue.Null,
    };

    /// <summary>A fresh node without a parent.</summary>
    public static JsonNode? ToNode(ExpressionValue value) => value.Type switch
    {
        ExpressionType.Null => null,
        ExpressionType.Boolean => JsonValue.Create(value.AsBoolean),
        ExpressionType.Integer => JsonValue.Create(value.AsInteger),
        ExpressionType.Float => FloatNode(value),
        ExpressionType.String => JsonValue.Create(value.AsText),
        ExpressionType.Array => ArrayNode(value.AsArray),
        _ => ObjectNode(value.AsObject),
    };

    /// <summary>
    /// A deep copy of untouched JSON. Not <c>DeepClone</c>: a number held as a double would lose its <c>.0</c>.
    /// </summary>
    public static JsonNode? Clone(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject source:
                EnsureStack();
                var json = new JsonObject();
                foreach (var (key, member) in source)
                {
                    json.Add(key, Clone(member));
                }

                return json;
            case JsonArray source:
                EnsureStack();
                var array = new JsonArray();
                foreach (var item in source)
                {
                    array.Add(Clone(item));
                }

                return array;
            case JsonValue source when source.TryGetValue<double>(out _) && !source.TryGetValue<JsonElement>(out _):
                return ToNode(FromScalar(source));
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>
    /// The text of a JSON string, even when it holds half a surrogate pair, which System.Text.Json refuses to read.
    /// </summary>
    public static bool TryGetText(JsonValue json, [NotNullWhen(true)] out string? text)
    {
        if (json.TryGetValue<JsonElement>(out var element))
        {
            text = element.ValueKind == JsonValueKind.String ? ElementText(element) : null;
            return text is not null;
        }

        return json.TryGetValue(out text);
    }

    public static void EnsureStack()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw ExpressionErrors.TooDeep("The value");
        }
    }

    private static ExpressionValue FromScalar(JsonValue json)
    {
        if (TryGetText(json, out var text))
        {
            return text;
        }

        switch (json.GetValueKind())
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                return ExpressionValue.Null;
            case JsonValueKind.Number:
                if (json.TryGetValue<long>(out var integer))
                {
                    return integer;
                }

                return json.TryGetValue<double>(out var number) && !json.TryGetValue<JsonElement>(out _)
                    ? number
                    : JsonText.ReadNumber(json.ToJsonString());
            default:
                // A date, a guid and the like that a caller put in as such; in JSON it is text.
                return JsonText.Read(json.ToJsonString());
        }
    }

    private static string ElementText(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return JsonText.Read(element.GetRawText()).AsText;
        }
    }

    private static JsonValue FloatNode(ExpressionValue value)
    {
        if (value.WideDigits is { } digits)
        {
            return JsonValue.Create(JsonElement.Parse(Encoding.UTF8.GetBytes(digits)))!;
        }

        var number = value.AsDouble;
        if (!double.IsFinite(number))
        {
            throw ExpressionErrors.Failed("The result is not a finite number, which JSON cannot hold.");
        }

        // A node of a double writes 8 for 8.0; only a node of JSON text keeps the difference to the integer.
        var text = JsonText.FloatInJson(number);
        return text.EndsWith(".0", StringComparison.Ordinal)
            ? JsonValue.Create(JsonElement.Parse(Encoding.UTF8.GetBytes(text)))!
            : JsonValue.Create(number);
    }

    private static JsonNode? ArrayNode(ArrayValue value)
    {
        if (value is NodeArray untouched)
        {
            return Clone(untouched.Node);
        }

        EnsureStack();
        var array = new JsonArray();
        for (var i = 0; i < value.Count; i++)
        {
            array.Add(ToNode(value[i]));
        }

        return array;
    }

    private static JsonNode? ObjectNode(ObjectValue value)
    {
        if (value is NodeObject untouched)
        {
            return Clone(untouched.Node);
        }

        EnsureStack();
        var json = new JsonObject();
        foreach (var (key, member) in value.Members)
        {
            json.Add(key, ToNode(member));
        }

        return json;
    }
}
