using System.Collections.Immutable;
using System.Text;

namespace Auspex.Expressions.Syntax;

/// <summary>
/// Decides what a string value is - literal, expression or interpolated text - and parses its expressions.
/// </summary>
internal static class TemplateParser
{
    /// <summary>
    /// Whether the text can hold an expression or an escape at all; most strings of a definition cannot.
    /// </summary>
    public static bool MayBeDynamic(string text) => text.Contains('@', StringComparison.Ordinal);

    public static Template Parse(string text)
    {
        if (!text.StartsWith('@') || text.Length == 1 || text[1] == '{')
        {
            return Interpolated(text);
        }

        return text[1] == '@'
            ? new LiteralTemplate(text[1..])
            : new ExpressionTemplate(new ExpressionText(Parser.ParseToEnd(text, 1), text[1..].Trim()));
    }

    private static Template Interpolated(string text)
    {
        var parts = ImmutableArray.CreateBuilder<TemplatePart>();
        var literal = new StringBuilder();
        var position = 0;
        while (position < text.Length)
        {
            var length = text.AsSpan(position).IndexOf('@');
            if (length < 0)
            {
                break;
            }

            literal.Append(text, position, length);
            position += length;
            if (text.AsSpan(position).StartsWith("@@{", StringComparison.Ordinal))
            {
                var end = EndOfEscaped(text, position + 3);
                literal.Append(text, position + 1, end - position - 1);
                position = end;
            }
            else if (text.AsSpan(position).StartsWith("@{", StringComparison.Ordinal))
            {
                var node = Parser.ParseToBrace(text, position + 2, out var end);
                Flush(literal, parts);
                parts.Add(new TemplatePart(null, new ExpressionText(node, text[(position + 2)..end].Trim())));
                position = end + 1;
            }
            else
            {
                literal.Append('@');
                position++;
            }
        }

        literal.Append(text, position, text.Length - position);
        if (parts.Count == 0)
        {
            return new LiteralTemplate(literal.ToString());
        }

        Flush(literal, parts);
        return new InterpolatedTemplate(parts.DrainToImmutable());
    }

    private static void Flush(StringBuilder literal, ImmutableArray<TemplatePart>.Builder parts)
    {
        if (literal.Length > 0)
        {
            parts.Add(new TemplatePart(literal.ToString(), null));
            literal.Clear();
        }
    }

    // What follows an escaped "@@{" is text up to its brace. A brace in quotes does not count, as in an expression,
    // unless that leaves no brace at all: "@@{ don't }" is prose.
    private static int EndOfEscaped(string text, int start)
    {
        var quoted = false;
        for (var i = start; i < text.Length; i++)
        {
            if (text[i] == '\'')
            {
                quoted = !quoted;
            }
            else if (text[i] == '}' && !quoted)
            {
                return i + 1;
            }
        }

        var first = text.IndexOf('}', start);
        return first < 0 ? text.Length : first + 1;
    }
}
