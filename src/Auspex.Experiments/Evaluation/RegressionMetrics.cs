using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Evaluation;

/// <summary>Metrics of predicted numbers.</summary>
public sealed record RegressionMetrics : ModelMetrics
{
    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Regression;

    /// <summary>Infinity unless the learner predicts a distribution.</summary>
    public double NegativeLogLikelihood { get; init; } = double.PositiveInfinity;

    /// <summary>Mean of absolute errors.</summary>
    public required double MeanAbsoluteError { get; init; }

    /// <summary>Root of the mean of squared errors.</summary>
    public required double RootMeanSquaredError { get; init; }

    /// <summary>Sum of absolute errors by that of always predicting the mean.</summary>
    public required double RelativeAbsoluteError { get; init; }

    /// <summary>Sum of squared errors by that of always predicting the mean.</summary>
    public required double RelativeSquaredError { get; init; }

    /// <summary>1 less the relative squared error; R2.</summary>
    public double CoefficientOfDetermination => 1 - RelativeSquaredError;

    /// <summary>The histogram of errors, prediction less label.</summary>
    public ImmutableArray<HistogramBar> Errors { get; init; } = [];

    /// <inheritdoc/>
    public override ImmutableArray<Metric> Values =>
    [
        new("Negative Log Likelihood", NegativeLogLikelihood),
        new("Mean Absolute Error", MeanAbsoluteError),
        new("Root Mean Squared Error", RootMeanSquaredError),
        new("Relative Absolute Error", RelativeAbsoluteError),
        new("Relative Squared Error", RelativeSquaredError),
        new("Coefficient of Determination", CoefficientOfDetermination),
    ];

    /// <summary>Computes the metrics of predictions, row by row beside the true numbers.</summary>
    public static RegressionMetrics Compute(ReadOnlySpan<double> labels, ReadOnlySpan<double> predictions)
    {
        var mean = 0.0;
        foreach (var label in labels)
        {
            mean += label;
        }

        mean /= labels.Length;
        double absolute = 0, squared = 0, absoluteOfMean = 0, squaredOfMean = 0;
        var errors = new double[labels.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            var error = predictions[i] - labels[i];
            errors[i] = error;
            var ofMean = labels[i] - mean;
            absolute += Math.Abs(error);
            squared += error * error;
            absoluteOfMean += Math.Abs(ofMean);
            squaredOfMean += ofMean * ofMean;
        }

        return new RegressionMetrics
        {
            Rows = labels.Length,
            Errors = HistogramBar.Of(errors),
            MeanAbsoluteError = absolute / labels.Length,
            RootMeanSquaredError = Math.Sqrt(squared / labels.Length),
            RelativeAbsoluteError = absoluteOfMean > 0 ? absolute / absoluteOfMean : double.NaN,
            RelativeSquaredError = squaredOfMean > 0 ? squared / squaredOfMean : double.NaN,
        };
    }

    internal static RegressionMetrics Evaluate(TableBatch scored, int label, int prediction, int deviation)
    {
        var field = scored.Schema.Fields[label];
        if (!field.IsNumeric || field.IsCategorical)
        {
            throw new ModuleException(58, $"Label column '{field.Name}' is no number column, and the scores are predicted numbers.");
        }

        var labels = new List<double>(scored.RowCount);
        var predictions = new List<double>(scored.RowCount);
        var likelihood = 0.0;
        for (var row = 0; row < scored.RowCount; row++)
        {
            if (Number(scored.Columns[label], row) is var truth && !double.IsNaN(truth)
                && Number(scored.Columns[prediction], row) is var predicted && !double.IsNaN(predicted))
            {
                labels.Add(truth);
                predictions.Add(predicted);
                likelihood += deviation < 0 ? double.PositiveInfinity : OfNormal(truth - predicted, Number(scored.Columns[deviation], row));
            }
        }

        return labels.Count > 0
            ? Compute([.. labels], [.. predictions]) with { NegativeLogLikelihood = likelihood / labels.Count }
            : throw NoRows(scored.RowCount);
    }

    // Certain predictions that are wrong would count infinitely; a distribution has some width.
    private static double OfNormal(double error, double deviation)
    {
        var variance = Math.Max(deviation * deviation, 1e-10);
        return 0.5 * (Math.Log(2 * Math.PI * variance) + (error * error / variance));
    }

    internal static double Number(Column column, int row) =>
        column.IsNull(row) ? double.NaN
        : column switch
        {
            DoubleColumn doubles => doubles.Values[row],
            Int64Column integers => integers.Values[row],
            _ => double.NaN,
        };
}
