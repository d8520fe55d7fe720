using System.Text;
using Auspex.Expressions;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Definitions.Planning;

/// <summary>Writes expressions in one way, so that spaces, line breaks and the case of function names make no difference.</summary>
internal static class CanonicalExpression
{
    /// <summary>The text in its canonical form; as it is when it is no expression or cannot be parsed.</summary>
    public static string Of(string text)
    {
        if (!TemplateParser.MayBeDynamic(text))
        {
            return text;
        }

        try
        {
            return TemplateCache.Get(text) switch
            {
                ExpressionTemplate whole => "@" + Print(whole.Expression.Node),
                InterpolatedTemplate parts => string.Concat(parts.Parts.Select(part =>
                    part.Expression is { } expression ? $"@{{{Print(expression.Node)}}}" : part.Text)),
                _ => text,
            };
        }
        catch (ExpressionException)
        {
            return text;
        }
    }

    private static string Print(SyntaxNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    private static void Append(StringBuilder text, SyntaxNode node)
    {
        JsonConversion.EnsureStack();
        switch (node)
        {
            case LiteralNode { Value: { Type: ExpressionType.String } value }:
                text.Append('\'').Append(value.AsText.Replace("'", "''", StringComparison.Ordinal)).Append('\'');
                break;
            case LiteralNode literal:
                text.Append(literal.Value.IsNull ? "null" : TextRendering.ToText(literal.Value));
                break;
            case CallNode call:
                text.Append(call.Function?.Name ?? call.Name).Append('(');
                for (var index = 0; index < call.Arguments.Length; index++)
                {
                    text.Append(index == 0 ? "" : ", ");
                    Append(text, call.Arguments[index]);
                }

                text.Append(')');
                break;
            case AccessNode access:
                Append(text, access.Target);
                foreach (var step in access.Steps)
                {
                    text.Append(step.IsGuarded ? "?" : "");
                    AppendStep(text, step);
                }

                break;
        }
    }

    private static void AppendStep(StringBuilder text, AccessStep step)
    {
        if (step.Name is { Length: > 0 } name && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_') && !char.IsAsciiDigit(name[0]))
        {
            text.Append('.').Append(name);
        }
        else
        {
            text.Append('[');
            Append(text, step.Key);
            text.Append(']');
        }
    }
}
