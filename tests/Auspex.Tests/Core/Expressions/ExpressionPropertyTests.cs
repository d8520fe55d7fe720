using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Expressions;
using Auspex.Expressions.Functions;
using Auspex.Expressions.Syntax;
using Auspex.Expressions.Values;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

/// <summary>Statements about all expressions; a failure prints the seed that repeats it.</summary>
public sealed class ExpressionPropertyTests
{
    private static readonly Gen<SyntaxNode> Literals = Gen.OneOf(
        Gen.Long.Select(SyntaxNode (value) => Literal(value)),
        Gen.Double.Where(double.IsFinite).Select(SyntaxNode (value) => Literal(value)),
        Gen.String.Select(SyntaxNode (value) => Literal(value)),
        Gen.OneOf<ExpressionValue>(true, false, ExpressionValue.Null).Select(SyntaxNode (value) => Literal(value)));

    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.OneOf(FunctionCatalog.All.Select(function => function.Name).ToArray()),
        Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['A', 'Z'], Gen.Const('_')), 1, 8]);

    // Pieces that mean something to the language, so that the noise gets past the first character.
    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.OneOf(
            "@", "@{", "@@", "{", "}", "(", ")", "[", "]", "?", ".", ",", "'", "''", "\"", "-", "+", "1", "2.5", "1e9", "\\", " ", "\n",
            "true", "null", "concat", "item()", "json(", "pipeline().parameters", "add(1,2)", "\ud800", "\0", "é", "\u2028"),
        Gen.String).Array[0, 12].Select(string.Concat);

    private static readonly string[] Arguments =
    [
        "null", "true", "0", "-1", "7", "9223372036854775807", "2.5", "1e300", "''", "'a'", "'2024-03-01T00:00:00Z'", "'UTC'", "'Month'",
        "'Tokyo Standard Time'", "'yyyy-MM-dd'", "'q'", "'{\"a\":[1,{\"b\":null}]}'", "'<a x=\"1\"><b/>t</a>'", "'//b'", "'data:;base64,AAA='",
        "'%zz+'", "'\ud800'", "createArray(1,'a',null)", "json('[]')", "json('{}')", "json('{\"a\":{\"b\":[1,null]}}')", "binary('x')", "xml('<a/>')",
        "item()", "pipeline()", "activity('Look up')", "utcNow()",
    ];

    [Fact]
    public void ParseOfPrint_IsTheSameTree() => Nodes(4).Sample(
        tree => SyntaxPrinter.AreEqual(tree, Parser.ParseToEnd(SyntaxPrinter.Print(tree), 0)),
        iter: 2_000,
        print: SyntaxPrinter.Print);

    [Fact]
    public void Evaluate_Noise_FailsOnlyInItsOwnWay()
    {
        var context = Evaluating.ReadContext();
        Noise.Sample(
            text =>
            {
                FailsOnlyInItsOwnWay(text, context);
                ExpressionParser.Check(text);
                ExpressionParser.FindReferences(JsonValue.Create(text));
            },
            iter: 20_000);
    }

    [Fact]
    public void Evaluate_AnyFunctionWithAnyArguments_FailsOnlyInItsOwnWay()
    {
        var context = Evaluating.ReadContext();
        var calls = Gen.Select(
            Gen.OneOf(FunctionCatalog.All.ToArray()),
            Gen.OneOf(Arguments).Array[0, 5],
            (function, arguments) =>
                $"@{function.Name}({string.Join(',', arguments.Take(Math.Max(arguments.Length == 5 ? 5 : function.Minimum, Math.Min(arguments.Length, function.Maximum))))})");
        calls.Sample(text => FailsOnlyInItsOwnWay(text, context), iter: 30_000);
    }

    private static void FailsOnlyInItsOwnWay(string text, ExpressionContext context)
    {
        try
        {
            _ = ExpressionEvaluator.Evaluate(JsonValue.Create(text), context)?.ToJsonString();
        }
        catch (ExpressionException exception)
        {
            Assert.NotEmpty(exception.Message);
        }
    }

    private static Gen<SyntaxNode> Nodes(int depth)
    {
        if (depth == 0)
        {
            return Literals;
        }

        var inner = Nodes(depth - 1);
        var calls = Gen.Select(Names, inner.Array[0, 3], (name, arguments) =>
            (SyntaxNode)new CallNode(0, name, FunctionCatalog.Find(name), [.. arguments]));
        var steps = Gen.Select(inner, Gen.Bool, (key, guarded) => new AccessStep(key, guarded)).Array[1, 4];
        var accesses = Gen.Select(Gen.OneOf(Literals, calls), steps, (target, list) =>
            (SyntaxNode)new AccessNode(target, ImmutableArray.Create(list)));
        return Gen.OneOf(Literals, calls, accesses);
    }

    private static LiteralNode Literal(ExpressionValue value) => new(0, value);
}
