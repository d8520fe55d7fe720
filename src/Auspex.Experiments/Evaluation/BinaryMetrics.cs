using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Evaluation;

/// <summary>Metrics of a two-class model's probabilities.</summary>
public sealed record BinaryMetrics : ModelMetrics
{
    // Keeps the loss of a sure and wrong prediction finite.
    internal const double LeastProbability = 1e-15;

    /// <inheritdoc/>
    public override ModelTask Task => ModelTask.Binary;

    /// <summary>The label that counts as positive, as text; empty where it is not known.</summary>
    public string PositiveLabel { get; init; } = "";

    /// <summary>The other label, as text; empty where it is not known.</summary>
    public string NegativeLabel { get; init; } = "";

    /// <summary>Positive rows with a probability above 0.5.</summary>
    public required long TruePositives { get; init; }

    /// <summary>Positive rows with a probability of at most 0.5.</summary>
    public required long FalseNegatives { get; init; }

    /// <summary>Negative rows with a probability above 0.5.</summary>
    public required long FalsePositives { get; init; }

    /// <summary>Negative rows with a probability of at most 0.5.</summary>
    public required long TrueNegatives { get; init; }

    /// <summary>The part of rows on the right side of 0.5.</summary>
    public double Accuracy => (double)(TruePositives + TrueNegatives) / Rows;

    /// <summary>The part of predicted positives that are positive; NaN where none is predicted.</summary>
    public double Precision => (double)TruePositives / (TruePositives + FalsePositives);

    /// <summary>The part of positives that are predicted so; NaN where there is none.</summary>
    public double Recall => (double)TruePositives / (TruePositives + FalseNegatives);

    /// <summary>The harmonic mean of precision and recall; NaN where nothing is positive.</summary>
    public double FScore => 2.0 * TruePositives / ((2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>The part of pairs of a positive and a negative row that are in order, ties counting half; NaN for one class.</summary>
    public required double Auc { get; init; }

    /// <summary>What ROC, precision/recall and lift are drawn from; null where the metrics were not computed from rows.</summary>
    public BinaryCurve? Curve { get; init; }

    /// <summary>Mean of -ln of the true class's probability.</summary>
    public required double AverageLogLoss { get; init; }

    /// <summary>How much better than always predicting the part of positives, in percent; negative where worse; NaN for one class.</summary>
    public required double TrainingLogLoss { get; init; }

    /// <inheritdoc/>
    public override ImmutableArray<Metric> Values =>
    [
        new("Accuracy", Accuracy),
        new("Precision", Precision),
        new("Recall", Recall),
        new("F-Score", FScore),
        new("AUC", Auc),
        new("Average Log Loss", AverageLogLoss),
        new("Training Log Loss", TrainingLogLoss),
    ];

    /// <summary>Computes the metrics of probabilities, row by row beside whether the row is positive.</summary>
    public static BinaryMetrics Compute(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> probabilities)
    {
        long truePositives = 0, falseNegatives = 0, falsePositives = 0, trueNegatives = 0;
        var loss = 0.0;
        for (var i = 0; i < isPositive.Length; i++)
        {
            var claimed = probabilities[i] > 0.5;
            _ = isPositive[i]
                ? claimed ? truePositives++ : falseNegatives++
                : claimed ? falsePositives++ : trueNegatives++;
            var ofTruth = isPositive[i] ? probabilities[i] : 1 - probabilities[i];
            loss -= Math.Log(Math.Clamp(ofTruth, LeastProbability, 1));
        }

        var curve = BinaryCurve.Compute(isPositive, probabilities);
        var average = loss / isPositive.Length;
        var prior = (double)(truePositives + falseNegatives) / isPositive.Length;
        var entropy = prior is 0 or 1 ? 0 : -(prior * Math.Log(prior)) - ((1 - prior) * Math.Log(1 - prior));
        return new BinaryMetrics
        {
            Rows = isPositive.Length,
            TruePositives = truePositives,
            FalseNegatives = falseNegatives,
            FalsePositives = falsePositives,
            TrueNegatives = trueNegatives,
            Auc = curve.Auc,
            Curve = curve,
            AverageLogLoss = average,
            TrainingLogLoss = entropy > 0 ? 100 * (entropy - average) / entropy : double.NaN,
        };
    }

    internal static BinaryMetrics Evaluate(TableBatch scored, int label, int scoredLabels, int probability)
    {
        var pairs = LabelPairs.Read(scored, label, scoredLabels);
        if (pairs.Labels.Length == 0)
        {
            throw NoRows(scored.RowCount);
        }

        if (pairs.Classes.Length > 2)
        {
            throw new ModuleException(
                58, $"Label column '{scored.Schema.Fields[label].Name}' and the predicted labels have {pairs.Classes.Length} distinct values; "
                + "a two-class model is evaluated on the two that it was trained with.");
        }

        if (scored.Columns[probability] is not DoubleColumn probabilities)
        {
            throw new ModuleException(25, $"Column '{scored.Schema.Fields[probability].Name}' holds no probabilities; expected doubles.");
        }

        double[] values = [.. pairs.Rows.Select(row => probabilities.IsNull(row) ? double.NaN : probabilities.Values[row])];
        if (Array.Exists(values, value => value is < 0 or > 1))
        {
            // Scores of a detector without bounds, anomalies above 0: their order stays, and 0 becomes a half.
            values = Array.ConvertAll(values, value => 1 / (1 + Math.Exp(-value)));
        }

        var positive = Positive(pairs, values);
        bool[] isPositive = [.. pairs.Labels.Select(index => index == positive)];
        var negative = pairs.Classes.Length == 2 || positive != 0 ? 1 - positive : -1;
        return Compute(isPositive, values) with
        {
            PositiveLabel = positive < pairs.Classes.Length ? pairs.Classes[positive] : "",
            NegativeLabel = negative >= 0 ? pairs.Classes[negative] : "",
        };
    }

    // Of two values the second is positive. Where rows and predictions all have one value, the probabilities tell which it is.
    private static int Positive(LabelPairs pairs, double[] probabilities) =>
        pairs.Classes.Length == 2 || !(probabilities[0] > 0.5) ? 1 : 0;
}
