using System.Text;
using Auspex.Expressions.Functions;
using Auspex.Tests.Architecture;
using Xunit;

namespace Auspex.Tests.Core.Expressions.Functions;

public sealed class FunctionCatalogTests
{
    private const string Begin = "<!-- functions: begin -->\n";
    private const string End = "<!-- functions: end -->\n";

    [Fact]
    public void Document_OfCompatibility_HasTheCatalogsTable()
    {
        var file = Path.Combine(RepositoryRoot.Path, "docs", "compat", "expressions.md");
        var text = File.ReadAllText(file);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        var expected = Table();

        if (text[begin..end] != expected)
        {
            File.WriteAllText(Path.ChangeExtension(file, ".received.md"), text[..begin] + expected + text[end..]);
        }

        Assert.Equal(expected, text[begin..end]);
    }

    [Fact]
    public void All_Functions_AreTheDocumentedOnes()
    {
        string[] documented =
        [
            "concat", "endsWith", "guid", "indexOf", "lastIndexOf", "replace", "split", "startsWith", "substring", "toLower", "toUpper", "trim",
            "contains", "empty", "first", "intersection", "join", "last", "length", "skip", "take", "union",
            "and", "equals", "greater", "greaterOrEquals", "if", "less", "lessOrEquals", "not", "or",
            "array", "base64", "base64ToBinary", "base64ToString", "binary", "bool", "coalesce", "createArray", "dataUri", "dataUriToBinary",
            "dataUriToString", "decodeBase64", "decodeDataUri", "decodeUriComponent", "encodeUriComponent", "float", "int", "json", "string",
            "uriComponent", "uriComponentToBinary", "uriComponentToString", "xml", "xpath",
            "add", "div", "max", "min", "mod", "mul", "rand", "range", "sub",
            "addDays", "addHours", "addMinutes", "addSeconds", "addToTime", "convertFromUtc", "convertTimeZone", "convertToUtc", "dayOfMonth",
            "dayOfWeek", "dayOfYear", "formatDateTime", "getFutureTime", "getPastTime", "startOfDay", "startOfHour", "startOfMonth",
            "subtractFromTime", "ticks", "utcNow",
            "activity", "dataset", "item", "linkedService", "pipeline", "trigger", "triggerBody", "variables",
        ];

        Assert.Equal(documented.Order(StringComparer.Ordinal), FunctionCatalog.All.Select(function => function.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(FunctionCatalog.All, function => FunctionCatalog.IsLogicAppsOnly(function.Name));
    }

    private static string Table()
    {
        var table = new StringBuilder();
        foreach (var family in FunctionCatalog.All.GroupBy(function => function.Family))
        {
            table.Append("\n### ").Append(family.Key).Append("\n\n| Function | Arguments | Gives |\n|---|---|---|\n");
            foreach (var function in family)
            {
                var count = function.Maximum == FunctionDefinition.Many
                    ? $"{function.Minimum} or more"
                    : function.Minimum == function.Maximum ? $"{function.Minimum}" : $"{function.Minimum} to {function.Maximum}";
                table.Append("| `").Append(function.Name).Append('(').Append(function.Parameters).Append(")` | ")
                    .Append(count).Append(" | ").Append(function.Summary).Append(" |\n");
            }
        }

        return table.Append('\n').ToString();
    }
}
