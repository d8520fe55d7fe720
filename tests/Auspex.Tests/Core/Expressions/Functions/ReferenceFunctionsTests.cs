using Xunit;

namespace Auspex.Tests.Core.Expressions.Functions;

public sealed class ReferenceFunctionsTests
{
    [Theory]
    [InlineData("@pipeline().RunId", "\"11111111-2222-3333-4444-555555555555\"")]
    [InlineData("@pipeline().datafactory", "\"auspex\"")]
    [InlineData("@pipeline().TriggerType", "\"Manual\"")]
    [InlineData("@pipeline()?.TriggeredByPipelineName", "null")]
    [InlineData("@pipeline().parameters.NAME", "\"flights\"")]
    [InlineData("@pipeline().globalParameters.region", "\"north\"")]
    [InlineData("@pipeline()['parameters']['n']", "7")]
    [InlineData("@variables('Count')", "2")]
    [InlineData("@variables('count')", "2")]
    [InlineData("@variables(concat('Do','ne'))", "false")]
    [InlineData("@activity('Look up').output.firstRow.col", "\"c1\"")]
    [InlineData("@activity('look UP').Status", "\"Succeeded\"")]
    [InlineData("@activity('Look up').error", "null")]
    [InlineData("@activity('Look up').Error?.message", "null")]
    [InlineData("@activity('Broken').error.Message", "\"no file\"")]
    [InlineData("@activity('Broken').output?.x", "null")]
    [InlineData("@activity('Left out').output", "null")]
    [InlineData("@activity('Left out').status", "\"Skipped\"")]
    [InlineData("@item().name", "\"a.csv\"")]
    [InlineData("@item()", "{\"Name\":\"a.csv\",\"size\":null}")]
    [InlineData("@dataset().folder", "\"in\"")]
    [InlineData("@linkedService().host", "\"h\"")]
    [InlineData("@trigger().scheduledTime", "\"2024-03-01T09:00:00Z\"")]
    [InlineData("@trigger().outputs.windowStartTime", "\"2024-03-01T08:00:00Z\"")]
    [InlineData("@trigger().outputs.body.fileName", "\"f.csv\"")]
    [InlineData("@triggerBody().fileName", "\"f.csv\"")]
    [InlineData("@contains(pipeline(),'RunId')", "true")]
    public void Reference_InScope_GivesItsValue(string text, string json) => Evaluating.Gives(text, json);

    [Theory]
    [InlineData("@variables('none')", "the template variable 'none' cannot be found")]
    [InlineData("@activity('none').output", "the template action 'none' is not defined at current scope")]
    [InlineData("@activity('Left out').output.x", "property 'x' cannot be selected")]
    [InlineData("@pipeline().TriggeredByPipelineName", "property 'TriggeredByPipelineName' doesn't exist")]
    [InlineData("@pipeline().parameters.none", "property 'none' doesn't exist, available properties are 'n, name, my-name, items, data, ratio, nothing, flag'")]
    [InlineData("@pipeline().libraryVariables.x", "property 'libraryVariables' doesn't exist")]
    [InlineData("@variables(5)", "of type 'Integer'")]
    [InlineData("@variables()", "'variables' expects one parameter: name. The function was invoked with '0' parameter(s).")]
    [InlineData("@item(1)", "'item' expects no parameters. The function was invoked with '1' parameter(s).")]
    public void Reference_ToWhatIsNotThere_Fails(string text, string part)
    {
        var exception = Evaluating.Fails(text);

        Assert.Contains(part, exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("item")]
    [InlineData("dataset")]
    [InlineData("linkedService")]
    [InlineData("trigger")]
    [InlineData("triggerBody")]
    public void Reference_OutsideItsPlace_Fails(string function)
    {
        var exception = Assert.Throws<Auspex.Expressions.ExpressionException>(() => Evaluating.Json($"@{function}()", "{}"));

        Assert.Equal($"The template function '{function}' is not expected at this location.", exception.Message);
    }

    [Theory]
    [InlineData("""{"item":null}""", "@item()", "null")]
    [InlineData("""{"item":5}""", "@item()", "5")]
    [InlineData("""{"trigger":{"body":{"event":{"eventType":"e"}}}}""", "@triggerBody().event.eventType", "\"e\"")]
    [InlineData("""{"trigger":{}}""", "@triggerBody()", "null")]
    [InlineData("""{"pipeline":{"parameters":{"p":1}}}""", "@pipeline().parameters.p", "1")]
    [InlineData("""{}""", "@pipeline()?.TriggeredByPipelineRunId", "null")]
    [InlineData("""{"parameters":{"v":1},"variables":{"v":"@x"}}""", "@variables('v')", "\"@x\"")]
    public void Reference_InASmallContext_GivesItsValue(string context, string text, string json) =>
        Assert.Equal(json, Evaluating.Json(text, context));

    [Theory]
    [InlineData("sort")]
    [InlineData("formatNumber")]
    [InlineData("body")]
    [InlineData("workflow")]
    [InlineData("isFloat")]
    [InlineData("dateDifference")]
    public void Call_OfALogicAppsFunction_SaysSo(string function) =>
        Evaluating.Fails($"@{function}('a')", $"The template function '{function}' is not defined or not valid. It exists in Logic Apps, not in Data Factory.");

    [Theory]
    [InlineData("concatt", "concat")]
    [InlineData("utcNov", "utcNow")]
    [InlineData("variable", "variables")]
    public void Call_OfAMisspeltFunction_SuggestsTheRightOne(string function, string meant) =>
        Evaluating.Fails($"@{function}('a')", $"The template function '{function}' is not defined or not valid. Did you mean '{meant}'?");
}
