using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring.Explanations;
using Auspex.TestKit.Import;
using Auspex.Tests.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring.Explanations;

public sealed class ForestReasonsTests
{
    private const int Rows = 120;

    [Fact]
    public void Apply_OfTwoClasses_AddsUpToTheProbability()
    {
        var (model, table, scored) = Train("Two-Class Decision Forest");
        var trees = Assert.IsType<TreeModel>(model).Trees;
        var reasons = AllSubsets.Reasons(model, scored);
        var expected = new TreeExplainer(trees).Expected / trees.TreeCount;
        var probabilities = Tables.Doubles(scored, "Scored Probabilities");

        Assert.InRange(expected, 0.01, 0.99);
        Assert.True(probabilities.Distinct().Count() > 2);
        for (var row = 0; row < Rows; row++)
        {
            Assert.Equal(probabilities[row] - expected, reasons[row].Sum(), 12);
        }

        AssertSame(AllSubsets.Shapley(model, trees, leaf => trees.Arrays.LeafValues[leaf] / trees.TreeCount, table), reasons);
    }

    [Fact]
    public void Apply_OfANumber_AddsUpToTheMean()
    {
        var (model, table, scored) = Train("Decision Forest Regression");
        var forest = Assert.IsType<ForestModel>(model);
        var reasons = AllSubsets.Reasons(model, scored);
        var means = Tables.Doubles(scored, "Scored Label Mean");
        var subsets = AllSubsets.Shapley(
            model, forest.Trees, leaf => forest.LeafValues[forest.LeafStarts[leaf]] / forest.Trees.TreeCount, table);

        AssertSame(subsets, reasons);
        var expected = means[0] - reasons[0].Sum();
        Assert.True(Math.Abs(expected - means.Average()) < 30, $"{expected} is far from the mean of training");
        Assert.All(Enumerable.Range(0, Rows), row => Assert.Equal(expected, means[row] - reasons[row].Sum(), 9));
    }

    [Fact]
    public void Apply_OfSeveralClasses_ExplainsThePredictedOne()
    {
        var (model, table, scored) = Train("Multiclass Decision Forest");
        var forest = Assert.IsType<ForestModel>(model);
        var reasons = AllSubsets.Reasons(model, scored);
        string[] classes = [.. model.Description.Classes];
        var labels = scored.Columns[scored.Schema.IndexOf("Scored Labels")];
        for (var ofClass = 0; ofClass < classes.Length; ofClass++)
        {
            var part = ofClass;
            var subsets = AllSubsets.Shapley(
                model, forest.Trees, leaf => forest.LeafValues[forest.LeafStarts[leaf] + part] / forest.Trees.TreeCount, table);
            var probabilities = Tables.Doubles(scored, $"Scored Probabilities for Class \"{classes[ofClass]}\"");
            int[] rows = [.. Enumerable.Range(0, Rows).Where(row => ColumnText.Text(labels, row, CellFormat.File) == classes[part])];

            Assert.NotEmpty(rows);
            AssertSame([.. rows.Select(row => subsets[row])], [.. rows.Select(row => reasons[row])]);
            var bases = rows.Select(row => probabilities[row] - reasons[row].Sum()).ToArray();
            Assert.All(bases, value => Assert.Equal(bases[0], value, 12));
        }
    }

    [Theory]
    [InlineData("Two-Class Decision Forest")]
    [InlineData("Multiclass Decision Forest")]
    [InlineData("Decision Forest Regression")]
    public void WriteModel_KeepsTheReasons(string name)
    {
        var (model, table, scored) = Train(name);

        var read = ImportedModels.Saved(model).WithReasons(3).Bind(table.Schema, appendScores: false).Apply(table);

        Assert.Equal(AllSubsets.Reasons(model, scored), AllSubsets.Reasons(model, read));
    }

    [Fact]
    public void WithReasons_OfAForestWithoutCounts_IsRefused()
    {
        var forest = (ForestModel)Train("Multiclass Decision Forest").Model;
        var older = new ForestModel(forest.Description, forest.Trees.WithCovers([]), [.. forest.LeafStarts], [.. forest.LeafValues]);

        var refused = Assert.Throws<ModuleException>(() => older.WithReasons(1));

        Assert.Equal(13, refused.Number);
        Assert.Contains("Train it again", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Fast Forest Quantile Regression", ModelTask.Quantile, "a quantile of all leaves' samples is no sum")]
    [InlineData("Two-Class Decision Jungle", ModelTask.Binary, "several ways lead to a node")]
    [InlineData("Multiclass Decision Jungle", ModelTask.Multiclass, "several ways lead to a node")]
    public void WithReasons_OfTreesThatDoNotAddUp_SaysWhy(string name, ModelTask task, string why)
    {
        var learner = LearnerSuite.Create(name);
        var model = LearnerSuite.Train(learner, LearnerSuite.Table(task, Rows));

        var refused = Assert.Throws<ModuleException>(() => model.WithReasons(1));

        Assert.Equal(13, refused.Number);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    private static (TrainedModel Model, TableBatch Table, TableBatch Scored) Train(string name)
    {
        var learner = LearnerSuite.Create(name);
        var table = LearnerSuite.Table(learner.Task, Rows);
        var model = LearnerSuite.Train(learner, table);
        return (model, table, model.WithReasons(3).Bind(table.Schema, appendScores: false).Apply(table));
    }

    private static void AssertSame(double[][] expected, double[][] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.Contains(expected, row => row.Count(value => Math.Abs(value) > 1e-6) > 1);
        for (var row = 0; row < expected.Length; row++)
        {
            Assert.All(expected[row].Zip(found[row]), pair => Assert.Equal(pair.First, pair.Second, 9));
        }
    }
}
