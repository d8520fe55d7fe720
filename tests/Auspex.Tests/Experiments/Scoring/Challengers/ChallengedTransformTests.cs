using System.Text;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Files;
using Auspex.Experiments.Training;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring.Challengers;

public sealed class ChallengedTransformTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task Score_WithChallengers_KeepsTheOutputAndReportsWhatTheyDisagreeAbout(string format)
    {
        var rows = Rows(5000, 3);
        var (champion, challenger) = (Train(rows, "Two-Class Boosted Decision Tree"), Train(rows, "Two-Class Logistic Regression"));
        var input = _folder.File($"rows.{format}");
        await TableFiles.WriteAsync(input, rows, Cancellation);
        await ScoreAsync(champion, input, _folder.File($"alone.{format}"), []);

        await ScoreAsync(champion, input, _folder.File($"both.{format}"), [KeyValuePair.Create("challenger", challenger), KeyValuePair.Create("itself", champion)]);

        Assert.Equal(await File.ReadAllBytesAsync(_folder.File($"alone.{format}"), Cancellation), await File.ReadAllBytesAsync(_folder.File($"both.{format}"), Cancellation));
        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File($"both.{format}.challengers.json"), Cancellation));
        var (a, b) = (Scored(champion, rows), Scored(challenger, rows));
        Check(json.RootElement.GetProperty("challengers")[0], a, b);
        var itself = json.RootElement.GetProperty("challengers")[1];
        Assert.Equal(1, itself.GetProperty("agreement").GetDouble());
        Assert.Equal(0, itself.GetProperty("meanDifference").GetDouble());
        Assert.Equal(0, itself.GetProperty("farthestRows").GetArrayLength());
        CheckMetrics(json.RootElement.GetProperty("champion"), champion, rows);
        CheckMetrics(json.RootElement.GetProperty("challengers")[0], challenger, rows);
        var page = await File.ReadAllTextAsync(_folder.File($"both.{format}.challengers.html"), Cancellation);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_OfNumbers_ComparesThem()
    {
        var rows = Rows(3000, 4);
        var (champion, challenger) = (Train(rows, "Linear Regression", "amount"), Train(rows, "Boosted Decision Tree Regression", "amount"));
        var input = _folder.File("rows.csv");
        await TableFiles.WriteAsync(input, rows, Cancellation);

        await ScoreAsync(champion, input, _folder.File("out.csv"), [KeyValuePair.Create("trees", challenger)]);

        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File("out.csv.challengers.json"), Cancellation));
        var found = json.RootElement.GetProperty("challengers")[0];
        Assert.InRange(found.GetProperty("correlation").GetDouble(), 0.8, 1);
        CheckMetrics(json.RootElement.GetProperty("champion"), champion, rows);
        CheckMetrics(found, challenger, rows);
    }

    [Fact]
    public async Task Score_WithAChallengerOfAnotherTask_IsRefusedBeforeAnythingIsWritten()
    {
        var rows = Rows(500, 5);
        var input = _folder.File("rows.csv");
        await TableFiles.WriteAsync(input, rows, Cancellation);

        var error = await Assert.ThrowsAsync<ModuleException>(() => ScoreAsync(
            Train(rows, "Two-Class Logistic Regression"), input, _folder.File("out.csv"), [KeyValuePair.Create("numbers", Train(rows, "Linear Regression", "amount"))]));

        Assert.Equal(13, error.Number);
        Assert.Contains("'numbers'", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder.File("out.csv")));
    }

    [Fact]
    public async Task Score_WithDriftAskedFor_WritesTheReport()
    {
        var rows = Rows(500, 6);
        var input = _folder.File("rows.csv");
        await TableFiles.WriteAsync(input, rows, Cancellation);

        await new FileScorer(
            new FileScoring { Model = Train(rows, "Two-Class Boosted Decision Tree"), InputPath = input, OutputPath = _folder.File("out.csv"), DriftReportPath = _folder.File("drift") },
            TimeProvider.System).RunAsync(Cancellation);

        using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(_folder.File("drift.json"), Cancellation));
        Assert.Equal(500, json.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal("none", json.RootElement.GetProperty("score").GetProperty("drift").GetString());
        Assert.Contains("<svg", await File.ReadAllTextAsync(_folder.File("drift.html"), Cancellation), StringComparison.Ordinal);
    }

    private static void Check(JsonElement found, (string Label, double Number)[] a, (string Label, double Number)[] b)
    {
        var sizes = a.Zip(b, (one, other) => Math.Abs(one.Number - other.Number)).ToArray();
        Assert.Equal(a.Length, found.GetProperty("rows").GetInt64());
        Assert.Equal(a.Zip(b).Count(pair => pair.First.Label == pair.Second.Label) / (double)a.Length, found.GetProperty("agreement").GetDouble(), 12);
        Assert.Equal(sizes.Average(), found.GetProperty("meanDifference").GetDouble(), 9);
        Assert.Equal(Correlation([.. a.Select(row => row.Number)], [.. b.Select(row => row.Number)]), found.GetProperty("correlation").GetDouble(), 9);
        var sorted = sizes.Order().ToArray();
        foreach (var quantile in found.GetProperty("differences").EnumerateArray())
        {
            var exact = sorted[Math.Max(1, (int)Math.Ceiling(quantile.GetProperty("quantile").GetDouble() * sorted.Length)) - 1];
            Assert.InRange(quantile.GetProperty("size").GetDouble(), exact * 0.99, exact);
        }

        var farthest = found.GetProperty("farthestRows").EnumerateArray().Select(row => row.GetProperty("row").GetInt64());
        Assert.Equal(sizes.Select((size, row) => (size, row)).OrderByDescending(entry => entry.size).ThenBy(entry => entry.row).Take(20).Select(entry => entry.row + 1L), farthest);
        Assert.Equal(a.Zip(b).Count(pair => pair is { First.Label: "yes", Second.Label: "no" }), found.GetProperty("confusion")[1][0].GetInt64());
    }

    private static void CheckMetrics(JsonElement found, TrainedModel model, TableBatch rows)
    {
        var expected = ModelMetrics.Evaluate(model.Bind(rows.Schema, false).Apply(rows)).Values.ToDictionary(metric => metric.Name, metric => metric.Value);
        Assert.NotEmpty(found.GetProperty("metrics").EnumerateObject());
        foreach (var metric in found.GetProperty("metrics").EnumerateObject())
        {
            Assert.InRange(metric.Value.GetDouble(), expected[metric.Name] - 1e-3, expected[metric.Name] + 1e-3);
        }
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        return a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum() / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    private static (string Label, double Number)[] Scored(TrainedModel model, TableBatch rows)
    {
        var scored = model.Bind(rows.Schema, false).Apply(rows);
        var labels = (StringColumn)scored.Columns[scored.Schema.IndexOf("Scored Labels")];
        return [.. Tables.Doubles(scored, "Scored Probabilities").Select((number, row) => (Encoding.UTF8.GetString(labels.Bytes(row)), number))];
    }

    private static Task<FileScore> ScoreAsync(TrainedModel model, string input, string output, IReadOnlyList<KeyValuePair<string, TrainedModel>> challengers) => new FileScorer(
        new FileScoring { Model = model, InputPath = input, OutputPath = output, Threads = 2, Challengers = challengers }, TimeProvider.System).RunAsync(Cancellation);

    private static TrainedModel Train(TableBatch rows, string learner, string label = "answer") => TableTrainer.Train(
        rows, new TableTraining { Label = label, Learner = learner }, TimeProvider.System, Cancellation).Model;

    private static TableBatch Rows(int count, int seed)
    {
        var random = new Random(seed);
        return Tables.Of([Tables.Number("x1"), Tables.Number("x2"), Tables.Number("amount"), Tables.Text("answer")], count, _ =>
        {
            var (x1, x2) = (random.NextDouble(), random.NextDouble());
            return [x1, x2, (2 * x1) + (x2 * x2) + (0.1 * random.NextDouble()), (x1 * x2) + (0.2 * random.NextDouble()) > 0.35 ? "yes" : "no"];
        });
    }
}
