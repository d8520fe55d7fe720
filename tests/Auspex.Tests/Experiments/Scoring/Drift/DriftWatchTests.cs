using System.Text;
using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring.Drift;
using Auspex.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring.Drift;

public sealed class DriftWatchTests
{
    [Fact]
    public void Report_OfRowsLikeTheTraining_FindsNone()
    {
        var report = Watch(Train(), Rows(4000, seed: 2, shift: 0, missing: 0, colours: ["red", "blue"]));

        Assert.Equal((4000, 0), (report.Rows, report.NotCompared.Length));
        Assert.All(report.Columns.Append(report.Score!), column => Assert.Equal("none", column.Verdict));
        Assert.All(report.Columns, column => Assert.True(column.Ks is null or < 0.05));
    }

    [Fact]
    public void Report_OfRowsThatLieElsewhere_TellsHowFar()
    {
        var report = Watch(Train(), Rows(4000, seed: 2, shift: 1, missing: 0.25, colours: ["red", "blue", "green", "black"]));

        var size = report.Columns.Single(column => column.Name == "size");
        Assert.Equal("large", size.Verdict);
        Assert.InRange(size.MissingShare, 0.2, 0.3);
        Assert.Equal(0, size.TrainingMissingShare);
        Assert.InRange(size.Ks!.Value, 0.85, 1);
        var colour = report.Columns.Single(column => column.Name == "colour");
        Assert.InRange(colour.UnseenShare, 0.45, 0.55);
        Assert.Equal(("large", "(not seen at training)"), (colour.Verdict, colour.Bins[^1].Label));
        Assert.Equal("large", report.Score!.Verdict);
    }

    [Fact]
    public void Apply_InParts_CountsTheSameAndChangesNothing()
    {
        var model = Train();
        var rows = Rows(1000, seed: 3, shift: 0.3, missing: 0.1, colours: ["red", "green"]);
        var scoring = model.Bind(rows.Schema, appendScores: true);
        var watch = DriftWatch.Create(model, scoring, rows.Schema, _ => true)!;

        Parallel.For(0, 10, part => watch.Apply(rows.Take([.. Enumerable.Range(part * 100, 100)])));

        Assert.Equal(Encoding.UTF8.GetString(Watch(model, rows).ToJson()), Encoding.UTF8.GetString(watch.Report("rows", 0).ToJson()));
        Assert.Equal(
            Tables.Doubles(scoring.Apply(rows), "Scored Probabilities"), Tables.Doubles(watch.Apply(rows), "Scored Probabilities"));
    }

    [Fact]
    public void Psi_OfTwoBins_IsTheFormulas()
    {
        var training = new ColumnDistribution([0.5], [60, 40], 0);
        var table = Tables.Of([Tables.Number("x")], 10, row => [row < 3 ? 0.0 : 1.0]);
        var counts = new DriftCounts(training, WatchedColumn.Find(Tables.Number("x"), table.Schema)!);
        counts.Add(table);

        var drift = ColumnDrift.Of(counts);

        Assert.Equal(((0.3 - 0.6) * Math.Log(0.3 / 0.6)) + ((0.7 - 0.4) * Math.Log(0.7 / 0.4)), drift.Psi, 12);
        Assert.Equal(0.3, drift.Ks!.Value, 12);
    }

    [Fact]
    public void Model_WrittenAndRead_KeepsItsDistribution()
    {
        var model = Train();
        using var file = new MemoryStream();
        ModelContainer.WriteModel(model, file);
        file.Position = 0;

        var read = ModelContainer.ReadModel(file).Description.Distribution!;

        Assert.Equal(model.Description.Distribution!.Score.Counts, read.Score.Counts);
        Assert.Equal(model.Description.Distribution.Features[0].Edges, read.Features[0].Edges);
        Assert.Null(DriftWatch.Create(
            Tests.Experiments.Models.SampleModels.Trees, model.Bind(Rows(1, 1, 0, 0, ["red"]).Schema, true), Rows(1, 1, 0, 0, ["red"]).Schema, _ => true));
    }

    [Fact]
    public void Pages_AreWhole()
    {
        var report = Watch(Train(), Rows(100, seed: 2, shift: 1, missing: 0, colours: ["red", "<b>"]));
        var html = Encoding.UTF8.GetString(DriftPage.ToHtml(report));

        Assert.Equal(3, html.Split("<svg").Length - 1);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        var json = JsonNode.Parse(report.ToJson())!;
        Assert.Equal((100, 2), ((int?)json["rows"], json["columns"]!.AsArray().Count));
    }

    private static DriftReport Watch(TrainedModel model, TableBatch rows)
    {
        var watch = DriftWatch.Create(model, model.Bind(rows.Schema, appendScores: true), rows.Schema, _ => true)!;
        watch.Apply(rows);
        return watch.Report("rows", 0);
    }

    private static TrainedModel Train() => TableTrainer.Train(
        Rows(4000, seed: 1, shift: 0, missing: 0, colours: ["red", "blue"]),
        new TableTraining { Label = "answer", Learner = "Two-Class Boosted Decision Tree" },
        TimeProvider.System,
        TestContext.Current.CancellationToken).Model;

    private static TableBatch Rows(int rows, int seed, double shift, double missing, string[] colours)
    {
        var random = new Random(seed);
        return Tables.Of([Tables.Number("size"), Tables.Text("colour"), Tables.Text("answer")], rows, _ =>
        {
            var size = random.NextDouble();
            return
            [
                random.NextDouble() < missing ? null : size + shift,
                colours[random.Next(colours.Length)],
                (size > 0.5) ^ (random.NextDouble() < 0.1) ? "yes" : "no",
            ];
        });
    }
}
