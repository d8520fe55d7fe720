using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.ControlFlow;

public sealed class ExecutePipelineTests
{
    private const string Child = """
        {"name": "child", "properties": {"parameters": {"n": {"type": "Int"}, "list": {"type": "Array"}}, "activities": [
          {"name": "Work", "type": "Test", "typeProperties": {"n": "@pipeline().parameters.n", "first": "@pipeline().parameters.list[0]", "by": "@pipeline()?.TriggeredByPipelineName", "type": "@pipeline().TriggerType"}},
          {"name": "Ret", "type": "SetVariable", "dependsOn": [{"activity": "Work", "dependencyConditions": ["Completed"]}], "typeProperties": {"variableName": "pipelineReturnValue", "setSystemVariable": true, "value": [{"key": "sum", "value": {"type": "Expression", "content": "@add(pipeline().parameters.n, 1)"}}]}},
          {"name": "Judge", "type": "Test", "dependsOn": [{"activity": "Work", "dependencyConditions": ["Succeeded"]}], "typeProperties": {}}]}}
        """;

    [Fact]
    public async Task Wait_ForTheChild_GivesItsReturnValue()
    {
        await using var harness = new RunHarness();
        harness.Takes("Work", TimeSpan.FromMinutes(3));
        harness.AddPipeline(Child);

        var outcome = await harness.RunAsync(PipelineText.Of(Execute(), Show("Succeeded")));

        Assert.Equal(RunStatus.Succeeded, outcome.Status);
        Assert.Equal(42, (int)outcome["Show"].Input!["sum"]!);
        var output = outcome["Exec"].Output!;
        Assert.Equal("child", (string?)output["pipelineName"]);

        var child = await harness.ReadAsync(new RunId((string)output["pipelineRunId"]!));
        Assert.Equal("p", child.Run.Parent!.Pipeline);
        Assert.Equal("PipelineActivity", child.Run.TriggerType);
        Assert.Equal("""{"n":41,"first":"x","by":"p","type":"PipelineActivity"}""", child["Work"].Input!.ToJsonString());
    }

    [Fact]
    public async Task NoWait_GoesOnAtOnce()
    {
        await using var harness = new RunHarness();
        harness.Takes("Work", TimeSpan.FromHours(3));
        harness.AddPipeline(Child);

        var outcome = await harness.RunAsync(PipelineText.Of(Execute("\"waitOnCompletion\": false,")));

        Assert.Equal(TimeSpan.Zero, outcome.Run.End - outcome.Run.Start);
        Assert.False(outcome["Exec"].Output!.ContainsKey("pipelineReturnValue"));
        var child = await harness.FinishAsync(new RunId((string)outcome["Exec"].Output!["pipelineRunId"]!));
        Assert.Equal(RunStatus.Succeeded, child.Status);
    }

    [Fact]
    public async Task Failure_OfTheChild_IsTheParents_AndItsOutputStaysReadable()
    {
        await using var harness = new RunHarness();
        harness.Fails("Work", "no such job", "2600");
        harness.AddPipeline(Child);

        var outcome = await harness.RunAsync(PipelineText.Of(Execute(), Show("Failed")));

        Assert.Equal("Operation on target Work failed: no such job", outcome["Exec"].Failure!.Message);
        Assert.Equal("2600", outcome["Exec"].Failure!.ErrorCode);
        Assert.Equal(42, (int)outcome["Show"].Input!["sum"]!);
        Assert.Equal(RunStatus.Succeeded, outcome.Status);
    }

