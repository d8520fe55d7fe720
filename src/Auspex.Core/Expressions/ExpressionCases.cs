using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;
using Auspex.Expressions.Values;

namespace Auspex.Expressions;

/// <summary>Evaluates a list of cases, for comparing this implementation with others.</summary>
public static class ExpressionCases
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,

        // A value may be as deep as an expression can build it.
        MaxDepth = 4096,
    };

    /// <summary>
    /// Evaluates every <c>{"id","expression","context"}</c> of a JSON array. <c>expression</c> may be any JSON value,
    /// <c>context</c> is what <see cref="ContextJson.Read"/> takes and may be absent.
    /// </summary>
    /// <param name="json">The text of the array. Repeated keys are allowed, the last one counts.</param>
    /// <returns>
    /// One line of JSON per case in the same order, lazily: <c>{"id","value"}</c> or <c>{"id","error"}</c>. A case that
    /// is
    /// not readable gives an error line too.
    /// </returns>
    /// <exception cref="ExpressionException">The text is not a JSON array.</exception>
    public static IEnumerable<string> Evaluate(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ReadArray(json).Select(EvaluateCase);
    }

    /// <summary>
    /// Reads JSON text in the way of cases and contexts: repeated keys are allowed, the last one counts.
    /// </summary>
    /// <param name="json">The text.</param>
    /// <param name="what">What the text is, for the message, such as <c>The context</c>.</param>
    /// <exception cref="ExpressionException">The text is not JSON.</exception>
    public static JsonNode? ReadJson(string json, string what)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonConversion.ToNode(JsonText.Read(json.TrimStart('\uFEFF')));
        }
        catch (JsonTextException exception)
        {
            throw new ExpressionException(
                ErrorCode.ExpressionContextUnreadable, $"{what} is not JSON: {exception.Message}.", inner: exception);
        }
    }

    private static JsonArray ReadArray(string json) => ReadJson(json, "The list of cases") as JsonArray
        ?? throw new ExpressionException(ErrorCode.ExpressionContextUnreadable, "The list of cases is not a JSON array.");

    private static string EvaluateCase(JsonNode? node)
    {
        var line = new JsonObject { ["id"] = node is JsonObject identified ? JsonConversion.Clone(identified["id"]) : null };
        try
        {
            line["value"] = Value(node);
            return line.ToJsonString(Plain);
        }
        catch (ExpressionException exception)
        {
            line.Remove("value");
            line["error"] = exception.Message;
            return line.ToJsonString(Plain);
        }
    }

    private static JsonNode? Value(JsonNode? node)
    {
        if (node is not JsonObject json)
        {
            throw Unreadable("The case is not an object with 'id', 'expression' and 'context'.");
        }

        if (!json.TryGetPropertyValue("expression", out var expression))
        {
            throw Unreadable("The case has no member 'expression'.");
        }

        var context = json["context"] switch
        {
            null => [],
            JsonObject given => given,
            _ => throw Unreadable("The case's member 'context' is not an object."),
        };
        return ExpressionEvaluator.Evaluate(expression, ContextJson.Read(context));
    }

    private static ExpressionException Unreadable(string message) =>
        new(ErrorCode.ExpressionContextUnreadable, message);
}
