using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training;
using Auspex.Experiments.Training.Linear;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Microsoft.ML.Trainers.FastTree;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class MlNetAgreementTests
{
    [Fact]
    public void TreeModel_OfFastTreesTrees_GivesFastTreesProbabilities()
    {
        var (context, table, rows) = Problem(3000);
        var fitted = context.BinaryClassification.Trainers.FastTree(numberOfTrees: 30).Fit(rows);
        var calibrated = fitted.Model;
        var builder = new TreeEnsembleBuilder();
        var ensemble = calibrated.SubModel.TrainedTreeEnsemble;
        foreach (var (tree, weight) in ensemble.Trees.Zip(ensemble.TreeWeights))
        {
            var splits = Enumerable.Range(0, tree.NumberOfNodes).Select(node => new TreeSplit(
                tree.NumericalSplitFeatureIndexes[node],
                tree.NumericalSplitThresholds[node],
                -1,
                true,
                tree.LeftChild[node],
                tree.RightChild[node])).ToArray();
            builder.Add(splits, [.. tree.LeafValues.Select(value => value * weight)]);
        }

        var description = Set(table).Describe("FastTree", ModelTask.Binary, []);
        var model = new TreeModel(
            description, builder.Build(ensemble.Bias), new LogisticLink(-calibrated.Calibrator.Slope, -calibrated.Calibrator.Offset));

        var ours = Tables.Doubles(model.Bind(table.Schema, false).Apply(table), "Scored Probabilities");
        var theirs = fitted.Transform(rows).GetColumn<float>("Probability").ToArray();
        for (var row = 0; row < ours.Length; row++)
        {
            Assert.InRange(ours[row], theirs[row] - 5e-7, theirs[row] + 5e-7);
        }
    }

    [Fact]
    public void LogisticRegressionLearner_OnNumbers_AgreesWithMlNetsPredictor()
    {
        var (context, table, rows) = Problem(3000);
        var theirs = context.BinaryClassification.Trainers.LbfgsLogisticRegression(
            new LbfgsLogisticRegressionBinaryTrainer.Options { HistorySize = 20, NumberOfThreads = 1 }).Fit(rows).Transform(rows);

        var model = new LogisticRegressionLearner("l", ModelTask.Binary, new LogisticOptions(), true, new Dictionary<string, string>())
            .Train(table, "y", new TrainingOptions(1, null), TestContext.Current.CancellationToken);

        var ours = Tables.Doubles(model.Bind(table.Schema, false).Apply(table), "Scored Probabilities");
        var expected = theirs.GetColumn<float>("Probability").ToArray();

        // The features lie between 0 and 1 already, so that scaling changes next to nothing.
        for (var row = 0; row < ours.Length; row++)
        {
            Assert.InRange(ours[row], expected[row] - 0.005, expected[row] + 0.005);
        }
    }

    [Fact]
    public void LogisticRegressionLearner_WithOtherThreadCounts_GivesTheSameWeights()
    {
        var (_, table, _) = Problem(2000);
        var learner = new LogisticRegressionLearner(
            "l", ModelTask.Multiclass, new LogisticOptions { L1Weight = 0.1 }, true, new Dictionary<string, string>());

        var one = (MulticlassLinearModel)learner.Train(table, "y", new TrainingOptions(1, null), TestContext.Current.CancellationToken);
        var four = (MulticlassLinearModel)learner.Train(table, "y", new TrainingOptions(4, null), TestContext.Current.CancellationToken);

        Assert.Equal(one.Weights.SelectMany(weights => weights), four.Weights.SelectMany(weights => weights));
    }

    private static TrainingSet Set(TableBatch table) => TrainingSet.Create(table, "y", ModelTask.Binary, true, null);

    private static (MLContext Context, TableBatch Table, IDataView Rows) Problem(int count)
    {
        var random = new Random(17);
        var rows = Enumerable.Range(0, count).Select(_ =>
        {
            var features = Enumerable.Range(0, 8).Select(_ => (float)random.NextDouble()).ToArray();
            var logit = (6 * features[0]) - (4 * features[1]) + (8 * (features[2] - 0.5) * (features[3] - 0.5)) - 1;
            return new Row { Features = features, Label = random.NextDouble() < 1 / (1 + Math.Exp(-logit)) };
        }).ToArray();
        TableField[] fields = [.. Enumerable.Range(0, 8).Select(column => Tables.Number($"x{column}")), Tables.Truth("y")];
        var table = Tables.Of(fields, count, row => [.. rows[row].Features.Select(value => (object?)(double)value), rows[row].Label]);
        var context = new MLContext(1);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 8);
        return (context, table, context.Data.LoadFromEnumerable(rows, schema));
    }

    private sealed class Row
    {
        public bool Label;
        public float[] Features = [];
    }
}