    [Fact]
    public async Task Unknown_Pipeline_Fails()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(Execute()));

        Assert.Contains("'Child', which factory 'factory' does not hold", outcome["Exec"].Failure!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, RunStatus.Canceled)]
    [InlineData(false, RunStatus.Succeeded)]
    public async Task Cancel_OfTheParent_ReachesTheChildWhenRecursive(bool recursive, RunStatus expected)
    {
        await using var harness = new RunHarness();
        harness.Takes("Work", TimeSpan.FromHours(1));
        harness.AddPipeline(Child);
        var id = await harness.StartAsync(PipelineText.Of(Execute(), Execute("\"waitOnCompletion\": false,", "Other")));
        await harness.QuietAsync();

        await harness.Host.CancelAsync(id, recursive, TestContext.Current.CancellationToken);

        var parent = await harness.FinishAsync(id);
        Assert.Equal(RunStatus.Canceled, parent.Status);
        Assert.Equal(ActivityStatus.Canceled, parent.StatusOf("Exec"));
        var children = await harness.Host.ListAsync(new RunQuery(Pipeline: "child"), TestContext.Current.CancellationToken);
        Assert.Equal(2, children.Length);
        foreach (var child in children)
        {
            Assert.Equal(expected, (await harness.FinishAsync(child.Id)).Status);
        }
    }

    [Fact]
    public async Task Cancel_OfTheChild_FailsTheParentsActivity()
    {
        await using var harness = new RunHarness();
        harness.Takes("Work", TimeSpan.FromHours(1));
        harness.AddPipeline(Child);
        var id = await harness.StartAsync(PipelineText.Of(Execute()));
        await harness.QuietAsync();
        var child = Assert.Single(await harness.Host.ListAsync(new RunQuery(Pipeline: "child"), TestContext.Current.CancellationToken));

        await harness.Host.CancelAsync(child.Id, recursive: false, TestContext.Current.CancellationToken);

        var parent = await harness.FinishAsync(id);
        Assert.Equal("Cancelled", parent["Exec"].Failure!.ErrorCode);
        Assert.Equal(RunStatus.Failed, parent.Status);
    }

    [Fact]
    public async Task Recursion_WithoutEnd_StopsAtTheLimit()
    {
        await using var harness = new RunHarness();
        harness.Options.MaxPipelineDepth = 5;

        var outcome = await harness.RunAsync("""
            {"name": "loop", "properties": {"activities": [
              {"name": "Exec", "type": "ExecutePipeline", "typeProperties": {"pipeline": {"referenceName": "loop", "type": "PipelineReference"}, "waitOnCompletion": true}}]}}
            """);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Contains("6 pipelines deep, at most 5", outcome.Run.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(6, (await harness.Host.ListAsync(new RunQuery(), TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task SecureInput_HidesTheChildsParameters()
    {
        await using var harness = new RunHarness();
        harness.AddPipeline(Child);

        var outcome = await harness.RunAsync(PipelineText.Of(Execute(policy: "\"policy\": {\"secureInput\": true},")));

        Assert.Null(outcome["Exec"].Input);
        var child = await harness.ReadAsync(new RunId((string)outcome["Exec"].Output!["pipelineRunId"]!));
        Assert.Equal("""{"n":"**********","list":"**********"}""", child.Run.Parameters.ToJsonString());
        Assert.Equal(41, (int)child["Work"].Input!["n"]!);
    }

    private static string Execute(string setting = "\"waitOnCompletion\": true,", string name = "Exec", string policy = "") => $$"""
        {"name": "{{name}}", "type": "ExecutePipeline", {{policy}} "typeProperties": { {{setting}}
           "pipeline": {"referenceName": "Child", "type": "PipelineReference"},
           "parameters": {"N": "@add(40, 1)", "list": {"type": "Expression", "value": "@createArray('x', 'y')"} } } }
        """;

    private static string Show(string condition) => new JsonObject
    {
        ["name"] = "Show",
        ["type"] = "Test",
        ["dependsOn"] = new JsonArray(new JsonObject { ["activity"] = "Exec", ["dependencyConditions"] = new JsonArray(condition) }),
        ["typeProperties"] = new JsonObject { ["sum"] = "@activity('Exec').output.pipelineReturnValue.sum" },
    }.ToJsonString();
}
