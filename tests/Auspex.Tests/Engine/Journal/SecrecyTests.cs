using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.TestKit.Engine;
using Xunit;

namespace Auspex.Tests.Engine.Journal;

public sealed class SecrecyTests
{
    private const string Secret = "s3cr3t-Geheimnis";

    [Fact]
    public async Task SecureString_Parameter_ReachesTheActivityAndNothingElse()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(
            """
            {"name": "p", "properties": {"parameters": {"key": {"type": "securestring"}, "open": {"type": "String"}}, "activities": [
              {"name": "A", "type": "Test", "policy": {"secureInput": true}, "typeProperties": {"key": "@pipeline().parameters.key"}}]}}
            """,
            new JsonObject { ["key"] = Secret, ["open"] = "visible" });

        Assert.Equal(Secret, (string?)Assert.Single(harness.Executor.Attempts).TypeProperties["key"]);
        Assert.Equal("""{"key":"**********","open":"visible"}""", Sorted(outcome.Run.Parameters));
        Assert.Null(outcome["A"].Input);
        await AssertNowhereAsync(harness, outcome);
    }

    [Fact]
    public async Task GlobalParameters_ReachTheActivityAndNothingElse()
    {
        await using var harness = new RunHarness();
        harness.Definitions.Factories[RunHarness.Factory] = new FactoryDefinition
        {
            Name = RunHarness.Factory,
            GlobalParameters = new JsonObject { ["password"] = Secret },
        };

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "A", "type": "Test", "policy": {"secureInput": true}, "typeProperties": {"key": "@pipeline().globalParameters.password"}}"""));

        Assert.Equal(Secret, (string?)Assert.Single(harness.Executor.Attempts).TypeProperties["key"]);
        await AssertNowhereAsync(harness, outcome);
    }

    [Fact]
    public async Task SecureOutput_IsReadByExpressionsAndShownToNobody()
    {
        await using var harness = new RunHarness();
        harness.Gives("A", new JsonObject { ["token"] = Secret });
        var use = """{"name": "B", "type": "Test", "policy": {"secureInput": true}, "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"t": "@activity('A').output.token"}}""";

        var outcome = await harness.RunAsync(PipelineText.Of("""{"name": "A", "type": "Test", "policy": {"secureOutput": true}, "typeProperties": {}}""", use));

        Assert.Equal(Secret, (string?)harness.Executor.Attempts.Last().TypeProperties["t"]);
        Assert.Null(outcome["A"].Output);
        await AssertNowhereAsync(harness, outcome);
    }

    [Fact]
    public async Task SecureString_Object_IsProtectedInDefinitionAndInput_AndMasked()
    {
        await using var harness = new RunHarness();

        var outcome = await harness.RunAsync(PipelineText.Of(
            $$"""{"name": "A", "type": "Test", "typeProperties": {"auth": {"type": "SecureString", "value": "{{Secret}}"}, "n": 1} }"""));

        Assert.Equal(Secret, (string?)Assert.Single(harness.Executor.Attempts).TypeProperties["auth"]!["value"]);
        Assert.Equal("**********", (string?)outcome["A"].Input!["auth"]!["value"]);
        Assert.Equal(1, (int)outcome["A"].Input!["n"]!);
        await AssertNowhereAsync(harness, outcome);
    }

    [Fact]
    public async Task Secrets_SurviveARestart()
    {
        await using var harness = new RunHarness();
        harness.Gives("A", new JsonObject { ["token"] = Secret });
        var id = await harness.StartAsync(
            """
            {"name": "p", "properties": {"parameters": {"key": {"type": "SecureString"}}, "variables": {"v": {"type": "String"}}, "activities": [
              {"name": "A", "type": "Test", "policy": {"secureOutput": true}, "typeProperties": {}},
              {"name": "V", "type": "SetVariable", "policy": {"secureInput": true}, "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"variableName": "v", "value": "@activity('A').output.token"}},
              {"name": "W", "type": "Wait", "dependsOn": [{"activity": "V", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"waitTimeInSeconds": 5}},
              {"name": "B", "type": "Test", "policy": {"secureInput": true}, "dependsOn": [{"activity": "W", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"t": "@concat(activity('A').output.token, pipeline().parameters.key, variables('v'))"}}]}}
            """,
            new JsonObject { ["key"] = "-" + Secret });
        await harness.QuietAsync();
        await harness.Host.StopHostAsync(TestContext.Current.CancellationToken);
        await harness.StartHostAsync();

        var outcome = await harness.FinishAsync(id);

        Assert.Equal($"{Secret}-{Secret}{Secret}", (string?)harness.Executor.Attempts.Last().TypeProperties["t"]);
        await AssertNowhereAsync(harness, outcome);
    }

    [Fact]
    public async Task Large_Values_BecomeArtifactsAndReadAsBefore()
    {
        await using var harness = new RunHarness();
        var text = new string('x', 200_000);
        harness.Gives("A", new JsonObject { ["text"] = text });
        var id = await harness.StartAsync(PipelineText.Of(
            """{"name": "A", "type": "Test", "typeProperties": {}}""",
            """{"name": "W", "type": "Wait", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"waitTimeInSeconds": 5}}""",
            """{"name": "B", "type": "Test", "dependsOn": [{"activity": "W", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@length(activity('A').output.text)", "t": "@activity('A').output.text"}}"""));
        await harness.QuietAsync();
        await harness.Host.StopHostAsync(TestContext.Current.CancellationToken);
        await harness.StartHostAsync();

        var outcome = await harness.FinishAsync(id);

        Assert.Equal(200_000, (int)outcome["B"].Input!["n"]!);
        Assert.Equal(text, (string?)outcome["A"].Output!["text"]);
        Assert.All(await harness.Journal.ReadAsync(id, 0, 100, TestContext.Current.CancellationToken), entry => Assert.InRange(entry.Body.Length, 1, 65_536));
        Assert.True(harness.Artifacts.Count >= 2);
    }

    [Fact]
    public async Task Large_SecretValues_LieProtectedInTheirArtifact()
    {
        await using var harness = new RunHarness();
        harness.Gives("A", new JsonObject { ["text"] = string.Concat(Enumerable.Repeat(Secret, 20_000)) });

        var outcome = await harness.RunAsync(PipelineText.Of(
            """{"name": "A", "type": "Test", "policy": {"secureOutput": true}, "typeProperties": {}}""",
            """{"name": "B", "type": "Test", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"n": "@length(activity('A').output.text)"}}"""));

        Assert.Equal(Secret.Length * 20_000, (int)outcome["B"].Input!["n"]!);
        await AssertNowhereAsync(harness, outcome);
    }

    [Fact]
    public async Task Floats_AreTheSameBeforeAndAfterARestart()
    {
        await using var harness = new RunHarness();
        harness.Gives("A", new JsonObject { ["one"] = 1.0 });
        var json = PipelineText.WithVariables(
            "v:String",
            """{"name": "A", "type": "Test", "typeProperties": {}}""",
            """{"name": "W", "type": "Wait", "dependsOn": [{"activity": "A", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"waitTimeInSeconds": 5}}""",
            """{"name": "B", "type": "Test", "dependsOn": [{"activity": "W", "dependencyConditions": ["Succeeded"]}], "typeProperties": {"t": "@string(activity('A').output.one)"}}""");
        var straight = (await harness.RunAsync(json))["B"].Input!.ToJsonString();
        var id = await harness.StartAsync(json);
        await harness.QuietAsync();
        await harness.Host.StopHostAsync(TestContext.Current.CancellationToken);
        await harness.StartHostAsync();

        Assert.Equal(straight, (await harness.FinishAsync(id))["B"].Input!.ToJsonString());
    }

    private static string Sorted(JsonObject value) =>
        new JsonObject(value.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString();

    private static async Task AssertNowhereAsync(RunHarness harness, RunOutcome outcome)
    {
        var secret = Encoding.UTF8.GetBytes(Secret);
        foreach (var entry in await harness.Journal.ReadAsync(outcome.Run.Id, 0, 1_000, CancellationToken.None))
        {
            Assert.Equal(-1, entry.Body.Span.IndexOf(secret));
        }

        Assert.Equal(-1, (await harness.Journal.FindAsync(outcome.Run.Id, CancellationToken.None))!.ToUtf8().AsSpan().IndexOf(secret));
        Assert.All(harness.Artifacts.Contents, bytes => Assert.Equal(-1, bytes.AsSpan().IndexOf(secret)));
        Assert.All(outcome.Activities, run => Assert.DoesNotContain(Secret, $"{run.Input?.ToJsonString()}{run.Output?.ToJsonString()}", StringComparison.Ordinal));
    }
}
