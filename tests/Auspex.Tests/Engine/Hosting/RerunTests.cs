using System.Text.Json.Nodes;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

/// <summary>Runs that repeat another from an activity or from what failed: what runs again, and what is taken over.</summary>
public sealed class RerunTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // What failed in the first run is mended for the second.
    [Theory]
    [InlineData("A; B<A:Succeeded; C<B:Succeeded", "B", "B C", RunStatus.Succeeded)]
    [InlineData("A; B<A:Succeeded; H<B:Failed; X<A:Succeeded; Y<X:Succeeded", "B", "B", RunStatus.Succeeded)]
    [InlineData("A; B; C<A:Succeeded,B:Succeeded; D", "A B", "A B C", RunStatus.Succeeded)]
    [InlineData("A; B<A:Succeeded; H<A:Failed; N<H:Succeeded|Skipped", "A", "A B N", RunStatus.Succeeded)]
    [InlineData("A; B!Succeeded<A:Succeeded; C<B:Succeeded; D<C:Succeeded", "C", "C D", RunStatus.Succeeded)]
    public async Task FromFailure_WhatFailedAndWhatFollows_RunsAgain(string graph, string failing, string again, RunStatus status)
    {
        await using var harness = new RunHarness();
        var first = await FailAsync(harness, PipelineText.OfGraph(graph), failing);

        var second = await RepeatAsync(harness, PipelineText.OfGraph(graph), new RunRecovery(first.Run.Id, FromFailure: true));

        Assert.Equal(again, string.Join(' ', Executed(harness).Order(StringComparer.Ordinal)));
        Assert.Equal(status, second.Status);
        Assert.All(second.Activities, run => Assert.Equal(
            run.Status is ActivityStatus.Succeeded && !again.Split(' ').Contains(run.Name), run.IsRecalled));
    }

    [Theory]
    [InlineData("A; B<A:Succeeded; C<B:Succeeded; D", "", "B", "B C", RunStatus.Succeeded)]
    [InlineData("A; B<A:Succeeded; C<B:Succeeded; D", "", "a", "A B C", RunStatus.Succeeded)]
    [InlineData("A; H<A:Failed; N<H:Succeeded", "A", "N", "N", RunStatus.Succeeded)] // A stays failed: N sees what it saw
    [InlineData("A; B<A:Succeeded; D", "D", "B", "B", RunStatus.Failed)] // D is not what was asked to run again
    [InlineData("A; B<A:Succeeded; C<B:Succeeded", "A", "C", "C", RunStatus.Succeeded)] // whatever its condition says
    public async Task FromActivity_ItAndWhatFollows_RunsAgain(string graph, string failing, string from, string again, RunStatus status)
    {
        await using var harness = new RunHarness();
        var first = await FailAsync(harness, PipelineText.OfGraph(graph), failing);

        var second = await RepeatAsync(harness, PipelineText.OfGraph(graph), new RunRecovery(first.Run.Id, FromActivity: from));

        Assert.Equal(again, string.Join(' ', Executed(harness).Order(StringComparer.Ordinal)));
        Assert.Equal(status, second.Status);
    }

    [Fact]
    public async Task FromFailure_GoesBeforeTheActivity_WhereSomethingFailed()
    {
        await using var harness = new RunHarness();
        var graph = PipelineText.OfGraph("A; B<A:Succeeded; C<B:Succeeded");
        var failed = await FailAsync(harness, graph, "B");

        var mended = await RepeatAsync(harness, graph, new RunRecovery(failed.Run.Id, FromActivity: "A", FromFailure: true));
        Assert.Equal(["B", "C"], Executed(harness));
        harness.Executor.Attempts.Clear();
        await RepeatAsync(harness, graph, new RunRecovery(mended.Run.Id, FromActivity: "C", FromFailure: true));

        Assert.Equal(["C"], Executed(harness));
    }

    [Fact]
    public async Task Results_TakenOver_AreReadAsTheyWere_AndVariablesAreSetAgain()
    {
        await using var harness = new RunHarness();
        var pipeline = PipelineText.WithVariables(
            "v:String",
            Activity("A", null),
            """{"name": "S", "type": "SetVariable", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"variableName": "v", "value": "@concat(activity('A').output.x, '!')"}}""",
            Activity("B", "S", """{"v": "@variables('v')", "end": "@activity('A').ActivityRunEnd", "big": "@length(activity('A').output.big)"}"""));
        harness.Gives("A", new() { ["x"] = "first", ["big"] = new string('b', 200_000) });
        var first = await FailAsync(harness, pipeline, "B");
        harness.Gives("A", new() { ["x"] = "second" });
        harness.Clock.Advance(TimeSpan.FromDays(1));

        var second = await RepeatAsync(harness, pipeline, new RunRecovery(first.Run.Id, FromFailure: true));
        harness.Fails("B");
        var third = await RepeatAsync(harness, pipeline, new RunRecovery(second.Run.Id, FromActivity: "B"));

        Assert.Equal("first!", (string?)second["B"].Input!["v"]);
        Assert.Equal(second["B"].Input!.ToJsonString(), third["B"].Input!.ToJsonString());
        Assert.Equal((first["A"].Start, first["A"].End), (third["A"].Start, third["A"].End));
        Assert.Equal(first["A"].Output!.ToJsonString(), third["A"].Output!.ToJsonString());
        Assert.False(third["S"].IsRecalled);
        Assert.Equal(first.Run.Id, third.Run.GroupId);
        Assert.Equal("Manual", third.Run.TriggerType);
        Assert.True(third.Run.Start > first.Run.End);
    }

    [Fact]
    public async Task ForEach_Failed_RunsTheFailedIterationsAgain()
    {
        await using var harness = new RunHarness();
        var pipeline = PipelineText.Of(
            """{"name": "F", "type": "ForEach", "typeProperties": {"items": "@range(0, 5)", "activities": [{"name": "In", "type": "Test", "typeProperties": {"v": "@item()"}}, {"name": "Next", "type": "Test", "dependsOn": [{"activity": "In", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"v": "@activity('In').output.v"}}]}}""",
            Activity("After", "F"));
        harness.On("In", attempt => (int)attempt.Attempt.TypeProperties["v"]! is 1 or 3
            ? throw Errors.Boom()
            : Task.FromResult(new JsonObject { ["v"] = attempt.Attempt.TypeProperties["v"]!.DeepClone() }));
        var first = await harness.RunAsync(pipeline);
        harness.Executor.Attempts.Clear();
        harness.Gives("In", new() { ["v"] = 7 });

        var second = await RepeatAsync(harness, pipeline, new RunRecovery(first.Run.Id, FromFailure: true));

        Assert.Equal(RunStatus.Succeeded, second.Status);
        Assert.Equal(
            ["After", "F[1]/In", "F[1]/Next", "F[3]/In", "F[3]/Next"],
            harness.Executor.Attempts.Select(attempt => attempt.Path).Order(StringComparer.Ordinal));
        Assert.Equal(6, second.Activities.Count(run => run.IsRecalled));
    }

    [Fact]
    public async Task ForEach_OverOtherItems_RunsThemAll()
    {
        await using var harness = new RunHarness();
        var pipeline = PipelineText.Of(
            """{"name": "F", "type": "ForEach", "typeProperties": {"items": "@createArray(pipeline().RunId, 'x')", "activities": [{"name": "In", "type": "Test", "typeProperties": {}}]}}""",
            Activity("B", "F"));
        var first = await FailAsync(harness, pipeline, "B");

        var second = await RepeatAsync(harness, pipeline, new RunRecovery(first.Run.Id, FromFailure: true));

        Assert.Equal(["B", "F[0]/In", "F[1]/In"], harness.Executor.Attempts.Select(attempt => attempt.Path).Order(StringComparer.Ordinal));
        Assert.Contains(second.Events, runEvent => runEvent is ResultsDropped);
    }

    [Fact]
    public async Task Branches_AndUntil_AreEvaluatedAgain_WhatSucceededInsideIsNot()
    {
        await using var harness = new RunHarness();
        var round = 0;
        harness.On("Check", _ => Task.FromResult(new JsonObject { ["n"] = ++round }));
        var pipeline = PipelineText.Of(
            """{"name": "U", "type": "Until", "typeProperties": {"expression": "@equals(activity('Check').output.n, 3)", "timeout": "1.00:00:00", "activities": [{"name": "Check", "type": "Test", "typeProperties": {}}]}}""",
            """{"name": "If", "type": "IfCondition", "dependsOn": [{"activity": "U", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"expression": "@equals(activity('Check').output.n, 3)", "ifTrueActivities": [{"name": "T1", "type": "Test", "typeProperties": {}}, {"name": "T2", "type": "Test", "dependsOn": [{"activity": "T1", "dependencyConditions": ["Succeeded"]}], "typeProperties": {}}]}}""",
            """{"name": "S", "type": "Switch", "typeProperties": {"on": "a", "cases": [{"value": "a", "activities": [{"name": "CaseA", "type": "Test", "typeProperties": {}}]}]}}""");
        var first = await FailAsync(harness, pipeline, "T2");

        var second = await RepeatAsync(harness, pipeline, new RunRecovery(first.Run.Id, FromFailure: true));

        Assert.Equal(["T2"], Executed(harness));
        Assert.Equal(RunStatus.Succeeded, second.Status);
        Assert.Equal(3, second.All("Check").Count);
    }

    [Fact]
    public async Task FromActivity_InsideALoop_RunsInEveryIteration()
    {
        await using var harness = new RunHarness();
        var pipeline = PipelineText.Of(
            Activity("Before", null),
            """{"name": "F", "type": "ForEach", "typeProperties": {"items": [1, 2], "activities": [{"name": "In", "type": "Test", "typeProperties": {}}, {"name": "Next", "type": "Test", "dependsOn": [{"activity": "In", "dependencyConditions": ["Succeeded"]}], "typeProperties": {}}]}}""",
            Activity("After", "F"));
        var first = await harness.RunAsync(pipeline);
        harness.Executor.Attempts.Clear();

        await RepeatAsync(harness, pipeline, new RunRecovery(first.Run.Id, FromActivity: "Next"));

        Assert.Equal(["After", "F[0]/Next", "F[1]/Next"], harness.Executor.Attempts.Select(attempt => attempt.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Child_ThatFailed_IsRepeatedFromItsFailure_OneThatDidNotIsTakenOver()
    {
        await using var harness = new RunHarness();
        harness.AddPipeline("""
            {"name": "child", "properties": {"parameters": {"n": {"type": "Int"}, "run": {"type": "String"}}, "activities": [
              {"name": "C1", "type": "Test", "typeProperties": {}},
              {"name": "C2", "type": "Test", "dependsOn": [{"activity": "C1", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@pipeline().parameters.n"}}]}}
            """);
        var pipeline = PipelineText.Of(Execute("Bad", 1), Execute("Good", 2));
        harness.On("C2", attempt => (int)attempt.Attempt.TypeProperties["n"]! == 1 ? throw Errors.Boom() : Task.FromResult(new JsonObject()));
        var first = await harness.RunAsync(pipeline);
        harness.Executor.Attempts.Clear();
        harness.Gives("C2", []);

        var second = await RepeatAsync(harness, pipeline, new RunRecovery(first.Run.Id, FromFailure: true));

        Assert.Equal(["C2"], Executed(harness));
        Assert.Equal(RunStatus.Succeeded, second.Status);
        Assert.True(second["Good"].IsRecalled);
        var (old, again) = (await ChildOfAsync(harness, first["Bad"]), await ChildOfAsync(harness, second["Bad"]));
        Assert.Equal(old.Id, again.GroupId);
        Assert.Equal(second.Run.Id, again.Parent!.RunId);
        Assert.Equal(second.Run.Id.Value, (string?)again.Parameters["run"]);
        Assert.Equal((false, true), (old.IsLatest, again.IsLatest));
    }

    [Fact]
    public async Task FromFailure_OfACancelledRun_GoesOnWhereItStopped()
    {
        await using var harness = new RunHarness();
        var pipeline = PipelineText.OfGraph("A; B<A:Succeeded; C<B:Succeeded; D");
        harness.Takes("B", TimeSpan.FromHours(1));
        var id = await harness.StartAsync(pipeline);
        await harness.QuietAsync();
        await harness.Host.CancelAsync(id, recursive: true, Token);
        var first = await harness.FinishAsync(id);
        Assert.Equal(RunStatus.Canceled, first.Status);
        harness.Executor.Attempts.Clear();

        var second = await RepeatAsync(harness, pipeline, new RunRecovery(id, FromFailure: true));

        Assert.Equal(["B", "C"], Executed(harness));
        Assert.Equal(RunStatus.Succeeded, second.Status);
    }

    [Fact]
    public async Task Definition_OfWhatRunsAgain_MayHaveChanged_OfWhatIsTakenOverMayNot()
    {
        await using var harness = new RunHarness();
        var first = await FailAsync(harness, PipelineText.Of(Activity("A", null), Activity("B", "A")), "B");

        var mended = await RepeatAsync(
            harness,
            PipelineText.Of(Activity("A", null), Activity("B", "A", """{"new": 1}"""), Activity("Added", "B")),
            new RunRecovery(first.Run.Id, FromFailure: true));
        var rejected = await Assert.ThrowsAsync<RunRejectedException>(() => RepeatAsync(
            harness, PipelineText.Of(Activity("A", null, """{"new": 1}"""), Activity("B", "A")), new RunRecovery(first.Run.Id, FromFailure: true)));

        Assert.Equal((RunStatus.Succeeded, 1), (mended.Status, (int)mended["B"].Input!["new"]!));
        Assert.Equal(ActivityStatus.Succeeded, mended.StatusOf("Added"));
        Assert.Equal(ErrorCode.RecoveryImpossible, rejected.Code);
        Assert.Contains("'A' of pipeline 'p' has changed", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_OfResultsTakenOver_StaySecret()
    {
        await using var harness = new RunHarness();
        var secret = """{"name": "A", "type": "Test", "policy": {"secureOutput": true, "secureInput": true}, "typeProperties": {}}""";
        var pipeline = PipelineText.Of(secret, Activity("B", "A", """{"n": "@length(activity('A').output.key)"}"""));
        harness.Gives("A", new() { ["key"] = "hidden" });
        var first = await FailAsync(harness, pipeline, "B");

        var second = await RepeatAsync(harness, pipeline, new RunRecovery(first.Run.Id, FromFailure: true));

        Assert.Equal(6, (int)second["B"].Input!["n"]!);
        Assert.Null(second["A"].Output);
        Assert.All(
            await harness.Journal.ReadAsync(second.Run.Id, 0, 1_000, Token),
            entry => Assert.DoesNotContain("hidden", System.Text.Encoding.UTF8.GetString(entry.Body.Span), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_ThatGoesOn_OrWhoseHistoryIsGone_CannotBeRepeated()
    {
        await using var harness = new RunHarness();
        var pipeline = PipelineText.OfGraph("A; B<A:Succeeded");
        harness.Takes("B", TimeSpan.FromHours(1));
        var id = await harness.StartAsync(pipeline);
        await harness.QuietAsync();

        var open = await Assert.ThrowsAsync<RunRejectedException>(
            () => RepeatAsync(harness, pipeline, new RunRecovery(id, FromActivity: "B")));
        await harness.FinishAsync(id);
        await harness.Journal.RemoveAsync(harness.Clock.GetUtcNow().AddDays(1), 10, Token);
        var gone = await Assert.ThrowsAsync<RunRejectedException>(
            () => RepeatAsync(harness, pipeline, new RunRecovery(id, FromActivity: "B")));

        Assert.Contains("has not ended", open.Message, StringComparison.Ordinal);
        Assert.Contains("There is no run", gone.Message, StringComparison.Ordinal);
    }

    private static async Task<RunOutcome> FailAsync(RunHarness harness, string pipeline, string failing)
    {
        foreach (var name in failing.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            harness.Fails(name);
        }

        var outcome = await harness.RunAsync(pipeline);
        harness.Executor.Attempts.Clear();
        foreach (var name in failing.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            harness.Gives(name, []);
        }

        return outcome;
    }

    private static async Task<RunOutcome> RepeatAsync(RunHarness harness, string pipeline, RunRecovery recovery)
    {
        var id = await harness.Host.StartAsync(
            new PipelineRunRequest { Factory = RunHarness.Factory, Pipeline = RunHarness.Load(pipeline), Recovery = recovery }, Token);
        return await harness.FinishAsync(id);
    }

    private static async Task<PipelineRun> ChildOfAsync(RunHarness harness, ActivityRun execute) =>
        (await harness.Host.FindAsync(new RunId((string?)execute.Output!["pipelineRunId"] ?? ""), Token))!;

    private static IEnumerable<string> Executed(RunHarness harness) =>
        harness.Executor.Attempts.Select(attempt => attempt.Activity.Name);

    private static string Activity(string name, string? after, string typeProperties = "{}")
    {
        var dependsOn = after is null ? "[]" : $$"""[{"activity": "{{after}}", "dependencyConditions": ["Succeeded"]}]""";
        return $$"""{"name": "{{name}}", "type": "Test", "dependsOn": {{dependsOn}}, "typeProperties": {{typeProperties}}}""";
    }

    private static string Execute(string name, int n) =>
        $$$$"""{"name": "{{{{name}}}}", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "child", "type": "PipelineReference"}, "waitOnCompletion": true, "parameters": {"n": {{{{n}}}}, "run": "@pipeline().RunId"}}}""";
}
