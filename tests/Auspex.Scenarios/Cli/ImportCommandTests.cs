using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.TestKit;
using Auspex.TestKit.Import;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
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

    [Fact]
    public async Task Import_OfANetwork_ScoresAFileAsOnnxRuntimeDoes()
    {
        var random = new Random(3);
        (float A, long N)[] rows = [.. Enumerable.Range(0, 300).Select(_ => ((random.NextSingle() * 4) - 2, (long)random.Next(-5, 6)))];
        await File.WriteAllBytesAsync(_folder.File("net.onnx"), OnnxGraphs.Network(), Cancellation);
        await File.WriteAllLinesAsync(
            _folder.File("rows.csv"), ["a,n", .. rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.A:R},{row.N}"))], Cancellation);

        var imported = await RunAsync(0, "import", "net.onnx", "--output", "m.ilearner");
        await RunAsync(0, "score", "--model", "m.ilearner", "--input", "rows.csv", "--output", "out.csv");

        Assert.Contains("scored by ONNX Runtime", imported.Transcript, StringComparison.Ordinal);
        using var session = new InferenceSession(_folder.File("net.onnx"));
        using var results = session.Run(
        [
            NamedOnnxValue.CreateFromTensor("a", new DenseTensor<float>(rows.Select(row => row.A).ToArray(), [rows.Length, 1])),
            NamedOnnxValue.CreateFromTensor("n", new DenseTensor<long>(rows.Select(row => row.N).ToArray(), [rows.Length, 1])),
        ]);
        var expected = results[0].AsEnumerable<float>().ToArray();
        var lines = (await File.ReadAllLinesAsync(_folder.File("out.csv"), Cancellation))[1..];
        Assert.Equal(rows.Length, lines.Length);
        for (var row = 0; row < rows.Length; row++)
        {
            // a, n, three probabilities, the label.
            var cells = lines[row].Split(',');
            Assert.Equal(expected.Skip(row * 3).Take(3).Select(value => (double)value), cells[2..5].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)), Near);
        }

        static bool Near(double left, double right) => Math.Abs(left - right) < 1e-6;
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
