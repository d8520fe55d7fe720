using System.Text.Json.Nodes;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary><c>auspex runs rerun</c> against a server: what failed is mended, what was done is taken over.</summary>
public sealed class RerunCommandTests
{
    private const string Pipeline = """
        { "name": "two", "properties": { "activities": [
            { "name": "First", "type": "GetMetadata", "typeProperties": { "fieldList": [ "exists" ],
                "dataset": { "referenceName": "Table", "type": "DatasetReference", "parameters": { "file": "first.csv" } } } },
            { "name": "Second", "type": "Copy", "dependsOn": [ { "activity": "First", "dependencyConditions": [ "Succeeded" ] } ],
              "typeProperties": { "source": { "type": "DelimitedTextSource" }, "sink": { "type": "DelimitedTextSink" } },
              "inputs": [ { "referenceName": "Table", "type": "DatasetReference", "parameters": { "file": "second.csv" } } ],
              "outputs": [ { "referenceName": "Table", "type": "DatasetReference", "parameters": { "file": "out.csv" } } ] } ] } }
        """;

    [Fact]
    public async Task Rerun_FromWhatFailed_TakesOverTheRest()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var factory = folder.File("factory");
        EngineKillTests.WriteFactory(factory, Pipeline);
        await using var server = new RunningServer(factory);
        await server.StartAsync(cancellationToken);
        var first = await server.CreateRunAsync("two", cancellationToken);
        Assert.Equal("Failed", (string?)(await server.WaitAsync(first, TimeSpan.FromMinutes(1), cancellationToken))["status"]);
        await File.WriteAllTextAsync(Path.Combine(factory, "data", "second.csv"), "a,b\n1,x\n", cancellationToken);

        var second = (string?)(await RerunAsync(factory, 0, first, "--from-failed"))!["runId"];
        var run = await server.WaitAsync(second!, TimeSpan.FromMinutes(1), cancellationToken);
        var activities = await server.ActivityRunsAsync(second!, cancellationToken);
        await RerunAsync(factory, 0, second!, "--from", "second");
        await RerunAsync(factory, 1, second!, "--from", "Third");
        await RerunAsync(factory, 1, second!, "--from-failed");

        Assert.Equal(("Succeeded", first), ((string?)run["status"], (string?)run["runGroupId"]));
        Assert.Equal(
            ["First Recovered", "Second "],
            activities.Select(activity => $"{activity!["activityName"]} {activity["recoveryStatus"]}"));
    }

    private static async Task<JsonNode?> RerunAsync(string factory, int expected, params string[] arguments)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(
            factory,
            CancellationToken.None,
            ["runs", "rerun", .. arguments, "--json", "--factory", factory, "--data", Path.Combine(factory, ".auspex")]);
        await using (process)
        {
            Assert.True((exitCode == 0) == (expected == 0), process.Transcript);
            return exitCode == 0 ? JsonNode.Parse(process.Output[^1]) : null;
        }
    }
}
