using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Evaluation;

/// <summary>Metrics of predicted classes.</summary>
public sealed record MulticlassMetrics : ModelMetrics
{
    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Multiclass;

    /// <summary>The classes of labels and predictions, in order.</summary>
    public required ImmutableArray<string> Classes { get; init; }

    /// <summary>Rows by actual class, then by predicted class.</summary>
    public required ImmutableArray<ImmutableArray<long>> Confusion { get; init; }

    /// <summary>The part of rows that are predicted right; micro-averaged precision and recall equal it.</summary>
    public required double OverallAccuracy { get; init; }

    /// <summary>The mean over the classes of the accuracy of "this class or not".</summary>
    public required double AverageAccuracy { get; init; }

    /// <summary>The mean over the classes of precision; 0 for a class that is never predicted.</summary>
    public required double MacroPrecision { get; init; }

    /// <summary>The mean over the classes of recall; 0 for a class that no row has.</summary>
    public required double MacroRecall { get; init; }

    /// <summary>Mean of -ln of the true class's probability; NaN where the table has no probabilities. Not among <see cref="Values"/>.</summary>
    public double AverageLogLoss { get; init; } = double.NaN;

    /// <inheritdoc/>
    public override ImmutableArray<Metric> Values =>
    [
        new("Overall accuracy", OverallAccuracy),
        new("Average accuracy", AverageAccuracy),
        new("Micro-averaged precision", OverallAccuracy),
        new("Macro-averaged precision", MacroPrecision),
        new("Micro-averaged recall", OverallAccuracy),
        new("Macro-averaged recall", MacroRecall),
    ];

    internal static MulticlassMetrics Evaluate(TableBatch scored, int label, int predicted)
    {
        var pairs = LabelPairs.Read(scored, label, predicted);
        var classes = pairs.Classes.Length;
        var counts = new long[classes, classes];
        for (var i = 0; i < pairs.Labels.Length; i++)
        {
            counts[pairs.Labels[i], pairs.Predictions[i]]++;
        }

        var rows = (double)pairs.Labels.Length;
        if (rows == 0)
        {
            throw NoRows(scored.RowCount);
        }

        double right = 0, accuracies = 0, precisions = 0, recalls = 0;
        for (var i = 0; i < classes; i++)
        {
            double actual = 0, claimed = 0;
            for (var j = 0; j < classes; j++)
            {
                actual += counts[i, j];
                claimed += counts[j, i];
            }

            var hits = counts[i, i];
            right += hits;
            accuracies += (rows - actual - claimed + (2 * hits)) / rows;
            precisions += claimed > 0 ? hits / claimed : 0;
            recalls += actual > 0 ? hits / actual : 0;
        }

        return new MulticlassMetrics
        {
            Rows = pairs.Labels.Length,
            Classes = pairs.Classes,
            Confusion =
            [
                .. Enumerable.Range(0, classes).Select(i => Enumerable.Range(0, classes).Select(j => counts[i, j]).ToImmutableArray()),
            ],
            OverallAccuracy = right / rows,
            AverageAccuracy = accuracies / classes,
            MacroPrecision = precisions / classes,
            MacroRecall = recalls / classes,
            AverageLogLoss = LogLoss(scored, pairs),
        };
    }

    private static double LogLoss(TableBatch scored, LabelPairs pairs)
    {
        // A class that the model does not know has no column, and no probability.
        var probabilities = pairs.Classes
            .Select(name => scored.Schema.IndexOf(ScoreNames.ProbabilityOf(name)))
            .Select(index => index < 0 ? null : scored.Columns[index] as DoubleColumn)
            .ToArray();
        if (probabilities.All(column => column is null))
        {
            return double.NaN;
        }

        var loss = 0.0;
        for (var i = 0; i < pairs.Labels.Length; i++)
        {
            var column = probabilities[pairs.Labels[i]];
            var probability = column is null || column.IsNull(pairs.Rows[i]) ? 0 : column.Values[pairs.Rows[i]];
            loss -= Math.Log(Math.Clamp(probability, BinaryMetrics.LeastProbability, 1));
        }

        return loss / pairs.Labels.Length;
    }
}
