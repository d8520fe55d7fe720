using System.Text.Json.Nodes;
using Auspex.Errors;
using Auspex.Expressions;
using Xunit;

namespace Auspex.Tests.Core.Expressions;

public sealed class ExpressionParserTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("@@x")]
    [InlineData("@concat('a',toUpper('b'))")]
    [InlineData("n=@{pipeline().parameters.n}")]
    [InlineData("@and(true)")]
    public void Check_RightText_FindsNothing(string text) => Assert.Empty(ExpressionParser.Check(text));

    [Theory]
    [InlineData("@add(1,)", "AUX1501", 1, 8)]
    [InlineData("@concat(nope('a'))", "AUX1503", 1, 9)]
    [InlineData("@if(true,\n  trim(), 1)", "AUX1504", 2, 3)]
    [InlineData("x @{sort(createArray(1))}", "AUX1503", 1, 5)]
    [InlineData("@createArray(1)[add(1)]", "AUX1504", 1, 17)]
    public void Check_WrongText_NamesProblemAndPlace(string text, string code, int line, int column)
    {
        var problem = Assert.Single(ExpressionParser.Check(text));

        Assert.Equal((code, line, column), (problem.Code.Value, problem.Line, problem.Column));
        Assert.Equal(DiagnosticSeverity.Error, problem.Severity);
    }

    [Fact]
    public void Check_SeveralMistakes_FindsAllOfThem()
    {
        var problems = ExpressionParser.Check("@concat(nope(also()),trim())");

        Assert.Equal(["AUX1503", "AUX1503", "AUX1504"], problems.Select(problem => problem.Code.Value));
    }

    [Fact]
    public void Check_LongExpression_WarnsThatTheServiceRefusesIt()
    {
        var problem = Assert.Single(ExpressionParser.Check($"@concat('{new string('a', 9000)}')"));

        Assert.Equal((DiagnosticSeverity.Warning, "AUX1506"), (problem.Severity, problem.Code.Value));
        Assert.Empty(ExpressionParser.Check("@@" + new string('a', 9000)));
    }

    [Fact]
    public void Check_Value_SaysWhereEachStringStands()
    {
        var value = JsonNode.Parse("""{"a":["ok","@nope()"],"b":{"x y":{"type":"Expression","value":"@trim("}}}""");

        Assert.Equal(["$.a[1]", "$.b['x y']"], ExpressionParser.Check(value).Select(problem => problem.JsonPath));
    }

    [Fact]
    public void FindReferences_Value_FindsAllWithTheirPaths()
    {
        var value = JsonNode.Parse(
            """
            {
              "a": "@activity('Look up').output.firstRow?.c",
              "b": { "type": "Expression", "value": "x @{variables('v')} @{pipeline().parameters.p.q} @{pipeline()?.TriggeredByPipelineName}" },
              "c": ["@pipeline()['globalParameters']['g']", "@item().name", "@dataset().folder", "@linkedService()?.host"],
              "d": "@trigger().outputs.windowStartTime",
              "e": "@triggerBody().fileName",
              "broken": "@activity('no",
              "literal": "@@activity('no')"
            }
            """);

        var found = ExpressionParser.FindReferences(value).Select(reference =>
            $"{reference.JsonPath} {reference.Kind} {reference.Name}{(reference.IsGuarded ? "?" : "")} " +
            string.Concat(reference.Path.Select(step => $"{(step.IsGuarded ? "?" : "")}.{step.Name}")));

        Assert.Equal(
            [
                "$.a Activity Look up .output.firstRow?.c",
                "$.b Variable v ",
                "$.b Parameter p .q",
                "$.b SystemVariable TriggeredByPipelineName? ",
                "$.c[0] GlobalParameter g ",
                "$.c[1] Item  .name",
                "$.c[2] Dataset folder ",
                "$.c[3] LinkedService host? ",
                "$.d Trigger  .outputs.windowStartTime",
                "$.e TriggerBody  .fileName",
            ],
            found);
    }

    [Fact]
    public void FindReferences_InsideArgumentsAndIndexes_FindsThem()
    {
        var text = "@if(equals(ACTIVITY('A').output.value[0].id, 1), activity('B').output[variables('i')].x, createArray(item())[pipeline().parameters.n])";

        var found = ExpressionParser.FindReferences(JsonValue.Create(text)).Select(reference =>
            $"{reference.Kind} {reference.Name} {string.Join('.', reference.Path.Select(step => step.Name))}");

        Assert.Equal(
            ["Activity A output.value.0.id", "Activity B output", "Variable i ", "Item  ", "Parameter n "], found);
    }

    [Theory]
    [InlineData("@variables(concat('a','b'))", ExpressionReferenceKind.Variable)]
    [InlineData("@activity(item().x)", ExpressionReferenceKind.Activity)]
    [InlineData("@pipeline().parameters", ExpressionReferenceKind.Parameter)]
    [InlineData("@pipeline().parameters[item().x]", ExpressionReferenceKind.Parameter)]
    [InlineData("@pipeline()", ExpressionReferenceKind.SystemVariable)]
    [InlineData("@dataset()", ExpressionReferenceKind.Dataset)]
    public void FindReferences_ComputedOrAbsentName_HasNone(string text, ExpressionReferenceKind kind) =>
        Assert.Contains(ExpressionParser.FindReferences(JsonValue.Create(text)), reference => reference.Kind == kind && reference.Name is null);

    [Fact]
    public void Check_TextDeeperThanAllowed_IsAProblemNotACrash() =>
        Assert.Equal("AUX1501", Assert.Single(ExpressionParser.Check("@" + string.Concat(Enumerable.Repeat("not(", 10_000)))).Code.Value);
}
