using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Evaluation;

/// <summary>Metrics of predicted ranks; a rank's number is its place among the ranks of labels and predictions, from 1.</summary>
public sealed record OrdinalMetrics : ModelMetrics
{
    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Ordinal;

    /// <summary>The part of rows whose rank is predicted wrong.</summary>
    public required double MeanZeroOneError { get; init; }

    /// <summary>Mean of how many ranks the prediction is away.</summary>
    public required double MeanAbsoluteError { get; init; }

    /// <summary>Root of the mean of the squares of that.</summary>
    public required double RootMeanSquaredError { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<Metric> Values =>
    [
        new("Mean Zero One Error", MeanZeroOneError),
        new("Mean Absolute Error", MeanAbsoluteError),
        new("Root Mean Squared Error", RootMeanSquaredError),
    ];

    internal static OrdinalMetrics Evaluate(TableBatch scored, int label, int predicted)
    {
        var pairs = LabelPairs.Read(scored, label, predicted);
        var rows = pairs.Labels.Length;
        if (rows == 0)
        {
            throw NoRows(scored.RowCount);
        }

        double wrong = 0, absolute = 0, squared = 0;
        for (var i = 0; i < rows; i++)
        {
            var error = Math.Abs(pairs.Labels[i] - pairs.Predictions[i]);
            wrong += error > 0 ? 1 : 0;
            absolute += error;
            squared += (double)error * error;
        }

        return new OrdinalMetrics
        {
            Rows = rows,
            MeanZeroOneError = wrong / rows,
            MeanAbsoluteError = absolute / rows,
            RootMeanSquaredError = Math.Sqrt(squared / rows),
        };
    }
}
