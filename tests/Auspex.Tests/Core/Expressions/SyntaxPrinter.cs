using System.Globalization;
using System.Text;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;

namespace Auspex.Tests.Core.Expressions;

/// <summary>Writes a tree as the text of an expression, and compares trees without their positions.</summary>
internal static class SyntaxPrinter
{
    public static string Print(SyntaxNode node)
    {
        var text = new StringBuilder();
        Append(text, node);
        return text.ToString();
    }

    public static bool AreEqual(SyntaxNode left, SyntaxNode right) => (left, right) switch
    {
        (LiteralNode a, LiteralNode b) => a.Value.Type == b.Value.Type && Equality.AreEqual(a.Value, b.Value),
        (CallNode a, CallNode b) => a.Name == b.Name && a.Function == b.Function
            && a.Arguments.Length == b.Arguments.Length
            && a.Arguments.Zip(b.Arguments).All(pair => AreEqual(pair.First, pair.Second)),
        (AccessNode a, AccessNode b) => AreEqual(a.Target, b.Target) && a.Steps.Length == b.Steps.Length
            && a.Steps.Zip(b.Steps).All(pair =>
                pair.First.IsGuarded == pair.Second.IsGuarded && AreEqual(pair.First.Key, pair.Second.Key)),
        _ => false,
    };

    private static void Append(StringBuilder text, SyntaxNode node)
    {
        switch (node)
        {
            case LiteralNode literal:
                text.Append(Literal(literal.Value));
                break;
            case CallNode call:
                text.Append(call.Name).Append('(');
                for (var i = 0; i < call.Arguments.Length; i++)
                {
                    text.Append(i == 0 ? "" : ", ");
                    Append(text, call.Arguments[i]);
                }

                text.Append(')');
                break;
            case AccessNode access:
                Append(text, access.Target);
                foreach (var step in access.Steps)
                {
                    // "5.x" would be read as the number "5." and a name.
                    var afterNumber = access.Target is LiteralNode { Value.IsNumber: true } && step == access.Steps[0] && !step.IsGuarded;
                    AppendStep(text, step, mayUseDot: !afterNumber);
                }

                break;
        }
    }

    private static void AppendStep(StringBuilder text, AccessStep step, bool mayUseDot)
    {
        text.Append(step.IsGuarded ? "?" : "");
        if (mayUseDot && step.Name is { } name && name.Length > 0 && Lexer.IsNameStart(name[0]) && name.All(Lexer.IsNameStart))
        {
            text.Append('.').Append(name);
            return;
        }

        text.Append('[');
        Append(text, step.Key);
        text.Append(']');
    }

    private static string Literal(ExpressionValue value) => value.Type switch
    {
        ExpressionType.Null => "null",
        ExpressionType.Boolean => value.AsBoolean ? "true" : "false",
        ExpressionType.Integer => value.AsInteger.ToString(CultureInfo.InvariantCulture),
        ExpressionType.Float => JsonText.FloatInJson(value.AsDouble),
        _ => $"'{value.AsText.Replace("'", "''", StringComparison.Ordinal)}'",
    };
}
