using System.Text.Json.Nodes;
using Auspex.Expressions;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

public sealed class TemplateParserTests
{
    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("", "\"\"")]
    [InlineData("abc[1]", "\"abc[1]\"")]
    [InlineData("@", "\"@\"")]
    [InlineData("@@", "\"@\"")]
    [InlineData("@@x", "\"@x\"")]
    [InlineData("@@x @{pipeline().parameters.n}", "\"@x @{pipeline().parameters.n}\"")]
    [InlineData("@@{pipeline().parameters.n}", "\"@{pipeline().parameters.n}\"")]
    [InlineData("me@example.org", "\"me@example.org\"")]
    [InlineData("a@@b", "\"a@@b\"")]
    [InlineData(" @add(1,2)", "\" @add(1,2)\"")]
    [InlineData("v: @add(1,2)", "\"v: @add(1,2)\"")]
    [InlineData("a} {b", "\"a} {b\"")]
    public void Parse_TextWithoutExpressions_StaysText(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@{pipeline().parameters.n}", "\"7\"")]
    [InlineData("n is @{pipeline().parameters.n}!", "\"n is 7!\"")]
    [InlineData("@{1}@{2} ", "\"12 \"")]
    [InlineData("@{add(1,\n 2)}\nend", "\"3\\nend\"")]
    [InlineData("<@{concat('}','{')}>", "\"<}{>\"")]
    [InlineData("@{'it''s }'}", "\"it's }\"")]
    [InlineData("@{ true }@", "\"True@\"")]
    [InlineData("a@b @{1} c@@d", "\"a@b 1 c@@d\"")]
    [InlineData("@{1}{2}", "\"1{2}\"")]
    public void Parse_InterpolatedText_IsAlwaysString(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("x @@{add(1,2)} y", "\"x @{add(1,2)} y\"")]
    [InlineData("x @@{a @{1} b} @{2}", "\"x @{a @{1} b} 2\"")]
    [InlineData("x @@{concat('}')} @{2}", "\"x @{concat('}')} 2\"")]
    [InlineData("x @@{ don't } @{2}", "\"x @{ don't } 2\"")]
    [InlineData("x @@{ open", "\"x @{ open\"")]
    [InlineData("x @@@{1}", "\"x @@{1}\"")]
    public void Parse_EscapedBrace_IsLiteralUpToItsEnd(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@pipeline().parameters.n", "7")]
    [InlineData("@pipeline().parameters.ratio", "8.0")]
    [InlineData("@pipeline().parameters.items", "[3,4,5]")]
    [InlineData("@pipeline().parameters.nothing", "null")]
    [InlineData("@concat('@{1}','b')", "\"@{1}b\"")]
    [InlineData("@concat('a@b')", "\"a@b\"")]
    public void Parse_WholeExpression_KeepsTheType(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@add(1,2) tail", "found 'tail'")]
    [InlineData("@concat(@pipeline().RunId,'x')", "found '@'")]
    [InlineData("x @{", "expected an expression")]
    [InlineData("x @{}", "expected an expression")]
    [InlineData("x @{add(1,2)", "expected '}'")]
    [InlineData("x @{1 2}", "expected '}'")]
    [InlineData("x @{'a}", "no closing single quote")]
    public void Parse_BrokenText_IsASyntaxError(string text, string part)
    {
        var exception = Evaluating.Fails(text, part);

        Assert.Equal("AUX1501", exception.Code.Value);
        Assert.NotNull(exception.Line);
    }

    [Theory]
    [InlineData("@add(1,)", 1, 8)]
    [InlineData("@concat('a',\n  nope,\n 'b')", 2, 3)]
    [InlineData("line one\nand @{concat('a'} x", 2, 17)]
    public void Parse_SyntaxError_NamesLineAndColumnOfTheString(string text, int line, int column)
    {
        var exception = Evaluating.Fails(text, $"at line {line}, column {column}");

        Assert.Equal((line, column), (exception.Line, exception.Column));
    }

    [Fact]
    public void Evaluate_ResultThatLooksLikeAnExpression_IsNotEvaluatedAgain()
    {
        Evaluating.Gives("@pipeline().parameters.data", "\"@add(1,2)\"");
        Evaluating.Gives("<@{pipeline().parameters.data}>", "\"<@add(1,2)>\"");
    }

    [Theory]
    [InlineData("plain", false)]
    [InlineData("me@example.org", false)]
    [InlineData("@@add(1,2)", false)]
    [InlineData("x @@{a}", false)]
    [InlineData("@add(1,2)", true)]
    [InlineData("x @{1}", true)]
    [InlineData("@broken(", true)]
    public void IsExpression_String_SaysWhetherItIsEvaluated(string text, bool expected) =>
        Assert.Equal(expected, ExpressionParser.IsExpression(text));

    [Fact]
    public void Evaluate_MoreStringsThanTheCacheKeeps_StaysRight()
    {
        var context = Evaluating.ReadContext();
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Equal(i + 1L, ExpressionEvaluator.Evaluate(JsonValue.Create($"@add({i},1)"), context)!.GetValue<long>());
        }
    }
}
