using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Runs;

/// <summary>
/// Rules of Data Factory's execution that no other test bears in its name, by what they are about: dependencies, policy, inactive
/// activities, ForEach, nesting, limits, variables and parameters, system variables, error texts, and what real factories do.
/// </summary>
public sealed class SemanticsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("A; B<A:Succeeded|Failed", "A", "B=Succeeded")]
    [InlineData("A; B<A:Failed|Skipped", "", "B=Skipped")]
    [InlineData("A; B<A:Succeeded; C<B:Skipped|Failed,A:Failed", "A", "C=Succeeded")]
    [InlineData("A; B<A:Succeeded; C<B:Skipped|Failed,A:Succeeded", "A", "C=Skipped")]
    [InlineData("A; B; C<A:Succeeded|Completed,B:Succeeded|Failed", "A B", "C=Succeeded")]
    public async Task Dependencies_SeveralConditionsOfOne_AreOr_SeveralActivities_AreAnd(string graph, string failing, string expected)
    {
        await using var harness = new RunHarness();
        foreach (var name in failing.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            harness.Fails(name);
        }

        var outcome = await harness.RunAsync(PipelineText.OfGraph(graph));

        Assert.Equal(expected, $"{expected[0]}={outcome.StatusOf(expected[..1])}");
    }

    [Fact]
    public async Task Dependencies_AreJudgedWhenAllHaveEnded()
    {
        await using var harness = new RunHarness();
        harness.Fails("A").Takes("B", TimeSpan.FromMinutes(5));

        var outcome = await harness.RunAsync(PipelineText.OfGraph("A; B; C<A:Failed,B:Succeeded"));

        Assert.Equal(outcome["B"].End, outcome["C"].Start);
    }

    [Fact]
    public async Task Error_OfWhatDidNotFail_IsNull_AndNamesIgnoreCase()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "A", "type": "Test", "typeProperties": {}}""",
            """{"name": "B", "type": "Test", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"m": "@activity('a').Error?.message", "s": "@activity('A').status"}}"""));

        Assert.Null(outcome["B"].Input!["m"]);
        Assert.Equal("Succeeded", (string?)outcome["B"].Input!["s"]);
    }

    [Fact]
    public async Task Policy_RetriesAreRunsOfTheirOwn_TheTimeoutIsPerAttempt()
    {
        await using var harness = new RunHarness();
        harness.Takes("A", TimeSpan.FromHours(1));

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "A", "type": "Test", "policy": {"timeout": "0.00:10:00", "retry": 2, "retryIntervalInSeconds": 30}, "typeProperties": {}}"""));

        Assert.Equal([1, 2, 3], outcome.All("A").Select(run => run.Attempt));
        Assert.All(outcome.All("A"), run => Assert.Equal((TimeSpan.FromMinutes(10), "ActivityTimeout"), (run.End - run.Start, run.Failure!.ErrorCode)));
        Assert.Equal(TimeSpan.FromSeconds(30), outcome.All("A")[1].Start - outcome.All("A")[0].End);
    }

    [Theory]
    [InlineData("""{"name": "X", "type": "SetVariable", "policy": {"secureInput": true}, "typeProperties": {"variableName": "v", "value": "hidden"}}""")]
    [InlineData("""{"name": "X", "type": "SetVariable", "policy": {"secureInput": true, "secureOutput": true}, "typeProperties": {"variableName": "v", "value": "hidden"}}""")]
    [InlineData("""{"name": "X", "type": "Filter", "policy": {"secureInput": true, "secureOutput": true}, "typeProperties": {"items": ["hidden"], "condition": "@equals(1, 1)"}}""")]
    public async Task Policy_Secure_HoldsForControlActivitiesToo(string activity)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables("v:String", activity));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Null(outcome["X"].Input);
        Assert.DoesNotContain("hidden", outcome["X"].Output?.ToJsonString() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public async Task UserProperties_OfEveryActivity_AreEvaluatedAndShown()
    {
        await using var harness = new RunHarness();
        const string Properties = """ "userProperties": [{"name": "who", "value": "@pipeline().Pipeline"}, {"name": "n", "value": 1}] }""";

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "T", "type": "Test", "typeProperties": {}, """ + Properties,
            """{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}, """ + Properties,
            """{"name": "F", "type": "ForEach", "typeProperties": {"items": [], "activities": []}, """ + Properties));

        Assert.All(outcome.Activities, run => Assert.Equal("""{"who":"p","n":"1"}""", run.UserProperties!.ToJsonString()));
        Assert.Equal(3, outcome.Activities.Length);
    }

    [Fact]
    public async Task Inactive_IsNotLookedAt_AndHasNoOutput()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "X", "type": "NoSuchType", "state": "Inactive", "typeProperties": {"a": "@activity('Nobody').output"}}""",
            """{"name": "B", "type": "Test", "dependsOn": [{"activity": "X", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"x": "@activity('X').output.a"}}"""));

        Assert.Equal(ActivityStatus.Inactive, outcome.StatusOf("X"));
        Assert.Null(outcome["X"].Input);
        Assert.Contains("doesn't exist, available properties are", outcome["B"].Failure!.Message, StringComparison.Ordinal);
    }

    // The second of five fails before those beside it end.
    [Theory]
    [InlineData(false, "", "0 1 2 3 4", 1)]
    [InlineData(false, "true", "0 1", 1)]
    [InlineData(true, "", "0 1", 1)]
    [InlineData(true, "false", "0 1 2 3 4", 1)]
    [InlineData(true, "@equals(1, 1)", "0 1 2", 3)]
    public async Task ForEach_StopsAtTheFirstFailure_IfTold(bool option, string property, string expected, int batchCount)
    {
        await using var harness = new RunHarness();
        harness.Options.StopForEachAtFirstFailure = option;
        harness.On("In", async attempt =>
        {
            var fails = (int)attempt.Attempt.TypeProperties["v"]! == 1;
            await attempt.SleepAsync(TimeSpan.FromSeconds(fails ? 30 : 60));
            return fails ? throw Errors.Boom() : [];
        });
        var told = property.Length == 0 ? "" : $$""" "userProperties": [{"name": "stopAtFirstFailure", "value": "{{property}}" }],""";

        var outcome = await harness.RunAsync(PipelineText.Of(
            $$$$"""{"name": "F", "type": "ForEach", {{{{told}}}} "typeProperties": {"items": "@range(0, 5)", "batchCount": {{{{batchCount}}}}, "activities": [{"name": "In", "type": "Test", "typeProperties": {"v": "@item()"}}]}}"""));

        Assert.Equal(expected, string.Join(' ', outcome.All("In").Select(run => run.Path[2])));
        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Equal("ActionFailed", outcome["F"].Failure!.ErrorCode);
    }

    [Theory]
    [InlineData("IfCondition", "IfCondition")]
    [InlineData("ForEach", "ForEach")]
    [InlineData("ForEach", "Until")]
    [InlineData("Until", "Switch")]
    [InlineData("Switch", "ForEach")]
    public async Task Nesting_ThatDataFactoryRefuses_RunsHere(string outer, string inner)
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(Container("Out", outer, Container("In", inner, """{"name": "A", "type": "Test", "typeProperties": {}}"""))));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(ActivityStatus.Succeeded, outcome.All("A")[0].Status);
    }

    [Fact]
    public async Task Limits_OfInputOutputAndReturnValue_FailTheActivity()
    {
        await using var harness = new RunHarness();
        harness.Options.MaxInputBytes = 1_000;
        harness.Options.MaxOutputBytes = 2_000;
        harness.Gives("Out", new() { ["x"] = new string('x', 2_000) }).Gives("Fits", new() { ["x"] = new string('x', 1_900) });

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "Out", "type": "Test", "typeProperties": {}}""",
            """{"name": "Fits", "type": "Test", "typeProperties": {}}""",
            """{"name": "In", "type": "Test", "typeProperties": {"x": "@join(range(0, 900), '')"}}""",
            """{"name": "Ret", "type": "SetVariable", "typeProperties": {"variableName": "pipelineReturnValue", "setSystemVariable": true, "value": [{"key": "k", "value": {"type": "Expression", "content": "@join(range(0, 900), '')"}}]}}"""));

        Assert.Equal(("2001", "2002", "2001"), (outcome["Out"].Failure!.ErrorCode, outcome["In"].Failure!.ErrorCode, outcome["Ret"].Failure!.ErrorCode));
        Assert.Contains("payload including configurations on activity 'In' is too large", outcome["In"].Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(ActivityStatus.Succeeded, outcome.StatusOf("Fits"));
        Assert.Null(outcome.Run.ReturnValue);
    }

    [Fact]
    public async Task Parameters_LeftOut_AreNull_UndeclaredOnes_AreKept_NamesIgnoreCase()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(
            """{"name": "p", "properties": {"parameters": {"left": {"type": "String"}, "given": {"type": "String"}}, "activities": [{"name": "A", "type": "Test", "typeProperties": {"e": "@empty(pipeline().parameters.left)", "c": "@coalesce(pipeline().parameters.LEFT, 'none')", "g": "@pipeline().parameters.Given", "u": "@pipeline().parameters.undeclared"}}]}}""",
            new JsonObject { ["GIVEN"] = "g", ["undeclared"] = 1 });

        Assert.Equal("""{"e":true,"c":"none","g":"g","u":1}""", outcome["A"].Input!.ToJsonString());
    }

    [Fact]
    public async Task Variables_OfAParallelForEach_AreThePipelines()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.WithVariables(
            "v:String",
            """{"name": "F", "type": "ForEach", "typeProperties": {"items": ["a", "b"], "activities": [{"name": "S", "type": "SetVariable", "typeProperties": {"variableName": "v", "value": "@item()"}}]}}""",
            """{"name": "A", "type": "Test", "dependsOn": [{"activity": "F", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"v": "@variables('v')"}}"""));

        Assert.Equal("b", (string?)outcome["A"].Input!["v"]);
    }

    [Fact]
    public async Task SystemVariables_OfAChild_NameItsParent_OfATriggeredRun_TheTriggersRun()
    {
        const string Ids = """{"name": "A", "type": "Test", "typeProperties": {"trigger": "@pipeline().TriggerId", "type": "@pipeline().TriggerType", "by": "@pipeline()?.TriggeredByPipelineName", "run": "@pipeline()?.TriggeredByPipelineRunId", "group": "@equals(pipeline().GroupId, pipeline().RunId)"}}""";
        await using var harness = new TriggerHarness();
        harness.Runs.AddPipeline(PipelineText.Of(Ids).Replace("\"p\"", "\"ids\"", StringComparison.Ordinal));
        harness.AddTrigger("T", "ScheduleTrigger", """{"recurrence": {"frequency": "Hour", "interval": 1, "startTime": "2026-01-01T00:00:00Z"}}""", pipeline: "ids", runtimeState: "Started");
        await harness.BeginAsync();
        await harness.AdvanceAsync(TimeSpan.FromHours(1));
        var triggered = Assert.Single(await harness.RunsOfAsync("T"));
        var manual = await harness.Runs.RunAsync(PipelineText.Of(Ids.Replace("\"A\"", "\"B\"", StringComparison.Ordinal)));
        var parent = await harness.Runs.RunAsync(PipelineText.Of(
            """{"name": "Exec", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "ids", "type": "PipelineReference"}, "waitOnCompletion": true}}"""));

        var inputs = harness.Runs.Executor.Attempts.Select(attempt => attempt.TypeProperties).ToArray();
        Assert.Equal((triggered.Id, "ScheduleTrigger", null), ((string?)inputs[0]["trigger"], (string?)inputs[0]["type"], inputs[0]["by"]));
        Assert.Equal((manual.Run.Id.Value, "Manual", true), ((string?)inputs[1]["trigger"], (string?)inputs[1]["type"], (bool)inputs[1]["group"]!));
        Assert.Equal(("PipelineActivity", "p", parent.Run.Id.Value), ((string?)inputs[2]["type"], (string?)inputs[2]["by"], (string?)inputs[2]["run"]));
    }

    [Fact]
    public async Task ErrorTexts_OfRunContainerAndMissingProperty_AreDataFactorys()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(Container(
            "If", "IfCondition", """{"name": "A", "type": "Test", "typeProperties": {"x": "@pipeline().nothing"}}""")));

        Assert.Equal("InvalidTemplate", outcome["A"].Failure!.ErrorCode);
        Assert.Contains(
            "The expression 'pipeline().nothing' cannot be evaluated because property 'nothing' doesn't exist, available properties are '", outcome["A"].Failure!.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "Operation on target If failed: Activity failed because an inner activity failed; Inner activity name: A, Error: ", outcome.Run.Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Concurrency_CountsChildrenByTheirOwnPipeline_WhateverStartsThem()
    {
        await using var harness = new RunHarness();
        harness.AddPipeline("""{"name": "child", "properties": {"concurrency": 1, "activities": [{"name": "C", "type": "Test", "typeProperties": {}}]}}""");
        harness.Takes("C", TimeSpan.FromMinutes(1));

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "E1", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "child", "type": "PipelineReference"}}}""",
            """{"name": "E2", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "child", "type": "PipelineReference"}}}"""));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(TimeSpan.FromMinutes(2), outcome.Run.End - outcome.Run.Start);
        Assert.Equal(2, (await harness.Host.ListAsync(new RunQuery(Pipeline: "child"), Token)).Length);
    }

    private static string Container(string name, string type, string inner)
    {
        var properties = type switch
        {
            "IfCondition" => $$""" "expression": "@equals(1, 1)", "ifTrueActivities": [{{inner}}]""",
            "Switch" => $$""" "on": "x", "defaultActivities": [{{inner}}]""",
            "ForEach" => $$""" "items": [1], "activities": [{{inner}}]""",
            _ => $$""" "expression": "@equals(1, 1)", "timeout": "0.01:00:00", "activities": [{{inner}}]""",
        };
        return $$"""{"name": "{{name}}", "type": "{{type}}", "typeProperties": { {{properties}} } }""";
    }
}
