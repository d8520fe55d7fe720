using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Scenarios.Experiments;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>Experiments, scripts within their bounds, saved archives, reports, reasons and model versions, as a person runs them.</summary>
public sealed class ExperimentCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_ScriptOverItsTime_FailsAndSaysHowToRaiseIt()
    {
        await WriteAsync("slow.json", Script("    import time; time.sleep(60)\n    return dataframe1,\n"));

        var process = await RunAsync(1, [], "experiment", "run", "slow.json", "--script-timeout", "00:00:03");

        Assert.Contains("ran longer than", process.Transcript, StringComparison.Ordinal);
        Assert.Contains("Auspex:Scripts:Timeout", process.Transcript, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_ScriptOverItsMemory_FailsByOptionAndByEnvironmentAlike(bool byOption)
    {
        await WriteAsync("large.json", Script("    x = bytearray(3000000000)\n    return dataframe1,\n"));

        var process = byOption
            ? await RunAsync(1, [], "experiment", "run", "large.json", "--script-memory", "1500000000")
            : await RunAsync(1, new() { ["Auspex__Scripts__MemoryInBytes"] = "1500000000" }, "experiment", "run", "large.json");

        Assert.Contains("ran out of memory; it may use 1430 MiB", process.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ScriptAndNetwork_IsCutOffUnlessAllowed()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/unshare"), "There is no unshare.");
        await WriteAsync("net.json", Script("    import socket; dataframe1['n'] = len(socket.if_nameindex())\n    return dataframe1,\n"));
        var off = await RunAsync(0, [], "experiment", "run", "net.json", "--output", "output1=off.csv");
        var on = await RunAsync(0, [], "experiment", "run", "net.json", "--output", "output1=on.csv", "--script-network", "--data", "other");
        Assert.DoesNotContain("was not cut off", off.Transcript, StringComparison.Ordinal);

        // A network of its own has the loopback alone; this machine has more.
        Assert.Equal("x,n\n1,1\n", (await File.ReadAllTextAsync(_folder.File("off.csv"), Cancellation)).ReplaceLineEndings("\n"));
        Assert.NotEqual("x,n\n1,1\n", (await File.ReadAllTextAsync(_folder.File("on.csv"), Cancellation)).ReplaceLineEndings("\n"));
        Assert.NotEmpty(on.Transcript);
    }

    [Theory]
    [InlineData("--script-timeout", "soon")]
    [InlineData("--script-timeout", "00:00:00")]
    [InlineData("--script-memory", "4GB")]
    public async Task Run_BadScriptOption_IsRefused(string option, string value)
    {
        await WriteAsync("s.json", Script("    return dataframe1,\n"));

        var process = await RunAsync(null, [], "experiment", "run", "s.json", option, value);

        Assert.Contains($"{option} {value}: expected", process.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_ZipArchive_IsTheBundleOfAScript()
    {
        await File.WriteAllBytesAsync(_folder.File("bundle.zip"), ScriptRuns.Zip(("rates.py", "RATE = 7\n")).Bytes.ToArray(), Cancellation);
        await WriteAsync("zip.json", Script("    import rates; dataframe1['x'] = dataframe1['x'] * rates.RATE\n    return dataframe1,\n", "bundle.zip"));

        var uploaded = await RunAsync(0, [], "experiment", "upload", "bundle.zip");
        await RunAsync(0, [], "experiment", "run", "zip.json", "--output", "output1=out.csv");

        Assert.Contains("saved Dataset bundle.zip", uploaded.Transcript, StringComparison.Ordinal);
        Assert.Equal("x\n7\n", (await File.ReadAllTextAsync(_folder.File("out.csv"), Cancellation)).ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Run_WithReport_WritesAPageWithCurvesAndColumns()
    {
        await WriteAsync("train.json", Training());

        await RunAsync(0, [], "experiment", "run", "train.json", "--report", "run.html");

        var page = await File.ReadAllTextAsync(_folder.File("run.html"), Cancellation);
        Assert.All(
            ["ROC", "Precision / recall", "Lift", "Confusion matrix", "AUC", "class=\"spark\"", "First 10 rows"],
            expected => Assert.Contains(expected, page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.Contains("a&lt;b&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_WithReasons_AddsTheColumnsThatCountMost()
    {
        await WriteRowsAsync();
        await RunAsync(0, [], "train", "--input", "rows.csv", "--label", "y", "--model", "m.ilearner");

        await RunAsync(0, [], "score", "--model", "m.ilearner", "--input", "rows.csv", "--output", "out.csv", "--reasons", "2");
        var refused = await RunAsync(null, [], "score", "--model", "m.ilearner", "--input", "rows.csv", "--output", "no.csv", "--reasons", "-1");

        var lines = await File.ReadAllLinesAsync(_folder.File("out.csv"), Cancellation);
        Assert.Equal(2, lines[0].Split(',').Count(name => name.Contains("Reason", StringComparison.Ordinal) && !name.Contains("Contribution", StringComparison.Ordinal)));
        Assert.Contains("a<b>", lines[1], StringComparison.Ordinal);
        Assert.Contains("--reasons -1: expected 0 to", refused.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_ListedComparedPromotedRolledBack()
    {
        EngineKillTests.WriteFactory(_folder.Path, """{ "name": "none", "properties": { "activities": [] } }""");
        await WriteAsync("experiment/train.json", Training());
        await using var server = new RunningServer(_folder.Path);
        await server.StartAsync(Cancellation);
        Dictionary<string, string> token = new() { ["AUSPEX_OWNER_TOKEN"] = RunningServer.Token };
        await RunAsync(0, token, "experiment", "convert", "experiment/train.json", "--output", "experiment/predict.json");
        foreach (var _ in new[] { 1, 2 })
        {
            await RunAsync(0, token, "experiment", "publish", "experiment/predict.json", "--name", "points", "--url", server.Url);
        }

        var listed = await RunAsync(0, token, "models", "list", "points", "--url", server.Url);
        Assert.Equal(2, listed.Output.Count(line => line.StartsWith("points/default", StringComparison.Ordinal)));
        Assert.Contains("Serving", listed.Output[^1], StringComparison.Ordinal);
        var compared = await RunAsync(0, token, "models", "compare", "points", "1", "2", "--url", server.Url);
        Assert.Contains("AUC", compared.Transcript, StringComparison.Ordinal);
        await RunAsync(0, token, "models", "promote", "points", "1", "--url", server.Url);
        Assert.Contains("Serving", (await RunAsync(0, token, "models", "list", "points", "--url", server.Url)).Output[0], StringComparison.Ordinal);
        await RunAsync(0, token, "models", "rollback", "points", "--url", server.Url);
        Assert.Contains("Serving", (await RunAsync(0, token, "models", "list", "points", "--url", server.Url)).Output[1], StringComparison.Ordinal);
    }

    private static JsonObject Script(string body, string? bundle = null)
    {
        var inputs = new JsonObject { ["Dataset1"] = "data" };
        var nodes = new JsonObject
        {
            ["data"] = new JsonObject { ["module"] = "Enter Data Manually", ["parameters"] = new JsonObject { ["Data"] = "x\n1\n" } },
            ["script"] = new JsonObject
            {
                ["module"] = "Execute Python Script",
                ["inputs"] = inputs,
                ["parameters"] = new JsonObject { ["Python script"] = "def azureml_main(dataframe1 = None, dataframe2 = None):\n" + body },
            },
        };
        if (bundle is not null)
        {
            inputs["Script Bundle"] = "files";
            nodes["files"] = new JsonObject { ["dataset"] = bundle };
        }

        return new JsonObject { ["name"] = "script", ["nodes"] = nodes, ["webServiceOutputs"] = new JsonObject { ["output1"] = "script.Results dataset" } };
    }

    private static string Rows() => "a<b>,z,y\n" + string.Concat(Enumerable.Range(0, 400).Select(row =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{row % 20},{row * 7 % 13},{(row % 20 > 9 != (row % 17 == 0) ? "yes" : "no")}\n")));

    private static JsonObject Training() => JsonNode.Parse($$"""
        { "name": "Points", "nodes": {
            "data": { "module": "Enter Data Manually", "parameters": { "Data": {{JsonSerializer.Serialize(Rows())}} } },
            "split": { "module": "Split Data", "inputs": { "Dataset": "data" }, "parameters": { "Fraction of rows in the first output dataset": 0.5, "Random seed": 1 } },
            "learner": { "module": "Two-Class Boosted Decision Tree" },
            "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "split.Results dataset1" }, "parameters": { "Label column": "y" } },
            "score": { "module": "Score Model", "inputs": { "Trained model": "train", "Dataset": "split.Results dataset2" } },
            "metrics": { "module": "Evaluate Model", "inputs": { "Scored dataset": "score" } } } }
        """)!.AsObject();

    private Task WriteRowsAsync() => File.WriteAllTextAsync(_folder.File("rows.csv"), Rows(), Cancellation);

    private async Task WriteAsync(string path, JsonObject json)
    {
        var file = _folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, json.ToJsonString(), Cancellation);
    }

    private async Task<AuspexProcess> RunAsync(int? expectedExitCode, Dictionary<string, string> environment, params string[] arguments)
    {
        await using var process = AuspexProcess.Start(_folder.Path, environment, arguments);
        var exitCode = await process.WaitForExitAsync(TimeSpan.FromMinutes(5), Cancellation);
        Assert.True(expectedExitCode is { } expected ? exitCode == expected : exitCode != 0, $"exit code {exitCode}\n{process.Transcript}");
        return process;
    }
}
