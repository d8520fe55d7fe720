using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Linear;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class LinearRegressionTests
{
    [Fact]
    public void LeastSquares_OnAnExactPlane_FindsIt()
    {
        var random = new Random(2);
        var table = Tables.Of([Tables.Number("a"), Tables.Text("b"), Tables.Number("y")], 500, _ =>
        {
            var (a, b) = (1e6 + random.NextDouble(), random.Next(3));
            return [a, $"b{b}", (3 * (a - 1e6)) + (b * 10) + 5];
        });

        var model = LeastSquares(table, 0.0, intercept: true);

        var scores = Tables.Doubles(model.Bind(table.Schema, false).Apply(table), "Scored Labels");
        var truth = Tables.Doubles(table, "y");
        Assert.Equal(3, model.Weights[0], 5);
        for (var row = 0; row < truth.Length; row++)
        {
            Assert.Equal(truth[row], scores[row], 5);
        }
    }

    [Fact]
    public void LeastSquares_WithAPenalty_IsTheRidgeSolution()
    {
        // One centred column: weight = sum(xy) / (sum(x^2) + penalty).
        double[] x = [-2, -1, 0, 1, 2];
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 5, row => [x[row], (2 * x[row]) + 7]);

        var model = LeastSquares(table, 5, intercept: true);

        Assert.Equal(20.0 / 15, model.Weights[0], 12);
        Assert.Equal(7, model.Bias, 12);
    }

    [Fact]
    public void LeastSquares_WithoutIntercept_GoesThroughZero()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 3, row => [row + 1.0, (2.0 * (row + 1)) + 1]);

        var model = LeastSquares(table, 0, intercept: false);

        Assert.Equal(0, model.Bias);
        Assert.Equal((3 + 10 + 21) / 14.0, model.Weights[0], 12);
    }

    [Fact]
    public void LeastSquares_OnColumnsThatDependOnEachOther_GivesFiniteWeights()
    {
        var table = Tables.Of(
            [Tables.Number("x"), Tables.Number("twice"), Tables.Number("one"), Tables.Number("y")], 50, row => [row, 2.0 * row, 1.0, 4.0 * row]);

        var model = LeastSquares(table, 0, intercept: true);

        var scores = Tables.Doubles(model.Bind(table.Schema, false).Apply(table), "Scored Labels");
        Assert.All(model.Weights, weight => Assert.True(double.IsFinite(weight)));
        Assert.Equal(4 * 49, scores[49], 6);
    }

    [Fact]
    public void LeastSquares_OnMoreColumnsThanAreSolvedDirectly_StillFits()
    {
        var random = new Random(9);
        TableField[] fields = [.. Enumerable.Range(0, 2500).Select(column => Tables.Number($"x{column}")), Tables.Number("y")];
        var table = Tables.Of(fields, 60, _ =>
        {
            var row = Enumerable.Range(0, 2500).Select(_ => random.NextDouble()).ToArray();
            return [.. row.Select(value => (object?)value), row[7] * 3];
        });

        var model = LeastSquares(table, 0.001, intercept: true);

        var scores = Tables.Doubles(model.Bind(table.Schema, false).Apply(table), "Scored Labels");
        Assert.Equal(Tables.Doubles(table, "y")[3], scores[3], 2);
    }

    [Fact]
    public void GradientDescent_OnALine_ComesNear()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 400, row => [row / 4.0, (row / 100.0) + 2]);
        var model = GradientDescent(new GradientDescentOptions { Epochs = 100, L2Weight = 0 }, table);

        var scores = Tables.Doubles(model.Bind(table.Schema, false).Apply(table), "Scored Labels");

        Assert.InRange(scores[200], 3.5, 4.5);
    }

    [Fact]
    public void GradientDescent_WithoutEpochs_PredictsZero()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 4, row => [row, 5.0]);

        var model = GradientDescent(new GradientDescentOptions { Epochs = 0 }, table);

        Assert.Equal([0.0], ((LinearModel)model).Weights);
    }

    [Fact]
    public void GradientDescent_WithARateFarTooGreat_StaysFinite()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 100, row => [row * 1e6, row * 1e6]);
        var options = new GradientDescentOptions { Normalizes = false, LearningRate = 10, DecreasesRate = false, Averages = false };

        var model = (LinearModel)GradientDescent(options, table);

        Assert.True(double.IsFinite(model.Bias));
        Assert.InRange(Math.Abs(model.Weights[0]), 0, 1000);
    }

    private static LinearModel LeastSquares(TableBatch table, double penalty, bool intercept) => (LinearModel)new LeastSquaresLearner(
            "Linear Regression", new LeastSquaresOptions(penalty, intercept), true, new Dictionary<string, string>())
        .Train(table, "y", new TrainingOptions(1, null), TestContext.Current.CancellationToken);

    private static TrainedModel GradientDescent(GradientDescentOptions options, TableBatch table) =>
        new GradientDescentLearner("Linear Regression", options, true, new Dictionary<string, string>())
            .Train(table, "y", new TrainingOptions(1, null), TestContext.Current.CancellationToken);
}
