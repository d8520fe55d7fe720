using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.ControlFlow;

public sealed class UntilTests
{
    [Fact]
    public async Task Body_RunsFirst_ThenUntilTheExpressionHolds()
    {
        await using var harness = new RunHarness();
        var round = 0;
        harness.On("Check", _ => Task.FromResult(new JsonObject { ["done"] = ++round == 3 }));

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@activity('Check').output.done")));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(["U[0]/Check", "U[1]/Check", "U[2]/Check"], outcome.All("Check").Select(run => run.Path));
    }

    [Fact]
    public async Task Expression_TrueFromTheStart_StillRunsTheBodyOnce()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@bool('true')")));

        Assert.Single(outcome.All("Check"));
    }

    [Fact]
    public async Task LastRound_IsReadableAfterwards()
    {
        await using var harness = new RunHarness();
        var round = 0;
        harness.On("Check", _ => Task.FromResult(new JsonObject { ["n"] = ++round }));
        var after = """{"name": "After", "type": "Test", "dependsOn": [{"activity": "U", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@activity('Check').output.n"}}""";

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@equals(activity('Check').output.n, 4)"), after));

        Assert.Equal(4, (int)outcome["After"].Input!["n"]!);
    }

    [Fact]
    public async Task Failure_OfAnEarlierRound_DoesNotCount()
    {
        await using var harness = new RunHarness();
        var round = 0;
        harness.On("Check", _ => ++round < 3 ? throw Errors.Boom() : Task.FromResult(new JsonObject()));

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@equals(activity('Check').Status, 'Succeeded')")));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(3, round);
    }

    [Fact]
    public async Task Failure_OfTheLastRound_FailsTheLoop()
    {
        await using var harness = new RunHarness();
        harness.Fails("Check", "broken");

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@equals(activity('Check').Status, 'Failed')")));

        Assert.Equal(
            "Activity failed because an inner activity failed; Inner activity name: Check, Error: broken", outcome["U"].Failure!.Message);
        Assert.Equal(RunStatus.Failed, outcome.Status);
    }

    [Fact]
    public async Task Expression_NoBoolean_Fails()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@add(1, 1)")));

        Assert.Contains("'until' expression '@add(1, 1)' is of type 'Integer'", outcome["U"].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Expression_ThatFails_FailsTheLoop()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@activity('Check').output.nothing")));

        Assert.Equal("InvalidTemplate", outcome["U"].Failure!.ErrorCode);
        Assert.Contains("property 'nothing' doesn't exist", outcome["U"].Failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timeout_BetweenRounds_FailsTheLoop()
    {
        await using var harness = new RunHarness();
        var wait = """{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 60}}""";

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@bool('false')", wait, "0.00:10:00")));

        Assert.Equal("ActivityTimeout", outcome["U"].Failure!.ErrorCode);
        Assert.Equal(TimeSpan.FromMinutes(10), outcome["U"].End - outcome["U"].Start);
        Assert.InRange(outcome.All("W").Count, 10, 11);
        Assert.Equal(RunStatus.Failed, outcome.Status);
    }

    [Fact]
    public async Task Timeout_WhileTheBodyRuns_StopsIt()
    {
        await using var harness = new RunHarness();
        harness.Takes("Check", TimeSpan.FromDays(1));
        var nested = """
            {"name": "If", "type": "IfCondition", "typeProperties": {"expression": "@bool('true')", "ifTrueActivities": [
              {"name": "Check", "type": "Test", "typeProperties": {}},
              {"name": "Next", "type": "Test", "dependsOn": [{"activity": "Check", "dependencyConditions": ["Completed"]}], "typeProperties": {}}]}}
            """;

        var outcome = await harness.RunAsync(PipelineText.Of(Until("@bool('true')", nested, "0.01:00:00")));

        Assert.Equal(ActivityStatus.Canceled, outcome.StatusOf("Check"));
        Assert.Equal(ActivityStatus.Canceled, outcome.StatusOf("If"));
        Assert.Equal(ActivityStatus.Failed, outcome.StatusOf("U"));
        Assert.DoesNotContain(outcome.Activities, run => run.Name == "Next");
        Assert.Equal(TimeSpan.FromHours(1), outcome.Run.End - outcome.Run.Start);
    }

    [Fact]
    public async Task HotLoop_CanBeCanceled()
    {
        await using var harness = new RunHarness();
        var append = """{"name": "Check", "type": "AppendVariable", "typeProperties": {"variableName": "v", "value": 1}}""";
        var id = await harness.StartAsync(PipelineText.WithVariables("v:Array", Until("@bool('false')", append)));

        Assert.True(await harness.Host.CancelAsync(id, recursive: false, TestContext.Current.CancellationToken));

        var outcome = await harness.FinishAsync(id);
        Assert.Equal(RunStatus.Canceled, outcome.Status);
    }

    private static string Until(string expression, string? body = null, string timeout = "0.12:00:00") =>
        """{"name": "U", "type": "Until", "typeProperties": {"expression": {"type": "Expression", "value": "E"}, "timeout": "T", "activities": [BODY]}}"""
            .Replace("\"E\"", $"\"{expression}\"", StringComparison.Ordinal)
            .Replace("\"T\"", $"\"{timeout}\"", StringComparison.Ordinal)
            .Replace("BODY", body ?? """{"name": "Check", "type": "Test", "typeProperties": {}}""", StringComparison.Ordinal);
}
