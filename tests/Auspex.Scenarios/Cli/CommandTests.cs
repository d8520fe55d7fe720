using System.Text.Json.Nodes;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>What a person types, right or wrong, and what the program answers.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("'nam'; did you mean 'name'?", "run", "greet", "-p", "nam=x")]
    [InlineData("declared 'Int'", "run", "greet", "-p", "times=often")]
    [InlineData("has no pipeline 'gret'; did you mean 'greet'?", "run", "gret")]
    [InlineData("--url nowhere: expected http://HOST:PORT", "runs", "list", "--url", "nowhere")]
    [InlineData("'Done' not recognized", "runs", "list", "--status", "Done")]
    [InlineData("there is no such folder or file", "up", "--factory", "missing")]
    [InlineData("written as .csv, .tsv", "score", "--model", "pipeline/greet.json", "--input", "pipeline/greet.json", "--output", "x.xlsx")]
    [InlineData("no web-service output 'out9'; the experiment has rows", "experiment", "run", "experiment/numbers.json", "--output", "out9=x.csv")]
    public async Task Command_WithSomethingWrong_SaysWhatAndExitsWith2(string expected, params string[] arguments)
    {
        WriteFactory();

        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);

        await using (process)
        {
            Assert.True(exitCode == 2, process.Transcript);
            Assert.Contains(expected, process.Transcript, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", process.Transcript, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_WithoutAValueForAParameter_SaysThatItIsNull()
    {
        WriteFactory();

        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, "run", "greet");

        await using (process)
        {
            Assert.True(exitCode == 0, process.Transcript);
            Assert.Contains("parameter 'name' (String) has no default", process.Transcript, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Run_OfASingleFile_KeepsItsDataBesideIt()
    {
        WriteFactory();

        var (exitCode, process) = await AuspexProcess.RunAsync(
            _folder.Path, Cancellation, "run", "greet", "--factory", "pipeline/greet.json", "-p", "name=x");

        await using (process)
        {
            Assert.True(exitCode == 0, process.Transcript);
            Assert.True(File.Exists(_folder.File("pipeline/.auspex/journal.db")));
        }
    }

    [Fact]
    public async Task Run_SeveralAtOnce_AllSucceed()
    {
        WriteFactory();
        var runs = Enumerable.Range(0, 4).Select(i => AuspexProcess.RunAsync(_folder.Path, Cancellation, "run", "greet", "-p", $"name=n{i}"));

        foreach (var (exitCode, process) in await Task.WhenAll(runs))
        {
            await using (process)
            {
                Assert.True(exitCode == 0, process.Transcript);
            }
        }
    }

    // The first process hosts both runs and ends with its own; the second must neither fail nor start its run anew.
    [Fact]
    public async Task Run_WhoseHostEnds_GoesOnInItsOwnProcess()
    {
        WriteFactory();
        await using var first = AuspexProcess.Start(_folder.Path, "run", "wait", "-p", "seconds=4");
        await first.WaitForLineAsync(line => line.StartsWith("InProgress", StringComparison.Ordinal), TimeSpan.FromMinutes(1), Cancellation);
        await using var second = AuspexProcess.Start(_folder.Path, "run", "wait", "-p", "seconds=7");

        Assert.True(await first.WaitForExitAsync(TimeSpan.FromSeconds(20), Cancellation) == 0, first.Transcript);
        Assert.True(await second.WaitForExitAsync(TimeSpan.FromSeconds(25), Cancellation) == 0, second.Transcript);

        Assert.Equal(1, second.Output.Count(line => line.StartsWith("InProgress", StringComparison.Ordinal)));
        Assert.StartsWith("Succeeded", second.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_WithBadRows_KeepsThemAsideAndCountsThem()
    {
        await File.WriteAllTextAsync(
            _folder.File("train.csv"),
            "x,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},{(i < 100 ? "low" : "high")}\n")),
            Cancellation);
        await File.WriteAllTextAsync(_folder.File("in.csv"), "x,id\n5,a\n6\nmany,c\n190,d\n", Cancellation);
        await Succeed("train", "--input", "train.csv", "--label", "y", "--model", "m.ilearner");

        var process = await Succeed("score", "--model", "m.ilearner", "--input", "in.csv", "--output", "out.csv", "--json");

        var summary = JsonNode.Parse(process.Output[^1])!;
        Assert.Equal((2, 2), ((int)summary["rows"]!, (int)summary["rejected"]!));
        Assert.Equal(["5,a,low", "190,d,high"], (await File.ReadAllLinesAsync(_folder.File("out.csv"), Cancellation))
            .Skip(1).Select(line => line[..line.LastIndexOf(',')]));
        Assert.Equal(
            [
                "Reject,Row,Offset,Column,Reason,Record",
                "0,0,0,\"in.csv\",\"the header of the input\",\"x,id\"",
                "1,2,9,\"\",\"found 1 fields; expected 2, as many as there are columns.\",\"6\"",
                "2,3,11,\"x\",\"column 'x': found text that is no Int32.\",\"many,c\"",
            ],
            await File.ReadAllLinesAsync(_folder.File("out.csv.rejects.csv"), Cancellation));
        Assert.Contains("row 2", process.Transcript, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OfAFileThatDoesNotFit_StopsBeforeTheFirstRowAndCheckSaysTheSame()
    {
        await File.WriteAllTextAsync(
            _folder.File("train.csv"),
            "x,y\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},{(i < 100 ? "low" : "high")}\n")),
            Cancellation);
        await File.WriteAllTextAsync(_folder.File("wrong.csv"), "X,id\n5,a\n", Cancellation);
        await File.WriteAllTextAsync(_folder.File("odd.csv"), "x,id\n5,a\n5000,b\n,c\n", Cancellation);
        await Succeed("train", "--input", "train.csv", "--label", "y", "--model", "m.ilearner");

        var scored = await Refused("score", "--model", "m.ilearner", "--input", "wrong.csv", "--output", "out.csv");
        var check = await Refused("score", "--model", "m.ilearner", "--input", "wrong.csv", "--check", "--json");
        var warned = await Succeed("score", "--model", "m.ilearner", "--input", "odd.csv", "--output", "out.csv");
        var fits = await Succeed("score", "--model", "m.ilearner", "--input", "odd.csv", "--check");
        await Refused("score", "--model", "m.ilearner", "--input", "odd.csv");

        Assert.Contains("Did you mean 'X'?", scored.Transcript, StringComparison.Ordinal);
        var report = JsonNode.Parse(check.Output[^1])!;
        Assert.Equal((false, "AUX4201"), ((bool)report["fits"]!, (string?)report["differences"]![0]!["code"]));
        Assert.Contains("AUX4206", warned.Transcript, StringComparison.Ordinal);
        Assert.Contains("AUX4207", warned.Transcript, StringComparison.Ordinal);
        Assert.Equal(4, (await File.ReadAllLinesAsync(_folder.File("out.csv"), Cancellation)).Length);
        Assert.Contains("with 2 warnings; all 3 rows checked.", fits.Output[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convert_Retraining_BearsTheNameThatWasGiven()
    {
        WriteFactory();
        Write("experiment/training.json", """
            { "name": "T", "nodes": {
                "data": { "module": "Enter Data Manually", "parameters": { "DataFormat": "CSV", "HasHeader": true, "Data": "x,y\n1,2\n2,4\n3,6\n" } },
                "learner": { "module": "Linear Regression" },
                "train": { "module": "Train Model", "inputs": { "Untrained model": "learner", "Dataset": "data" }, "parameters": { "Label column": "y" } } } }
            """);

        await Succeed("experiment", "convert", "experiment/training.json", "--retraining");
        await Succeed("experiment", "convert", "experiment/training.json", "--retraining", "--name", "Again");

        Assert.Equal("T [Retraining]", NameIn("experiment/T [Retraining].json"));
        Assert.Equal("Again", NameIn("experiment/Again.json"));
        await Succeed("validate", "--offline");
    }

    private async Task<AuspexProcess> Succeed(params string[] arguments)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);
        await process.DisposeAsync();
        Assert.True(exitCode == 0, process.Transcript);
        return process;
    }

    private async Task<AuspexProcess> Refused(params string[] arguments)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);
        await process.DisposeAsync();
        Assert.True(exitCode == 2, process.Transcript);
        return process;
    }

    private string? NameIn(string file) => (string?)JsonNode.Parse(File.ReadAllText(_folder.File(file)))!["name"];

    private void WriteFactory()
    {
        Write("pipeline/greet.json", """
            { "name": "greet", "properties": {
                "parameters": { "name": { "type": "String" }, "times": { "type": "Int", "defaultValue": 1 } },
                "variables": { "text": { "type": "String" } },
                "activities": [ { "name": "Say", "type": "SetVariable", "typeProperties": {
                    "variableName": "text", "value": { "value": "@concat('Hello ', pipeline().parameters.name)", "type": "Expression" } } } ] } }
            """);
        Write("pipeline/wait.json", """
            { "name": "wait", "properties": {
                "parameters": { "seconds": { "type": "Int" } },
                "activities": [ { "name": "W", "type": "Wait", "typeProperties": {
                    "waitTimeInSeconds": { "value": "@pipeline().parameters.seconds", "type": "Expression" } } } ] } }
            """);
        Write("experiment/numbers.json", """
            { "name": "numbers",
              "nodes": { "data": { "module": "Enter Data Manually", "parameters": { "DataFormat": "CSV", "HasHeader": true, "Data": "x\n1\n" } } },
              "webServiceOutputs": { "rows": "data" } }
            """);
    }

    private void Write(string path, string text)
    {
        var file = _folder.File(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
