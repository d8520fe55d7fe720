using System.Text;
using System.Text.Json.Nodes;
using Auspex.Expressions;
using Auspex.Expressions.Functions;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

/// <summary>Expressions made by the grammar and then damaged: each has a value or its own error, soon, whatever its depth.</summary>
public sealed class ExpressionFuzzTests
{
    private const int Rounds = 15_000;
    private const string Noise = "@{}()[]?.,'\"-+e\\ \n\0\ud800\u00e9";
    private const int TimeLimitInMilliseconds = 120_000;

    private static readonly string[] Atoms =
    [
        "1", "-7", "2.5", "'a'", "'it''s'", "''", "true", "false", "null", "item()", "pipeline().RunId", "pipeline().parameters.p", "pipeline().globalParameters.g", "variables('v')",
        "activity('Look up').output", "activity('Look up').output.firstRow", "activity('none').error.message", "trigger().scheduledTime", "triggerBody()?.a", "dataset().x", "linkedService().x", "utcNow()",
        "guid()", "createArray()", "json('{\"a\":[1]}')", "'2024-02-29T23:59:59.9999999Z'", "9223372036854775807", "-9223372036854775808", "1e308", "'\ud83d\ude00'",
    ];

    [Fact(Timeout = TimeLimitInMilliseconds)]
    public async Task Evaluate_OfGeneratedAndDamagedExpressions_GivesAValueOrItsOwnError()
    {
        var seed = FuzzSeed.Choose();
        await Task.Run(
            () =>
            {
                var random = new Random(seed);
                var context = Evaluating.ReadContext();
                for (var round = 0; round < Rounds; round++)
                {
                    var text = Wrapped(random, Generate(random, random.Next(1, 7)));
                    if (random.Next(2) == 0)
                    {
                        text = Damaged(random, text);
                    }

                    Try(text, context, $"{FuzzSeed.Variable}={seed}, round {round}");
                }
            },
            TestContext.Current.CancellationToken);
    }

    [Theory(Timeout = TimeLimitInMilliseconds)]
    [InlineData("@", "concat('a',", "'b'", ")")]
    [InlineData("@", "string(", "1", ")")]
    [InlineData("@", "if(true,", "1", ",2)")]
    [InlineData("@", "and(true,", "true", ")")]
    [InlineData("@", "coalesce(null,", "1", ")")]
    [InlineData("@item()", "[", "0", "]")]
    [InlineData("@", "(", "1", ")")]
    [InlineData("", "@{", "1", "}")]
    [InlineData("@item()", ".a", "", "")]
    [InlineData("@item()", "?.a", "", "")]
    [InlineData("@", "createArray(", "", "")]
    [InlineData("@'", "''", "", "'")]
    [InlineData("@", "-", "1", "")]
    public async Task Evaluate_OfAnyDepth_GivesAValueOrItsOwnError(string start, string open, string middle, string close) => await Task.Run(
        () =>
        {
            foreach (var depth in (int[])[10, 1_000, 20_000, 200_000])
            {
                var text = new StringBuilder(start).Insert(start.Length, open, depth).Append(middle).Insert(start.Length + (open.Length * depth) + middle.Length, close, depth).ToString();
                Try(text, Evaluating.ReadContext(), $"{open} x {depth}");
            }
        },
        TestContext.Current.CancellationToken);

    private static void Try(string text, ExpressionContext context, string where)
    {
        try
        {
            _ = ExpressionEvaluator.Evaluate(JsonValue.Create(text), context)?.ToJsonString();
        }
        catch (ExpressionException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Assert.Fail($"{where}: {exception}\n{(text.Length > 2000 ? text[..2000] : text)}");
        }

        var value = JsonValue.Create(text);
        ExpressionParser.Check(value);
        ExpressionParser.FindReferences(value);
        ExpressionParser.FindTemplates(value);
        Auspex.Definitions.Planning.CanonicalExpression.Of(text);
    }

    private static string Generate(Random random, int depth)
    {
        if (depth == 0 || random.Next(6) == 0)
        {
            return Atoms[random.Next(Atoms.Length)];
        }

        if (random.Next(5) == 0)
        {
            var step = random.Next(4) switch
            {
                0 => ".name",
                1 => "?.name",
                2 => "[0]",
                _ => $"[{Generate(random, depth - 1)}]",
            };
            return Generate(random, depth - 1) + step;
        }

        var function = FunctionCatalog.All[random.Next(FunctionCatalog.All.Count)];
        var count = random.Next(10) == 0 ? random.Next(5) : random.Next(function.Minimum, Math.Min(function.Maximum, function.Minimum + 2) + 1);
        var space = random.Next(8) == 0 ? " \n\t" : "";
        return $"{function.Name}({space}{string.Join("," + space, Enumerable.Range(0, count).Select(_ => Generate(random, depth - 1)))}{space})";
    }

    private static string Wrapped(Random random, string expression) => random.Next(5) switch
    {
        0 => $"text @{{{expression}}} and @{{{expression}}}",
        1 => "@@" + expression,
        _ => "@" + expression,
    };

    private static string Damaged(Random random, string text)
    {
        for (var edit = random.Next(1, 5); edit > 0 && text.Length > 1; edit--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 6), text.Length - at);
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                2 => text.Insert(at, Noise[random.Next(Noise.Length)].ToString()),
                _ => text[..at],
            };
        }

        return text;
    }
}
