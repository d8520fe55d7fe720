using System.Text.Json.Nodes;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.ControlFlow;

public sealed class ForEachTests
{
    [Fact]
    public async Task Items_AreSeenByInnerActivities_OncePerIteration()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(ForEach("""["a", {"k": 1}, null, 2.5]""", Inner("@item()"))));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(
            ["\"a\"", "{\"k\":1}", "null", "2.5"],
            outcome.All("In").Select(run => run.Input!["v"]?.ToJsonString() ?? "null"));
        Assert.Equal(["F[0]/In", "F[1]/In", "F[2]/In", "F[3]/In"], outcome.All("In").Select(run => run.Path));
        Assert.Equal(4, outcome.All("In").Select(run => run.Id).Distinct().Count());
    }

    [Fact]
    public async Task Items_Empty_Succeeds()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(ForEach("[]", Inner("1"))));

        Assert.Equal(ActivityStatus.Succeeded, outcome.StatusOf("F"));
        Assert.Empty(outcome.All("In"));
    }

    [Fact]
    public async Task Body_Empty_Succeeds()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(ForEach("[1, 2, 3]", string.Empty)));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
    }

    [Fact]
    public async Task Items_NotAnArray_FailsWithDataFactorysText()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(ForEach("\"@concat('a','b')\"", Inner("1"))));

        Assert.Equal(
            "The execution of template action 'F' failed: the result of the evaluation of 'foreach' expression "
            + "'@concat('a','b')' is of type 'String'. The result must be a valid array.",
            outcome["F"].Failure!.Message);
        Assert.Equal("InvalidTemplate", outcome["F"].Failure!.ErrorCode);
        Assert.Equal(RunStatus.Failed, outcome.Status);
    }

    [Fact]
    public async Task Parallelism_IsTwentyByDefaultAndTheNextItemGoesToTheFreeSlot()
    {
        await using var harness = new RunHarness();
        var open = 0;
        var most = 0;
        harness.On("In", async attempt =>
        {
            most = Math.Max(most, Interlocked.Increment(ref open));
            var seconds = (int)attempt.Attempt.TypeProperties["v"]!;
            await attempt.SleepAsync(TimeSpan.FromSeconds(seconds));
            Interlocked.Decrement(ref open);
            return [];
        });
        var items = new JsonArray([.. Enumerable.Range(0, 60).Select(index => JsonValue.Create(index == 0 ? 1_000 : 10))]);

        var outcome = await harness.RunAsync(PipelineText.Of(ForEach(items.ToJsonString(), Inner("@item()"))));

        Assert.Equal(20, most);

        // 59 short ones over the 19 slots that the long one leaves: it holds up nobody.
        Assert.Equal(TimeSpan.FromSeconds(1_000), outcome.Run.End - outcome.Run.Start);
        var shorts = outcome.All("In").Skip(1).Max(run => run.End!.Value);
        Assert.Equal(TimeSpan.FromSeconds(40), shorts - outcome.Run.Start);
    }

    [Theory]
    [InlineData("\"batchCount\": 3,", 3)]
    [InlineData("\"batchCount\": \"3\",", 3)]
    [InlineData("\"batchCount\": 80,", 50)]
    [InlineData("\"isSequential\": true, \"batchCount\": 3,", 1)]
    [InlineData("\"isSequential\": \"True\",", 1)]
    public async Task Parallelism_FollowsBatchCountAndIsSequential(string setting, int expected)
    {
        await using var harness = new RunHarness();
        var open = 0;
        var most = 0;
        harness.On("In", async attempt =>
        {
            most = Math.Max(most, Interlocked.Increment(ref open));
            await attempt.SleepAsync(TimeSpan.FromSeconds(1));
            Interlocked.Decrement(ref open);
            return [];
        });

        await harness.RunAsync(PipelineText.Of(ForEach("\"@range(0, 120)\"", Inner("1"), setting)));

        Assert.Equal(expected, most);
    }

    [Fact]
    public async Task Failure_OfOneIteration_LeavesTheOthersAndFailsTheLoop()
    {
        await using var harness = new RunHarness();
        harness.On("In", attempt => (int)attempt.Attempt.TypeProperties["v"]! is 1 or 3
            ? throw Errors.Boom($"bad {attempt.Attempt.TypeProperties["v"]}")
            : Task.FromResult(new JsonObject()));

        var outcome = await harness.RunAsync(PipelineText.Of(
            ForEach("\"@range(0, 5)\"", Inner("@item()"), "\"isSequential\": true,")));

        Assert.Equal(5, outcome.All("In").Count);
        Assert.Equal("ActionFailed", outcome["F"].Failure!.ErrorCode);
        Assert.Equal(
            "Activity failed because an inner activity failed; Inner activity name: In, Error: bad 1", outcome["F"].Failure!.Message);
        Assert.Equal(
            "Operation on target F failed: Activity failed because an inner activity failed; Inner activity name: In, Error: bad 1",
            outcome.Run.Failure!.Message);
    }

    [Fact]
    public async Task Iteration_IsJudgedByItsLeaves()
    {
        await using var harness = new RunHarness();
        harness.Fails("In");
        var handler = """, {"name": "H", "type": "Test", "dependsOn": [{"activity": "In", "dependencyConditions": ["Failed"]}], "typeProperties": {}}""";

        var outcome = await harness.RunAsync(PipelineText.Of(ForEach("[1, 2]", Inner("1") + handler)));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(2, outcome.All("H").Count);
    }

    [Fact]
    public async Task AppendVariable_InParallel_LosesNothing()
    {
        await using var harness = new RunHarness();
        var append = """{"name": "App", "type": "AppendVariable", "typeProperties": {"variableName": "list", "value": "@item()"}}""";
        var show = """
            {"name": "Show", "type": "Test", "dependsOn": [{"activity": "F", "dependencyConditions": ["Succeeded"]}],
             "typeProperties": {"n": "@length(variables('list'))"}}
            """;

        var outcome = await harness.RunAsync(PipelineText.WithVariables(
            "list:Array", ForEach("\"@range(0, 500)\"", append), show));

        Assert.Equal(500, (int)outcome["Show"].Input!["n"]!);
    }

    [Fact]
    public async Task InnerActivity_FromOutside_IsNotInScope()
    {
        await using var harness = new RunHarness();
        var outside = """
            {"name": "Out", "type": "Test", "dependsOn": [{"activity": "F", "dependencyConditions": ["Succeeded"]}],
             "typeProperties": {"v": "@activity('In').output"}}
            """;

        var outcome = await harness.RunAsync(PipelineText.Of(ForEach("[1]", Inner("1")), outside));

        Assert.Equal("InvalidTemplate", outcome["Out"].Failure!.ErrorCode);
        Assert.Contains("'In'", outcome["Out"].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InnerActivities_SeeTheirOwnIterationAndThePipeline()
    {
        await using var harness = new RunHarness();
        harness.Gives("First", new JsonObject { ["x"] = "from outside" });
        harness.On("In", attempt => Task.FromResult(new JsonObject { ["own"] = attempt.Attempt.TypeProperties["v"]?.DeepClone() }));
        var body = Inner("@item()") + """
            , {"name": "Next", "type": "Test", "dependsOn": [{"activity": "In", "dependencyConditions": ["Succeeded"]}],
               "typeProperties": {"own": "@activity('In').output.own", "outer": "@activity('First').output.x"}}
            """;

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "First", "type": "Test", "typeProperties": {}}""",
            ForEach("[10, 20, 30]", body, after: "First")));

        Assert.Equal([10, 20, 30], outcome.All("Next").OrderBy(run => run.Path, StringComparer.Ordinal).Select(run => (int)run.Input!["own"]!));
        Assert.All(outcome.All("Next"), run => Assert.Equal("from outside", (string?)run.Input!["outer"]));
    }

    [Fact]
    public async Task TenThousandItems_EndInLinearTime()
    {
        await using var harness = new RunHarness();
        var body = Inner("@item()") + """
            , {"name": "If", "type": "IfCondition", "typeProperties": {"expression": "@equals(mod(item(), 2), 0)",
               "ifTrueActivities": [{"name": "Even", "type": "AppendVariable", "typeProperties": {"variableName": "evens", "value": "@item()"}}]}}
            """;

        var outcome = await harness.RunAsync(PipelineText.WithVariables(
            "evens:Array", ForEach("\"@range(0, 10000)\"", body, "\"batchCount\": 50,")));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(10_000, outcome.All("In").Count);
        Assert.Equal(5_000, outcome.Events.OfType<VariableAppended>().Count());
    }

    [Fact]
    public async Task Nested_Loops_JudgeAndNameEachLevel()
    {
        await using var harness = new RunHarness();
        var inner = """
            {"name": "G", "type": "ForEach", "typeProperties": {"items": "@createArray(1, 2)", "activities": [
              {"name": "Deep", "type": "Fail", "typeProperties": {"message": "@concat('no ', string(item()))", "errorCode": "77"}}]}}
            """;

        var outcome = await harness.RunAsync(PipelineText.Of(ForEach("[1]", inner)));

        Assert.Equal(["F[0]/G[0]/Deep", "F[0]/G[1]/Deep"], outcome.All("Deep").Select(run => run.Path));
        Assert.Equal(
            "Activity failed because an inner activity failed; Inner activity name: G, Error: "
            + "Activity failed because an inner activity failed; Inner activity name: Deep, Error: no 1",
            outcome["F"].Failure!.Message);
    }

    private static string Inner(string value) =>
        """{"name": "In", "type": "Test", "typeProperties": {"v": """ + $"\"{value}\"" + "}}";

    private static string ForEach(string items, string body, string setting = "", string? after = null)
    {
        var dependsOn = after is null ? "" : $$"""{"activity": "{{after}}", "dependencyConditions": ["Succeeded"]}""";
        return $$"""
            {"name": "F", "type": "ForEach", "dependsOn": [{{dependsOn}}],
             "typeProperties": { {{setting}} "items": {{items}}, "activities": [{{body}}] } }
            """;
    }
}
