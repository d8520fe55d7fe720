using System.Globalization;
using Auspex.Expressions.Syntax;

namespace Auspex.Expressions;

/// <summary>Writes the steps of a JSON path: <c>.name</c>, <c>['other name']</c>, <c>[0]</c>.</summary>
internal static class JsonPathStep
{
    public static string Of(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    public static string Of(string name)
    {
        var plain = name.Length > 0 && Lexer.IsNameStart(name[0])
            && name.All(character => Lexer.IsNameStart(character) || char.IsDigit(character));
        return plain ? "." + name : $"['{name.Replace("'", "\\'", StringComparison.Ordinal)}']";
    }
}
