using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Training.Tuning;

namespace Auspex.Experiments.Modules;

/// <summary>
/// Studio's "Permutation Feature Importance": how much worse a model is on test rows once one column's values are shuffled.
/// </summary>
internal sealed class PermutationFeatureImportanceModule : IModule
{
    private const string ModelPort = "Trained model";
    private const string DataPort = "Test data";
    private const string Seed = "Random seed";
    private const string Metric = "Metric for measuring performance";
    private const string Classification = "Classification - ";
    private const string Regression = "Regression - ";

    public ModuleDescriptor Descriptor { get; } = new()
    {
        Name = "Permutation Feature Importance",
        Category = "Feature Selection",
        FamilyId = "2e010ee4714e44e9933e62d8c41818a9",
        Inputs = [new(ModelPort, PortType.ILearner), Declare.Dataset(DataPort)],
        Outputs = [Declare.Dataset("Feature importance")],
        Parameters =
        [
            Declare.Integer(Seed, "0", 0),
            Declare.Choice(
                Metric,
                "Classification - Accuracy",
                [
                    "Classification - Accuracy", "Classification - Precision", "Classification - Recall",
                    "Classification - Average Log Loss", "Regression - Mean Absolute Error", "Regression - Root Mean Squared Error",
                    "Regression - Relative Absolute Error", "Regression - Relative Squared Error",
                    "Regression - Coefficient of Determination",
                ]),
        ],
    };

    public Task RunAsync(ModuleContext context, CancellationToken cancellationToken)
    {
        var model = context.Get<PortValue>(ModelPort) switch
        {
            ModelValue value => value.Model,
            LearnerValue value => throw new ModuleException(
                12, $"Input port '{ModelPort}' holds {value.Learner.Name} untrained; put Train Model between the two."),
            var other => throw new ModuleException(3, $"Input port '{ModelPort}' holds {other.Kind}; expected a trained model."),
        };
        var table = context.Table(DataPort);
        var metric = Chosen(context.Parameters.Choice(Metric), model);
        if (table.RowCount == 0)
        {
            throw new ModuleException(21, "The test data have no rows; at least one is needed to measure the model.");
        }

        if (table.Schema.IndexOf(model.Label.Name) < 0)
        {
            throw new ModuleException(
                24, $"The test data have no column '{model.Label.Name}', which the model predicts; connect rows whose label is known.");
        }

        if (model.Features.Fields.IsEmpty)
        {
            throw new ModuleException(47, "The model uses no columns, so none can be of importance; connect one that was trained with features.");
        }

        var random = context.Random(Seed);
        var bound = model.Bind(table.Schema, appendScores: false);
        var whole = metric.Of(ModelMetrics.Evaluate(bound.Apply(table)));
        var features = model.Features.Fields;
        var scores = CrossValidation.ForEach(
            features.Length,
            context.Services.Threads,
            (feature, _) =>
            {
                cancellationToken.ThrowIfCancellationRequested();
                var shuffled = metric.Of(ModelMetrics.Evaluate(bound.Apply(
                    Shuffle(table, table.Schema.IndexOf(features[feature].Name), new SeededRandom(unchecked((random.Seed * 31) + feature + 1))))));
                return metric.IsError ? shuffled - whole : whole - shuffled;
            },
            cancellationToken);
        context.Set("Feature importance", Table(features, scores));
        return Task.CompletedTask;
    }

    private ChosenMetric Chosen(string choice, TrainedModel model)
    {
        var ofClasses = choice.StartsWith(Classification, StringComparison.Ordinal);
        if (ChosenMetric.HasClasses(model.Task, 62, Descriptor.Name) != ofClasses)
        {
            throw new ModuleException(
                62, $"'{Metric}' is '{choice}', and the model's task is {model.Task}; choose a metric of that task.");
        }

        return ofClasses ? ChosenMetric.OfClasses(choice[Classification.Length..]) : ChosenMetric.OfNumbers(choice[Regression.Length..]);
    }

    private static TableBatch Shuffle(TableBatch table, int column, SeededRandom random)
    {
        int[] rows = [.. Enumerable.Range(0, table.RowCount)];
        random.Shuffle<int>(rows);
        return new TableBatch(table.Schema, table.Columns.SetItem(column, table.Columns[column].Take(rows)), table.RowCount);
    }

    private static TableBatch Table(ImmutableArray<TableField> features, double[] scores)
    {
        var table = new TableBatchBuilder(
            new TableSchema([new() { Name = "Feature", Type = ColumnType.String }, new() { Name = "Score", Type = ColumnType.Double }]),
            scores.Length);
        foreach (var feature in Enumerable.Range(0, scores.Length).OrderByDescending(i => double.IsNaN(scores[i]) ? double.NegativeInfinity : scores[i]))
        {
            table.AppendRow(features[feature].Name, double.IsNaN(scores[feature]) ? null : scores[feature]);
        }

        return table.Build();
    }
}
