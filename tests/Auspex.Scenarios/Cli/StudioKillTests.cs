using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>The server killed while experiments of the Studio interface run: each goes on where it was, and what had ended stays.</summary>
public sealed class StudioKillTests
{
    private const string Modules = "506153734175476c4f62416c57734963";
    private const string Data = "4fbef0ab2c8e4a25b5c47be76eac33d6";
    private const string Python = "cdb56f957f4c404dbde75bb972e6f232";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_KilledInItsSecondModule_GoesOnWithTheFirstOnesResult()
    {
        using var folder = new TemporaryFolder();
        EngineKillTests.WriteFactory(folder.Path, """{ "name": "none", "properties": { "activities": [] } }""");
        await using var server = new RunningServer(folder.Path);
        await server.StartAsync(Cancellation);
        var (first, second) = (folder.File("first.txt"), folder.File("second.txt"));
        var id = await RunAsync(server, Chain(Note(first), Note(second) + "    import time; time.sleep(3)\n"));

        await WaitForFileAsync(second);
        await server.KillAsync();
        await server.StartAsync(Cancellation);

        var experiment = await WaitAsync(server, id);
        Assert.Equal(("Finished", "None"), (Status(experiment), (string?)experiment["Status"]!["StatusDetail"]));
        Assert.Single(await File.ReadAllLinesAsync(first, Cancellation));
        Assert.Equal(2, (await File.ReadAllLinesAsync(second, Cancellation)).Length);
        Assert.Equal("x,n\n1,2\n", await OutputAsync(server, experiment, "1-3"));
        Assert.Contains("stdout: at work", await LogAsync(server, experiment, "1-3"), StringComparison.Ordinal);

        // What has ended stays as it is: results, status and log.
        await server.KillAsync();
        await server.StartAsync(Cancellation);
        var again = (await server.StudioAsync(HttpMethod.Get, $"experiments/{id}", null, Cancellation))!;
        Assert.Equal(experiment["Status"]!.ToJsonString(), again["Status"]!.ToJsonString());
        Assert.Equal("x,n\n1,2\n", await OutputAsync(server, again, "1-3"));
        Assert.Contains("stdout: at work", await LogAsync(server, again, "1-3"), StringComparison.Ordinal);
        Assert.Equal(2, (await File.ReadAllLinesAsync(second, Cancellation)).Length);
    }

    [Fact]
    public async Task Run_CanceledBeforeTheKill_StaysCanceledAndCanBeRunAgain()
    {
        using var folder = new TemporaryFolder();
        EngineKillTests.WriteFactory(folder.Path, """{ "name": "none", "properties": { "activities": [] } }""");
        await using var server = new RunningServer(folder.Path);
        await server.StartAsync(Cancellation);
        var begun = folder.File("begun.txt");
        var body = Chain(Note(begun) + $"    import os, time\n    while not os.path.exists({JsonSerializer.Serialize(folder.File("go"))}): time.sleep(0.05)\n", "    pass\n");
        var id = await RunAsync(server, body);
        await WaitForFileAsync(begun);

        await server.StudioAsync(HttpMethod.Post, $"experiments/{id}/cancel", new JsonObject(), Cancellation);
        await server.KillAsync();
        await server.StartAsync(Cancellation);

        Assert.Equal("Canceled", Status(await WaitAsync(server, id)));
        await File.WriteAllTextAsync(folder.File("go"), "", Cancellation);
        await server.StudioAsync(HttpMethod.Post, $"experiments/{id}", body, Cancellation);
        Assert.Equal("Finished", Status(await WaitAsync(server, id)));
    }

