using System.Text.Json.Nodes;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Expressions;

/// <summary>
/// Evaluates the <c>@</c> language of Data Factory inside JSON values. Thread-safe; parsed strings are kept, so that
/// evaluating the same definition again costs no parsing.
/// </summary>
public static class ExpressionEvaluator
{
    /// <summary>
    /// Evaluates every string inside a value, however deep, and every <c>{"type":"Expression","value":...}</c> (or
    /// <c>content</c>). Property names and numbers stay as they are, and results are never evaluated again.
    /// </summary>
    /// <param name="value">Any JSON; it is not changed.</param>
    /// <param name="context">What references see.</param>
    /// <returns>
    /// Fresh nodes without a parent; null is JSON null. Integers are nodes of <see cref="long"/>; floats keep their
    /// <c>.0</c> when written.
    /// </returns>
    /// <exception cref="ExpressionException">An expression cannot be parsed or evaluated; nothing was
    /// changed.</exception>
    public static JsonNode? Evaluate(JsonNode? value, ExpressionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return value switch
        {
            JsonObject json when ExpressionObject.TryUnwrap(json, out var inner) => Evaluate(inner, context),
            JsonObject json => EvaluateMembers(json, context),
            JsonArray json => EvaluateItems(json, context),
            JsonValue json when JsonConversion.TryGetText(json, out var text) =>
                JsonConversion.ToNode(EvaluateString(text, context)),
            _ => JsonConversion.Clone(value),
        };
    }

    /// <summary>
    /// Evaluates a value and renders the result as text, as <c>@{...}</c> does: <c>True</c>, no text for null, compact
    /// JSON.
    /// </summary>
    /// <inheritdoc cref="Evaluate" path="/param|/exception"/>
    public static string EvaluateToText(JsonNode? value, ExpressionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return value is JsonValue json && JsonConversion.TryGetText(json, out var text)
            ? TextRendering.ToText(EvaluateString(text, context))
            : TextRendering.ToText(JsonConversion.FromNode(Evaluate(value, context)));
    }

    /// <summary>Renders a JSON value as text without evaluating it.</summary>
    public static string ToText(JsonNode? value) => TextRendering.ToText(JsonConversion.FromNode(value));

    /// <summary>The value of one string: what it says if it holds no expression.</summary>
    internal static ExpressionValue EvaluateString(string text, ExpressionContext context)
    {
        if (!TemplateParser.MayBeDynamic(text))
        {
            return text;
        }

        return TemplateCache.Get(text) switch
        {
            LiteralTemplate literal => literal.Text,
            ExpressionTemplate { Expression: var whole } => new Evaluator(context, whole.Source).Evaluate(whole.Node),
            InterpolatedTemplate interpolated => Interpolate(interpolated, context),
            var other => throw new InvalidOperationException($"No rule evaluates {other.GetType().Name}."),
        };
    }

    private static string Interpolate(InterpolatedTemplate template, ExpressionContext context)
    {
        var pieces = new string[template.Parts.Length];
        for (var i = 0; i < pieces.Length; i++)
        {
            var (text, expression) = template.Parts[i];
            pieces[i] = expression is null
                ? text!
                : TextRendering.ToText(new Evaluator(context, expression.Source).Evaluate(expression.Node));
        }

        return string.Concat(pieces);
    }

    private static JsonObject EvaluateMembers(JsonObject json, ExpressionContext context)
    {
        JsonConversion.EnsureStack();
        var result = new JsonObject();
        foreach (var (name, member) in json)
        {
            try
            {
                result.Add(name, Evaluate(member, context));
            }
            catch (ExpressionException exception)
            {
                exception.AddOuterStep(JsonPathStep.Of(name));
                throw;
            }
        }

        return result;
    }

    private static JsonArray EvaluateItems(JsonArray json, ExpressionContext context)
    {
        JsonConversion.EnsureStack();
        var result = new JsonArray();
        for (var i = 0; i < json.Count; i++)
        {
            try
            {
                result.Add(Evaluate(json[i], context));
            }
            catch (ExpressionException exception)
            {
                exception.AddOuterStep(JsonPathStep.Of(i));
                throw;
            }
        }

        return result;
    }
}
