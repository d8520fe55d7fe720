using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training;
using Auspex.Experiments.Training.Trees;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class BoostedTreesTests
{
    [Fact]
    public void Train_WithOtherThreadCounts_GivesTheSameFile()
    {
        var table = Noisy(20_000);

        var one = Bytes(Train(table, ModelTask.Binary, threads: 1));

        Assert.Equal(one, Bytes(Train(table, ModelTask.Binary, threads: 2)));
        Assert.Equal(one, Bytes(Train(table, ModelTask.Binary, threads: 7)));
    }

    [Theory]
    [InlineData(ModelTask.Binary)]
    [InlineData(ModelTask.Regression)]
    public void Train_OnRowsEnoughForEveryThread_GivesTheSameFileWithAnyNumberOfThem(ModelTask task)
    {
        // Levels too many for a byte, few numbers, many numbers, missing ones: every way in which bins are kept and summed.
        var random = new Random(5);
        var table = Tables.Of(
            [Tables.Number("a"), Tables.Number("few"), Tables.Number("gaps"), Tables.Text("code"), task == ModelTask.Binary ? Tables.Truth("y") : Tables.Number("y")],
            70_000,
            row =>
            {
                var (a, few, code) = (random.NextDouble(), random.Next(4), random.Next(400));
                var sum = (a * few) + (code % 7 == 0 ? 1 : 0) + random.NextDouble();
                return [a, (double)few, row % 3 == 0 ? null : sum + random.NextDouble(), $"code {code}", task == ModelTask.Binary ? sum > 1.5 : sum];
            });
        var options = new BoostedTreesOptions { Trees = 8 };

        var one = Bytes(Train(table, task, threads: 1, options));

        Assert.Equal(one, Bytes(Train(table, task, threads: 2, options)));
        Assert.Equal(one, Bytes(Train(table, task, threads: 5, options)));
    }

    [Fact]
    public void Train_OnAnInteraction_LearnsIt()
    {
        var table = Noisy(20_000);

        var metrics = (BinaryMetrics)ModelMetrics.Evaluate(Score(Train(table, ModelTask.Binary), table));

        Assert.InRange(metrics.Auc, 0.95, 1);
    }

    [Fact]
    public void Train_OnAStep_PredictsBothSides()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 1000, row => [(double)row, row < 400 ? 10.0 : 20.0]);

        var scores = Tables.Doubles(Score(Train(table, ModelTask.Regression), table), "Scored Labels");

        Assert.All(scores[..400], score => Assert.Equal(10, score, 6));
        Assert.All(scores[400..], score => Assert.Equal(20, score, 6));
    }

    [Fact]
    public void Train_WhereMissingMatters_SendsMissingValuesTheirOwnWay()
    {
        // Missing values behave like great numbers, and constants except for them tell something too.
        var table = Tables.Of(
            [Tables.Number("x"), Tables.Number("constant"), Tables.Truth("y")],
            2000,
            row => [row % 4 == 0 ? null : (double)(row % 100), row % 5 == 0 ? null : 1.0, row % 4 == 0 || row % 100 > 60 || row % 5 == 0]);

        var scored = Score(Train(table, ModelTask.Binary), table);

        Assert.Equal(1, ((BinaryMetrics)ModelMetrics.Evaluate(scored)).Accuracy);
    }

    [Fact]
    public void Train_OnManyLevels_SplitsByLevel()
    {
        // 700 levels take two bytes each; five of them decide.
        var table = Tables.Of(
            [Tables.Text("code"), Tables.Truth("y")], 14_000, row => [$"level {row % 700}", row % 700 is 3 or 77 or 300 or 512 or 699]);

        var scored = Score(Train(table, ModelTask.Binary), table);

        Assert.Equal(1, ((BinaryMetrics)ModelMetrics.Evaluate(scored)).Accuracy);
    }

    [Fact]
    public void Train_WithUnknownLevelsForbidden_GivesThemNoScore()
    {
        var table = Tables.Of([Tables.Text("code"), Tables.Truth("y")], 200, row => [row % 2 == 0 ? "a" : "b", row % 2 == 0]);
        var other = Tables.Of([Tables.Text("code")], 3, row => [row switch { 0 => "a", 1 => "new", _ => null }]);
        var strict = new BoostedTreesLearner("t", ModelTask.Binary, new BoostedTreesOptions(), false, new Dictionary<string, string>())
            .Train(table, "y", new TrainingOptions(1, null), TestContext.Current.CancellationToken);

        var strictly = Tables.Doubles(Score(strict, other), "Scored Probabilities");
        var loosely = Tables.Doubles(Score(Train(table, ModelTask.Binary), other), "Scored Probabilities");

        Assert.Equal([false, true, false], strictly.Select(double.IsNaN));
        Assert.DoesNotContain(true, loosely.Select(double.IsNaN));
    }

    [Fact]
    public void Train_OnConstantsOnly_GivesThePrior()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Truth("y")], 100, row => [1.0, row < 25]);

        var scores = Tables.Doubles(Score(Train(table, ModelTask.Binary), table), "Scored Probabilities");

        Assert.All(scores, score => Assert.Equal(0.25, score, 9));
    }

    [Fact]
    public void Train_OnTenThousandColumns_FindsTheOneThatMatters()
    {
        var random = new Random(3);
        TableField[] fields = [.. Enumerable.Range(0, 10_000).Select(column => Tables.Number($"x{column}")), Tables.Truth("y")];
        var table = Tables.Of(fields, 300, _ =>
        {
            var row = Enumerable.Range(0, 10_000).Select(_ => (object?)random.NextDouble()).ToArray();
            return [.. row, (double)row[4321]! > 0.5];
        });

        var model = new BoostedTreesLearner(
                "t", ModelTask.Binary, new BoostedTreesOptions { Trees = 3, Leaves = 4 }, true, new Dictionary<string, string>())
            .Train(table, "y", new TrainingOptions(2, null), TestContext.Current.CancellationToken);

        Assert.Equal(1, ((BinaryMetrics)ModelMetrics.Evaluate(Score(model, table))).Auc);
        Assert.Equal(4321, ((TreeModel)model).Trees.Arrays.Features[0]);
    }

    [Fact]
    public void Train_WhenCanceled_Stops()
    {
        using var cancel = new CancellationTokenSource();
        var learner = new BoostedTreesLearner(
            "t", ModelTask.Binary, new BoostedTreesOptions { Trees = 100_000 }, true, new Dictionary<string, string>());

        Assert.ThrowsAny<OperationCanceledException>(() => learner.Train(
            Noisy(1000), "y", new TrainingOptions(2, (_, done, _) => CancelAt(done)), cancel.Token));

        void CancelAt(long done)
        {
            if (done == 3)
            {
                cancel.Cancel();
            }
        }
    }

    [Fact]
    public void Train_OnSmallLeaves_KeepsTheLeastNumberOfRows()
    {
        var table = Noisy(500);
        var model = (TreeModel)new BoostedTreesLearner(
                "t", ModelTask.Binary, new BoostedTreesOptions { LeafRows = 100, Trees = 5 }, true, new Dictionary<string, string>())
            .Train(table, "y", new TrainingOptions(1, null), TestContext.Current.CancellationToken);

        for (var tree = 0; tree < model.Trees.TreeCount; tree++)
        {
            Assert.InRange(model.Trees.Arrays.LeafStarts[tree + 1] - model.Trees.Arrays.LeafStarts[tree], 1, 5);
        }
    }

    private static TableBatch Noisy(int rows)
    {
        var random = new Random(11);
        return Tables.Of([Tables.Number("a"), Tables.Number("b"), Tables.Text("c"), Tables.Truth("y")], rows, _ =>
        {
            var (a, b, c) = (random.NextDouble(), random.NextDouble(), random.Next(5));
            var logit = ((a - 0.5) * (b - 0.5) * 60) + (c == 2 ? 3 : 0);
            return [random.Next(20) == 0 ? null : a, b, $"c{c}", random.NextDouble() < 1 / (1 + Math.Exp(-logit))];
        });
    }

    private static TrainedModel Train(TableBatch table, ModelTask task, int threads = 2, BoostedTreesOptions? options = null) =>
        new BoostedTreesLearner("t", task, options ?? new BoostedTreesOptions(), true, new Dictionary<string, string>())
            .Train(table, "y", new TrainingOptions(threads, null), TestContext.Current.CancellationToken);

    private static TableBatch Score(TrainedModel model, TableBatch table) => model.Bind(table.Schema, false).Apply(table);

    private static byte[] Bytes(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        return stream.ToArray();
    }
}
