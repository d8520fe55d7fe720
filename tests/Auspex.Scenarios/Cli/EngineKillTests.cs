using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>The server killed again and again while it works off loops of copies: each activity ends once, each file is whole.</summary>
public sealed class EngineKillTests
{
    private const int Items = 20;
    private const string Rows = "a,b\n1,x\n2,y\n";

    private const string Pipeline = """
        { "name": "spread", "properties": {
          "variables": { "done": { "type": "Array" }, "count": { "type": "Integer" } },
          "activities": [
            { "name": "Each", "type": "ForEach", "typeProperties": { "items": "@range(0, 20)", "batchCount": 4, "activities": [
              { "name": "Copy", "type": "Copy", "typeProperties": {
                  "source": { "type": "DelimitedTextSource" }, "sink": { "type": "DelimitedTextSink" } },
                "inputs": [ { "referenceName": "Table", "type": "DatasetReference", "parameters": { "file": "in.csv" } } ],
                "outputs": [ { "referenceName": "Table", "type": "DatasetReference", "parameters": { "file": "@{pipeline().RunId}-@{item()}.csv" } } ] },
              { "name": "Note", "type": "AppendVariable", "dependsOn": [ { "activity": "Copy", "dependencyConditions": [ "Succeeded" ] } ],
                "typeProperties": { "variableName": "done", "value": "@item()" } } ] } },
            { "name": "Count", "type": "SetVariable", "dependsOn": [ { "activity": "Each", "dependencyConditions": [ "Succeeded" ] } ],
              "typeProperties": { "variableName": "count", "value": "@length(variables('done'))" } } ] } }
        """;

    private const string Dataset = """
        { "name": "Table", "properties": { "type": "DelimitedText",
          "linkedServiceName": { "referenceName": "Files", "type": "LinkedServiceReference" },
          "parameters": { "file": { "type": "String" } },
          "typeProperties": {
            "location": { "type": "FileServerLocation", "fileName": { "value": "@dataset().file", "type": "Expression" } },
            "columnDelimiter": ",", "firstRowAsHeader": true } } }
        """;

    // The seed chooses the moments; it is in the test's name.
    [Theory]
    [InlineData(1, 8)]
    [InlineData(2, 8)]
    public async Task Server_KilledAtRandomMoments_EndsEachActivityOnce(int seed, int kills)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var factory = folder.File("factory");
        WriteFactory(factory, Pipeline);
        var random = new Random(seed);
        var runs = new List<string>();

        await using var server = new RunningServer(factory);
        await server.StartAsync(cancellationToken);
        for (var kill = 0; kill < kills; kill++)
        {
            for (var started = 0; started < 3; started++)
            {
                runs.Add(await server.CreateRunAsync("spread", cancellationToken));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 250)), TimeProvider.System, cancellationToken);
            await server.KillAsync();
            await server.StartAsync(cancellationToken);
        }

        foreach (var id in runs)
        {
            var run = await server.WaitAsync(id, TimeSpan.FromMinutes(2), cancellationToken);
            Assert.True((string?)run["status"] == "Succeeded", $"Seed {seed}: {run.ToJsonString()}\n{server.Process.Transcript}");
            var activities = (await server.ActivityRunsAsync(id, cancellationToken)).OfType<JsonObject>().ToList();
            Assert.All(activities, activity => Assert.Null(activity["retryAttempt"]));
            Assert.Equal(
                Enumerable.Range(0, Items).Select(item => string.Create(CultureInfo.InvariantCulture, $"Each[{item}]/Copy")).Order(StringComparer.Ordinal),
                activities.Where(activity => (string?)activity["activityName"] == "Copy").Select(activity => (string?)activity["iterationHash"]).Order(StringComparer.Ordinal));
            Assert.Equal(Items, (int)activities.Single(activity => (string?)activity["activityName"] == "Count")["output"]!["value"]!);
            Assert.All(
                Enumerable.Range(0, Items),
                item => Assert.Equal(Rows, File.ReadAllText(Path.Combine(factory, "data", string.Create(CultureInfo.InvariantCulture, $"{id}-{item}.csv"))).ReplaceLineEndings("\n")));
        }
    }

    /// <summary>A factory named income with one pipeline and a dataset of files in its folder <c>data</c>.</summary>
    internal static void WriteFactory(string factory, string pipeline)
    {
        Write(factory, "auspex.json", """{ "fileRoots": [ "./data" ], "linkedServices": { "Files": { "type": "FileServer", "typeProperties": { "host": "./data" } } } }""");
        Write(factory, "factory/income.json", """{ "name": "income" }""");
        Write(factory, "linkedService/Files.json", """{ "name": "Files", "properties": { "type": "FileServer", "typeProperties": { "host": "x" } } }""");
        Write(factory, "dataset/Table.json", Dataset);
        Write(factory, "pipeline/pipeline.json", pipeline);
        Write(factory, "data/in.csv", Rows);
    }

    private static void Write(string folder, string path, string text)
    {
        var file = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
