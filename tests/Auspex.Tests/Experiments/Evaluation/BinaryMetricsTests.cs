using Auspex.Experiments.Evaluation;
using Xunit;

namespace Auspex.Tests.Experiments.Evaluation;

public sealed class BinaryMetricsTests
{
    [Fact]
    public void Compute_OfKnownRows_GivesStudiosFormulas()
    {
        bool[] labels = [true, true, true, false, false];
        double[] probabilities = [0.9, 0.6, 0.4, 0.7, 0.1];

        var metrics = BinaryMetrics.Compute(labels, probabilities);

        Assert.Equal(3.0 / 5, metrics.Accuracy, 12);
        Assert.Equal(2.0 / 3, metrics.Precision, 12);
        Assert.Equal(2.0 / 3, metrics.Recall, 12);
        Assert.Equal(2.0 / 3, metrics.FScore, 12);
        Assert.Equal(4.0 / 6, metrics.Auc, 12);
        var loss = -(Math.Log(0.9) + Math.Log(0.6) + Math.Log(0.4) + Math.Log(0.3) + Math.Log(0.9)) / 5;
        var prior = -(0.6 * Math.Log(0.6)) - (0.4 * Math.Log(0.4));
        Assert.Equal(loss, metrics.AverageLogLoss, 12);
        Assert.Equal(100 * (prior - loss) / prior, metrics.TrainingLogLoss, 12);
        Assert.Equal(
            ["Accuracy", "Precision", "Recall", "F-Score", "AUC", "Average Log Loss", "Training Log Loss"],
            metrics.Values.Select(metric => metric.Name));
    }

    [Fact]
    public void Compute_WithTies_CountsPairsExactly()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            bool[] labels = [.. Enumerable.Range(0, 200).Select(_ => random.Next(3) == 0)];
            double[] scores = [.. Enumerable.Range(0, 200).Select(_ => random.Next(10) / 10.0)];
            double pairs = 0, right = 0;
            for (var i = 0; i < 200; i++)
            {
                for (var j = 0; j < 200; j++)
                {
                    if (labels[i] && !labels[j])
                    {
                        pairs++;
                        right += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                    }
                }
            }

            Assert.True(Math.Abs((right / pairs) - BinaryMetrics.Compute(labels, scores).Auc) < 1e-12, $"seed {seed}");
        }
    }

    [Fact]
    public void Compute_OfACertainMistake_StaysFinite() =>
        Assert.InRange(BinaryMetrics.Compute([true, false], [0, 0]).AverageLogLoss, 10, 20);

    [Fact]
    public void Compute_OfOneClass_HasNoAuc()
    {
        var metrics = BinaryMetrics.Compute([false, false], [0.1, 0.2]);

        Assert.True(double.IsNaN(metrics.Auc));
        Assert.True(double.IsNaN(metrics.TrainingLogLoss));
        Assert.Equal(1, metrics.Accuracy);
    }

    [Fact]
    public void Thin_OfManyPoints_KeepsTheLast()
    {
        var curve = BinaryCurve.Compute([.. Enumerable.Range(0, 5000).Select(i => i % 2 == 0)], [.. Enumerable.Range(0, 5000).Select(i => (double)i)]);

        var points = curve.Thin(100);

        Assert.Equal(100, points.Length);
        Assert.Equal(new CurvePoint(0, 2500, 2500), points[^1]);
    }
}
