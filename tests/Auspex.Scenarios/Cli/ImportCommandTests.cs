using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.TestKit;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Scenarios.Cli;

/// <summary>Bringing a model of another make in and scoring a file with it, as a person would.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_OfALightGbmModel_ScoresAFileWithItsNumbers()
    {
        var random = new Random(2);
        var sample = LightGbmSample.Create(random, "binary sigmoid:1", 1, 20, 15);
        double[][] rows = [.. Enumerable.Range(0, 50).Select(_ => LightGbmSample.RandomRow(random).Select(value => double.IsInfinity(value) ? 9 : value).ToArray())];
        await File.WriteAllTextAsync(_folder.File("model.txt"), sample.ToText(), Cancellation);
        await File.WriteAllLinesAsync(
            _folder.File("rows.csv"),
            [
                string.Join(',', Enumerable.Range(0, rows[0].Length).Select(column => $"c{column}")),
                .. rows.Select(row => string.Join(',', row.Select(value => double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture)))),
            ],
            Cancellation);

        var imported = await RunAsync(0, "import", "model.txt", "--output", "m.ilearner", "--label", "bought", "--json");
        await RunAsync(0, "score", "--model", "m.ilearner", "--input", "rows.csv", "--output", "out.csv");

        var summary = JsonNode.Parse(imported.Output[^1])!;
        Assert.Equal((20, "Binary", 7), ((int)summary["trees"]!, (string?)summary["task"], summary["features"]!.AsArray().Count));
        var scored = await File.ReadAllLinesAsync(_folder.File("out.csv"), Cancellation);
        Assert.Equal(
            rows.Select(row => 1 / (1 + Math.Exp(-sample.Sum(row)[0]))),
            scored.Skip(1).Select(line => double.Parse(line[(line.LastIndexOf(',') + 1)..], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Import_OfAnOnnxModel_SaysWhatItRead()
    {
        var trees = OnnxSample.RandomTrees(new Random(1), 3, 5, [0, 1, 2], () => 0.5f);
        await File.WriteAllBytesAsync(
            _folder.File("m.onnx"), new OnnxSample { Trees = trees, StringLabels = ["a", "b", "c"], Transform = "SOFTMAX" }.ToBytes(), Cancellation);

        var process = await RunAsync(0, "import", "m.onnx", "--output", "m.ilearner", "--features", "p,q,r,s,t,u");

        Assert.Contains("ONNX TreeEnsembleClassifier", process.Transcript, StringComparison.Ordinal);
        Assert.Contains("features  6: p, q, r, s, t, u", process.Transcript, StringComparison.Ordinal);
        Assert.Contains("classes   3: a, b, c", process.Transcript, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tree\nversion=v4\n", "truncated")]
    [InlineData("{}", "no model in XGBoost's JSON")]
    [InlineData("a,b\n1,2\n", "LightGBM's text, ONNX tree ensembles and XGBoost's JSON")]
    public async Task Import_OfSomethingElse_SaysWhatIsReadAndWritesNothing(string text, string expected)
    {
        await File.WriteAllTextAsync(_folder.File("model"), text, Cancellation);

        var process = await RunAsync(1, "import", "model", "--output", "m.ilearner");

        Assert.Contains("AUX4021", process.Transcript, StringComparison.Ordinal);
        Assert.Contains(expected, process.Transcript, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("m.ilearner")));
    }

    private async Task<AuspexProcess> RunAsync(int expectedExitCode, params string[] arguments)
    {
        var (exitCode, process) = await AuspexProcess.RunAsync(_folder.Path, Cancellation, arguments);
        await process.DisposeAsync();
        Assert.True(exitCode == expectedExitCode, process.Transcript);
        return process;
    }
}
