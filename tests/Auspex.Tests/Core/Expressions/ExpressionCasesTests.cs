using Auspex.Expressions;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

public sealed class ExpressionCasesTests
{
    [Theory]
    [InlineData("""{"id":"a","expression":"@add(1,2)"}""", """{"id":"a","value":3}""")]
    [InlineData("""{"id":7,"expression":"@mul(2,4.0)","context":null}""", """{"id":7,"value":8.0}""")]
    [InlineData("""{"id":"n","expression":null}""", """{"id":"n","value":null}""")]
    [InlineData("""{"id":"i","expression":"@item()","context":{"item":null}}""", """{"id":"i","value":null}""")]
    [InlineData("""{"id":"v","expression":{"x":["@{pipeline().parameters.p}"]},"context":{"parameters":{"p":"<é&>"}}}""", """{"id":"v","value":{"x":["<é&>"]}}""")]
    [InlineData("""{"id":"t","expression":"@utcNow()","context":{"utcNow":"2024-03-01T00:00:00+01:00"}}""", """{"id":"t","value":"2024-02-29T23:00:00.0000000Z"}""")]
    [InlineData("""{"id":"d","expression":"@pipeline().parameters","context":{"parameters":{"a":1,"a":2}}}""", """{"id":"d","value":{"a":2}}""")]
    [InlineData("""{"id":"e","expression":"@div(1,0)"}""", """{"id":"e","error":"Attempt to divide an integral or decimal value by zero in function 'div'."}""")]
    [InlineData("""{"id":"m"}""", """{"id":"m","error":"The case has no member 'expression'."}""")]
    [InlineData("""{"id":"c","expression":"x","context":5}""", """{"id":"c","error":"The case's member 'context' is not an object."}""")]
    [InlineData("""{"id":"p","expression":"x","context":{"parameters":[]}}""", """{"id":"p","error":"The context's member 'parameters' is not an object."}""")]
    [InlineData("""{"id":"q","expression":"x","context":{"activities":{"A":1}}}""", """{"id":"q","error":"The context's member 'activities.A' is not an object."}""")]
    [InlineData("""{"id":"u","expression":"x","context":{"utcNow":"soon"}}""", """{"id":"u","error":"The context's member 'utcNow' is not a time in ISO 8601, such as 2024-03-01T09:30:00Z."}""")]
    [InlineData("5", """{"id":null,"error":"The case is not an object with 'id', 'expression' and 'context'."}""")]
    [InlineData("null", """{"id":null,"error":"The case is not an object with 'id', 'expression' and 'context'."}""")]
    public void Evaluate_OneCase_GivesOneLine(string @case, string line) =>
        Assert.Equal([line], ExpressionCases.Evaluate($"[{@case}]"));

    [Fact]
    public void Evaluate_BadCaseAmongGoodOnes_StopsNothing()
    {
        var lines = ExpressionCases.Evaluate("""[{"id":1,"expression":"@1"},{"id":2,"expression":"@("},{"id":3,"expression":"@3"}]""").ToArray();

        Assert.Equal("""{"id":1,"value":1}""", lines[0]);
        Assert.StartsWith("""{"id":2,"error":"Unable to parse expression""", lines[1], StringComparison.Ordinal);
        Assert.Equal("""{"id":3,"value":3}""", lines[2]);
    }

    [Fact]
    public void Evaluate_DeepResult_IsWritten()
    {
        var text = string.Concat(Enumerable.Repeat("createArray(", 500)) + "1" + new string(')', 500);

        var line = Assert.Single(ExpressionCases.Evaluate($$"""[{"id":1,"expression":"@{{text}}"}]"""));

        Assert.Contains("[[[[1]]]]", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "not a JSON array")]
    [InlineData("[", "not JSON")]
    [InlineData("", "not JSON")]
    public void Evaluate_NoArray_Fails(string json, string part)
    {
        var exception = Assert.Throws<ExpressionException>(() => ExpressionCases.Evaluate(json).ToArray());

        Assert.Equal("AUX1505", exception.Code.Value);
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_TextWithByteOrderMark_IsRead() =>
        Assert.Equal(["""{"id":1,"value":1}"""], ExpressionCases.Evaluate("\ufeff[{\"id\":1,\"expression\":\"@1\"}]"));
}
