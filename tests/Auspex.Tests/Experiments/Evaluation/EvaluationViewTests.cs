using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;
using Auspex.Tests.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Evaluation;

public sealed class EvaluationViewTests
{
    [Fact]
    public void ScoreBins_OfSixRows_CountAndMeasureAsTheThresholdFalls()
    {
        var curve = BinaryCurve.Compute([true, true, false, true, false, false], [0.95, 0.9, 0.85, 0.4, 0.3, 0.0]);

        var bins = ScoreBin.Of(curve);

        Assert.Equal(10, bins.Length);
        Assert.Equal((0.9, 1.0, 1L, 0L), (bins[0].Above, bins[0].UpTo, bins[0].PositiveExamples, bins[0].NegativeExamples));
        Assert.Equal((1L, 1L), (bins[1].PositiveExamples, bins[1].NegativeExamples));
        Assert.Equal(2.0 / 3, bins[1].Precision, 1e-12);
        Assert.Equal(2.0 / 3, bins[1].NegativePrecision, 1e-12);
        Assert.Equal((0L, 1L), (bins[9].PositiveExamples, bins[9].NegativeExamples));
        Assert.Equal(1, bins[9].FractionAboveThreshold);
        Assert.Equal(curve.Auc, bins[9].CumulativeAuc, 1e-12);
        Assert.Equal(6, bins.Sum(bin => bin.PositiveExamples + bin.NegativeExamples));
    }

    [Fact]
    public void Histogram_OfErrors_HasEveryFiniteValueOnce()
    {
        var bars = HistogramBar.Of([-1, -1, 0, 1, double.NaN, double.PositiveInfinity]);

        Assert.Equal(4, bars.Sum(bar => bar.Rows));
        Assert.Equal(-1, bars[0].From);
        Assert.Equal(1, bars[^1].To);
        Assert.Single(HistogramBar.Of([2, 2]));
        Assert.Empty(HistogramBar.Of([double.NaN]));
    }

    [Fact]
    public void Write_TwoBinaryModels_HasCurvesOfBoth()
    {
        var good = BinaryMetrics.Compute([true, false, true, false], [0.9, 0.1, 0.8, 0.2]);
        var poor = BinaryMetrics.Compute([true, false, true, false], [0.1, 0.9, 0.8, 0.2]);

        using var view = JsonDocument.Parse(EvaluationView.Write(good, poor));

        var models = view.RootElement.GetProperty("models");
        Assert.Equal(2, models.GetArrayLength());
        var roc = models[0].GetProperty("roc");
        Assert.Equal(0, roc[0][0].GetDouble());
        Assert.Equal(1, roc[roc.GetArrayLength() - 1][1].GetDouble());
        Assert.Equal(roc.GetArrayLength(), models[0].GetProperty("lift").GetArrayLength());
        Assert.Equal(10, models[1].GetProperty("scoreBins").GetArrayLength());
        Assert.Equal(1, models[0].GetProperty("metrics").GetProperty("AUC").GetDouble());
    }

    [Fact]
    public async Task EvaluateModel_OfSeveralClasses_ShowsTheConfusionMatrixInPercent()
    {
        var scored = new TableBatch(
            new TableSchema(
            [
                new() { Name = "y", Type = ColumnType.String, Role = ColumnRole.Label },
                new() { Name = "Scored Labels", Type = ColumnType.String, Score = new ScoreKind("Multiclass Classification Scores", "Scored Labels") },
            ]),
            ModuleRuns.Batch(
                [ModuleRuns.Field("a", ColumnType.String), ModuleRuns.Field("b", ColumnType.String)],
                ["x", "x"], ["x", "z"], ["z", "z"], ["z", "z"]).Columns,
            4);

        var context = await ModuleRuns.RunAsync("Evaluate Model", [scored], []);

        using var view = JsonDocument.Parse(((TableValue)context.Outputs["Evaluation results"]).Visualization!);
        var model = view.RootElement.GetProperty("models")[0];
        Assert.Equal(50, model.GetProperty("confusionPercent")[0][1].GetDouble());
        Assert.Equal(2, model.GetProperty("confusion")[1][1].GetDouble());
    }
}
