using Xunit;

namespace Auspex.Tests.Core.Expressions;

public sealed class ParserTests
{
    [Theory]
    [InlineData("@'q'", "\"q\"")]
    [InlineData("@''", "\"\"")]
    [InlineData("@'it''s'", "\"it's\"")]
    [InlineData("@''''", "\"'\"")]
    [InlineData(@"@'a\nb'", "\"a\\\\nb\"")]
    [InlineData("@'a\nb'", "\"a\\nb\"")]
    [InlineData("@'\"'", "\"\\\"\"")]
    [InlineData("@-5", "-5")]
    [InlineData("@+5", "5")]
    [InlineData("@007", "7")]
    [InlineData("@9223372036854775807", "9223372036854775807")]
    [InlineData("@-9223372036854775808", "-9223372036854775808")]
    [InlineData("@.5", "0.5")]
    [InlineData("@5.", "5.0")]
    [InlineData("@-.25", "-0.25")]
    [InlineData("@2.5e-1", "0.25")]
    [InlineData("@1E3", "1000.0")]
    [InlineData("@true", "true")]
    [InlineData("@False", "false")]
    [InlineData("@NULL", "null")]
    public void Parse_Literal_MayBeTheWholeExpression(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@TOUPPER('q')", "\"Q\"")]
    [InlineData("@  concat \t(\r\n 'a' , 'b' )  ", "\"ab\"")]
    [InlineData("@pipeline ( ) . parameters ? . n", "7")]
    [InlineData("@createArray('p','q') [ sub(2,1) ]", "\"q\"")]
    [InlineData("@concat('it','''','s')", "\"it's\"")]
    [InlineData("@add(1,-2)", "-1")]
    [InlineData("@pipeline().parameters['my-name']", "\"hyphen\"")]
    [InlineData("@activity('Look up').output.firstRow['Sales.Region']", "\"r\"")]
    [InlineData("@json('{\"true\":1,\"_x1\":2}').true", "1")]
    [InlineData("@json('{\"true\":1,\"_x1\":2}')._x1", "2")]
    public void Parse_WellFormedText_IsRead(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@foo", "without parentheses")]
    [InlineData("@(1)", "parentheses of its own")]
    [InlineData("@add(1,)", "expected an argument")]
    [InlineData("@add(,1)", "expected an argument")]
    [InlineData("@add(1 2)", "expected ',' or ')'")]
    [InlineData("@add(1,2", "found the end of the text")]
    [InlineData("@add(1,2))", "expected the end of the expression")]
    [InlineData("@\"q\"", "single quotes")]
    [InlineData("@concat('a', \"b\")", "single quotes")]
    [InlineData("@'open", "no closing single quote")]
    [InlineData("@1 + 2", "no operators")]
    [InlineData("@equals(1,1) && true", "no operators")]
    [InlineData("@string({ 'name': 1 })", "no object literals")]
    [InlineData("@[1]", "expected an expression")]
    [InlineData("@pipeline().parameters.my-name", "brackets for a name with a hyphen")]
    [InlineData("@item().2nd", "runs into a name")]
    [InlineData("@item().", "expected a property name")]
    [InlineData("@item()?Name", "expected '.' or '['")]
    [InlineData("@item()??.Name", "expected '.' or '['")]
    [InlineData("@item()[]", "expected an index")]
    [InlineData("@item()['Name'", "expected ']'")]
    [InlineData("@5abc", "runs into a name")]
    [InlineData("@1e", "exponent without digits")]
    [InlineData("@1e400", "too large")]
    [InlineData("@9223372036854775808", "64 bits")]
    [InlineData("@concat('a' /* b */)", "no operators")]
    [InlineData("@$x", "no meaning")]
    [InlineData("@ ", "expected an expression")]
    public void Parse_MalformedText_IsASyntaxError(string text, string part) =>
        Assert.Equal("AUX1501", Evaluating.Fails(text, part).Code.Value);

    [Fact]
    public void Parse_HalfASurrogatePairOutsideAString_IsASyntaxError() => Evaluating.Fails("@\udc00", "U+DC00");

    [Fact]
    public void Parse_ThirtyNestedCalls_IsOrdinary() =>
        Evaluating.Gives("@" + string.Concat(Enumerable.Repeat("concat('x',", 30)) + "''" + new string(')', 30), $"\"{new string('x', 30)}\"");

    [Theory]
    [InlineData("not(", "true", ")")]
    [InlineData("(", "1", ")")]
    [InlineData("item()[", "0", "]")]
    [InlineData("createArray(", "1", ")")]
    public void Parse_TenThousandLevels_IsAnErrorNotACrash(string open, string middle, string close)
    {
        var text = "@" + string.Concat(Enumerable.Repeat(open, 10_000)) + middle + string.Concat(Enumerable.Repeat(close, 10_000));

        Assert.Equal("AUX1501", Evaluating.Fails(text).Code.Value);
    }

    [Fact]
    public void Parse_TooDeepText_SaysSo() =>
        Evaluating.Fails("@" + string.Concat(Enumerable.Repeat("not(", 2000)) + "true" + new string(')', 2000), "deeper than 1000 levels");

    [Fact]
    public void Parse_TenThousandSteps_AreNoNesting() => Evaluating.Gives("@item()" + string.Concat(Enumerable.Repeat("?.a", 10_000)), "null");

    [Fact]
    public void Parse_HugeLiteral_IsRead() => Evaluating.Gives($"@length('{new string('a', 3_000_000)}')", "3000000");

    [Fact]
    public void Parse_HugeUnterminatedLiteral_QuotesOnlyItsBeginning() =>
        Assert.True(Evaluating.Fails("@concat('" + new string('a', 3_000_000), "no closing single quote").Message.Length < 500);
}
