using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.ControlFlow;

public sealed class VariableTests
{
    [Theory]
    [InlineData("String", "\"@concat('a', 'b')\"", "\"ab\"")]
    [InlineData("Boolean", "\"@equals(1, 1)\"", "true")]
    [InlineData("Bool", "true", "true")]
    [InlineData("Boolean", "\"true\"", "true")]
    [InlineData("Array", "[1, \"@add(1, 1)\"]", "[1,2]")]
    [InlineData("Integer", "\"@add(1, 2)\"", "3")]
    [InlineData("Integer", "\"7\"", "7")]
    public async Task Set_AValueOfTheType_IsWhatExpressionsSee(string type, string value, string expected)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables($"v:{type}", Set("v", value), Show("@variables('v')")));

        Assert.Equal(expected, outcome["Show"].Input!["v"]!.ToJsonString());
        Assert.Equal("v", (string?)outcome["Set"].Output!["name"]);
    }

    [Theory]
    [InlineData("String", "\"@add(1, 2)\"", "Integer")]
    [InlineData("String", "[1]", "Array")]
    [InlineData("Boolean", "\"yes\"", "String")]
    [InlineData("Array", "\"@string('x')\"", "String")]
    [InlineData("Integer", "1.5", "Float")]
    public async Task Set_AValueOfAnotherType_FailsWithDataFactorysText(string type, string value, string found)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables($"v:{type}", Set("v", value)));

        Assert.Equal(
            $"The variable 'v' of type '{type}' cannot be initialized or updated with value of type '{found}'. "
            + $"The variable 'v' only supports values of types '{type}'.",
            outcome["Set"].Failure!.Message);
    }

    [Theory]
    [InlineData("\"@concat(variables('v'), 'x')\"")]
    [InlineData("\"a @{variables( 'V' )}\"")]
    [InlineData("[{\"k\": \"@variables('v')\"}]")]
    public async Task Set_MentioningItself_IsRefused(string value)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables("v:String", Set("v", value)));

        Assert.Contains("self referencing variable", outcome["Set"].Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"@@variables('v')\"")]
    [InlineData("\"see variables('v')\"")]
    [InlineData("\"@variables('w')\"")]
    public async Task Set_NotMentioningItself_IsAllowed(string value)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables("v:String w:String", Set("v", value)));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
    }

    [Fact]
    public async Task Set_AnUnknownVariable_Fails()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables("v:String", Set("x", "1")));

        Assert.Contains("The template variable 'x' cannot be found", outcome["Set"].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unset_Variables_ReadAsTheDefaultOfTheirType()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables(
            "s:String b:Boolean a:Array i:Integer",
            """{"name": "Show", "type": "Test", "typeProperties": {"s": "@variables('s')", "b": "@variables('b')", "a": "@variables('a')", "i": "@variables('I')"}}"""));

        Assert.Equal("""{"s":"","b":false,"a":[],"i":0}""", outcome["Show"].Input!.ToJsonString());
    }

    [Fact]
    public async Task Append_ToAnythingButAnArray_Fails()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables(
            "v:String", """{"name": "App", "type": "AppendVariable", "typeProperties": {"variableName": "v", "value": "x"}}"""));

        Assert.Contains("only supports variables of type 'Array'", outcome["App"].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReturnValue_OfEveryType_IsTheRuns()
    {
        await using var harness = new RunHarness();
        var set = """
            {"name": "Set", "type": "SetVariable", "typeProperties": {"variableName": "pipelineReturnValue", "setSystemVariable": true, "value": [
              {"key": "s", "value": {"type": "String", "content": "text"}},
              {"key": "e", "value": {"type": "Expression", "content": "@add(1, 1)"}},
              {"key": "i", "value": {"type": "Int", "content": 3}},
              {"key": "f", "value": {"type": "Float", "content": 1.5}},
              {"key": "b", "value": {"type": "Boolean", "content": true}},
              {"key": "n", "value": {"type": "Null"}},
              {"key": "o", "value": {"type": "Object", "content": {"x": "@concat('y', 'z')"}}},
              {"key": "a", "value": {"type": "Array", "content": [{"type": "Int", "content": 1}, {"type": "Expression", "content": "@string(2)"}]}}]}}
            """;
        var again = """
            {"name": "Again", "type": "SetVariable", "dependsOn": [{"activity": "Set", "dependencyConditions": ["Succeeded"]}],
             "typeProperties": {"variableName": "pipelineReturnValue", "setSystemVariable": true, "value": [
              {"key": "s", "value": {"type": "String", "content": "later"}}]}}
            """;

        var outcome = await harness.RunAsync(PipelineText.Of(set, again));

        Assert.Equal(
            """{"s":"later","e":2,"i":3,"f":1.5,"b":true,"n":null,"o":{"x":"yz"},"a":[1,"2"]}""", outcome.Run.ReturnValue!.ToJsonString());
    }

    [Fact]
    public async Task ReturnValue_OfAnotherTypeThanDeclared_Fails()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "Set", "type": "SetVariable", "typeProperties": {"variableName": "pipelineReturnValue", "setSystemVariable": true, "value": [{"key": "i", "value": {"type": "Int", "content": "many"}}]}}"""));

        Assert.Contains("declared 'Int' and of type 'String'", outcome["Set"].Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("\"2\"", 2)]
    [InlineData("\"@mul(2, 5)\"", 10)]
    [InlineData("0", 0)]
    public async Task Wait_Seconds_TakesThatLong(string seconds, int expected)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            $$"""{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": {{seconds}} } }"""));

        Assert.Equal(TimeSpan.FromSeconds(expected), outcome["W"].End - outcome["W"].Start);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("\"soon\"")]
    [InlineData("1.5")]
    public async Task Wait_NoSeconds_Fails(string seconds)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            $$"""{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": {{seconds}} } }"""));

        Assert.Contains("expected a whole number from 0", outcome["W"].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fail_AMessageAndCode_AreTheActivitysAndTheRuns()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "F", "type": "Fail", "typeProperties": {"message": "@concat('not ', 'today')", "errorCode": "@string(500)"}}"""));

        Assert.Equal("500", outcome["F"].Failure!.ErrorCode);
        Assert.Equal("not today", outcome["F"].Failure!.Message);
        Assert.Equal("Operation on target F failed: not today", outcome.Run.Failure!.Message);
    }

    [Fact]
    public async Task Filter_ACondition_KeepsTheItemsThatHold()
    {
        await using var harness = new RunHarness();
        var filter = """{"name": "F", "type": "Filter", "typeProperties": {"items": "@range(1, 10000)", "condition": "@equals(mod(item(), 1000), 0)"}}""";
        var show = """{"name": "Show", "type": "Test", "dependsOn": [{"activity": "F", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"v": "@activity('F').output.value[1]"}}""";

        var outcome = await harness.RunAsync(PipelineText.Of(filter, show));

        Assert.Equal(10_000, (int)outcome["F"].Output!["ItemsCount"]!);
        Assert.Equal(10, (int)outcome["F"].Output!["FilteredItemsCount"]!);
        Assert.Equal([1000, 2000], outcome["F"].Output!["Value"]!.AsArray().Take(2).Select(value => (int)value!));
        Assert.Equal(2000, (int)outcome["Show"].Input!["v"]!);
    }

    [Theory]
    [InlineData("\"@string('x')\"", "\"@equals(1, 1)\"", "must be a valid array")]
    [InlineData("[1]", "\"@add(1, 1)\"", "must be a valid boolean")]
    public async Task Filter_WrongTypes_Fail(string items, string condition, string message)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            $$"""{"name": "F", "type": "Filter", "typeProperties": {"items": {{items}}, "condition": {{condition}} } }"""));

        Assert.Contains(message, outcome["F"].Failure!.Message, StringComparison.Ordinal);
    }

    private static string Set(string name, string value) =>
        $$"""{"name": "Set", "type": "SetVariable", "typeProperties": {"variableName": "{{name}}", "value": {{value}} } }""";

    private static string Show(string expression) => new JsonObject
    {
        ["name"] = "Show",
        ["type"] = "Test",
        ["dependsOn"] = JsonNode.Parse("""[{"activity": "Set", "dependencyConditions": ["Succeeded"]}]"""),
        ["typeProperties"] = new JsonObject { ["v"] = expression },
    }.ToJsonString();
}
