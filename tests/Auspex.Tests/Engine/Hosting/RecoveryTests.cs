using System.Text.Json.Nodes;
using Auspex.Engine.Runs;
using Auspex.Errors;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Hosting;

public sealed class RecoveryTests
{
    private const string Greeting = """
        {"name": "p", "properties": {
          "parameters": {"who": {"type": "String"}, "key": {"type": "SecureString"}},
          "variables": {"said": {"type": "String"}, "group": {"type": "String"}},
          "activities": [
            {"name": "Say", "type": "SetVariable", "typeProperties": {"variableName": "said", "value": "@concat(pipeline().parameters.who, pipeline().parameters.key)"}},
            {"name": "Group", "type": "SetVariable", "typeProperties": {"variableName": "group", "value": "@pipeline().GroupId"}}]}}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ARunAgain_TakesItsArgumentsAndBelongsToItsGroup()
    {
        await using var harness = new RunHarness();
        var first = await harness.RunAsync(Greeting, new JsonObject { ["who"] = "you", ["key"] = "hidden" });

        var second = await RepeatAsync(harness, new RunRecovery(first.Run.Id));
        var third = await RepeatAsync(harness, new RunRecovery(second.Run.Id));
        var apart = await RepeatAsync(harness, new RunRecovery(first.Run.Id, IsGrouped: false));

        Assert.Equal(first["Say"].Output?.ToJsonString(), third["Say"].Output?.ToJsonString());
        Assert.Equal((first.Run.Id, first.Run.Id, apart.Run.Id), (second.Run.GroupId, third.Run.GroupId, apart.Run.GroupId));
        Assert.Contains(first.Run.Id.Value, third["Group"].Output!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", third.Run.Parameters.ToJsonString(), StringComparison.Ordinal);
        var latest = new[] { first, second, third, apart }.Select(async run => (await harness.Host.FindAsync(run.Run.Id, Token))!.IsLatest);
        var found = await Task.WhenAll(latest);
        Assert.Equal([false, false, true, true], found);
    }

    [Fact]
    public async Task Start_ARunAgain_ThatCannotBeRepeated_IsRejected()
    {
        await using var harness = new RunHarness();
        var run = await harness.RunAsync(Greeting, new JsonObject { ["who"] = "you", ["key"] = "k" });

        foreach (var recovery in new RunRecovery[]
        {
            new(new RunId("22222222-2222-2222-2222-222222222222")),
            new(run.Run.Id, FromActivity: "Nobody"),
            new(run.Run.Id, FromFailure: true),
        })
        {
            var rejected = await Assert.ThrowsAsync<RunRejectedException>(() => RepeatAsync(harness, recovery));
            Assert.Equal(ErrorCode.RecoveryImpossible, rejected.Code);
        }

        Assert.Single(await harness.Host.ListAsync(new RunQuery(), Token));
    }

    private static async Task<RunOutcome> RepeatAsync(RunHarness harness, RunRecovery recovery)
    {
        var id = await harness.Host.StartAsync(
            new PipelineRunRequest { Factory = RunHarness.Factory, Pipeline = RunHarness.Load(Greeting), Recovery = recovery }, Token);
        return await harness.FinishAsync(id);
    }
}