    // The seed chooses the moments; it is in the test's name.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Runs_KilledAtRandomMoments_AllFinish(int seed)
    {
        using var folder = new TemporaryFolder();
        EngineKillTests.WriteFactory(folder.Path, """{ "name": "none", "properties": { "activities": [] } }""");
        await using var server = new RunningServer(folder.Path);
        await server.StartAsync(Cancellation);
        var random = new Random(seed);
        var started = new List<string>();
        for (var kill = 0; kill < 4; kill++)
        {
            started.Add(await RunAsync(server, Chain("    dataframe1['x'] = dataframe1['x'] + 1\n", "    pass\n")));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 2500)), TimeProvider.System, Cancellation);
            await server.KillAsync();
            await server.StartAsync(Cancellation);
        }

        foreach (var id in started)
        {
            var experiment = await WaitAsync(server, id);
            Assert.True(Status(experiment) == "Finished", $"Seed {seed}: {experiment["Status"]!.ToJsonString()}\n{server.Process.Transcript}");
            Assert.Equal("x,n\n2,2\n", await OutputAsync(server, experiment, "1-3"));
        }
    }

    /// <summary>A table with one row goes through two scripts.</summary>
    private static JsonObject Chain(string first, string second) => new()
    {
        ["Description"] = "Chain",
        ["Summary"] = "",
        ["IsDraft"] = false,
        ["ParentExperimentId"] = null,
        ["DisableNodesUpdate"] = false,
        ["Category"] = "user",
        ["ExperimentGraph"] = new JsonObject
        {
            ["ModuleNodes"] = new JsonArray(
                Node("1-1", Data, ("DataFormat", "CSV"), ("HasHeader", "True"), ("Data", "x,n\n1,2\n")),
                Node("1-2", Python, ("Python script", Script(first))),
                Node("1-3", Python, ("Python script", Script(second)))),
            ["EdgesInternal"] = new JsonArray(Edge("1-1:dataset", "1-2:Dataset1"), Edge("1-2:Results dataset", "1-3:Dataset1")),
            ["SerializedClientData"] = "",
        },
        ["WebService"] = null,
    };

    private static string Script(string body) => $"def azureml_main(dataframe1 = None, dataframe2 = None):\n    print('at work')\n{body}    return dataframe1,\n";

    private static string Note(string file) => $"    open({JsonSerializer.Serialize(file)}, 'a').write('x\\n')\n";

    private static JsonObject Node(string id, string family, params (string Name, string Value)[] parameters) => new()
    {
        ["Id"] = id,
        ["ModuleId"] = $"{Modules}.{family}.v1-default-1",
        ["ModuleParameters"] = new JsonArray([.. parameters.Select(parameter => new JsonObject
        {
            ["Name"] = parameter.Name,
            ["Value"] = parameter.Value,
            ["ValueType"] = "Literal",
        })]),
        ["InputPortsInternal"] = new JsonArray(),
        ["OutputPortsInternal"] = new JsonArray(),
    };

    private static JsonObject Edge(string source, string target) => new() { ["SourceOutputPortId"] = source, ["DestinationInputPortId"] = target };

    private static async Task<string> RunAsync(RunningServer server, JsonObject body) =>
        (string)(await server.StudioAsync(HttpMethod.Post, "experiments", body, Cancellation))!["ExperimentId"]!;

    private static string? Status(JsonNode experiment) => (string?)experiment["Status"]!["StatusCode"];

    private static async Task<JsonNode> WaitAsync(RunningServer server, string id)
    {
        for (var i = 0; i < 1200; i++)
        {
            var experiment = (await server.StudioAsync(HttpMethod.Get, $"experiments/{id}", null, Cancellation))!;
            if (Status(experiment) != "Running")
            {
                return experiment;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation);
        }

        throw new TimeoutException($"Experiment {id} did not end.\n{server.Process.Transcript}");
    }

    private static async Task WaitForFileAsync(string file)
    {
        for (var i = 0; i < 1200 && !File.Exists(file); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }

        Assert.True(File.Exists(file), $"{file} was never written.");
    }

    private static JsonNode NodeStatus(JsonNode experiment, string node) =>
        experiment["NodeStatuses"]!.AsArray().Single(status => (string?)status!["NodeId"] == node)!;

    private static async Task<string> OutputAsync(RunningServer server, JsonNode experiment, string node) => (await server.DownloadAsync(
        NodeStatus(experiment, node)["OutputEndpoints"]!.AsArray().Single(output => (string?)output!["Name"] == "Results dataset")!,
        Cancellation)).ReplaceLineEndings("\n");

    private static Task<string> LogAsync(RunningServer server, JsonNode experiment, string node) =>
        server.DownloadAsync(NodeStatus(experiment, node)["StandardOutEndpoint"]!, Cancellation);
}
