using System.Collections.Immutable;

namespace Auspex.Experiments.Evaluation;

/// <summary>Rows whose probability lies in a tenth, and the metrics of a threshold at its lower end.</summary>
/// <param name="Above">The lower end, not included (the last bin includes 0).</param>
/// <param name="UpTo">The upper end, included.</param>
/// <param name="PositiveExamples">Positive rows in the bin.</param>
/// <param name="NegativeExamples">Negative rows in the bin.</param>
/// <param name="FractionAboveThreshold">The part of all rows above the lower end.</param>
/// <param name="Accuracy">Of the threshold; NaN where not defined, as all that follow.</param>
/// <param name="F1Score">Of the threshold.</param>
/// <param name="Precision">Of the threshold.</param>
/// <param name="Recall">Of the threshold.</param>
/// <param name="NegativePrecision">Precision of the negative class.</param>
/// <param name="NegativeRecall">Recall of the negative class.</param>
/// <param name="CumulativeAuc">The area under the ROC curve up to here.</param>
public sealed record ScoreBin(
    double Above,
    double UpTo,
    long PositiveExamples,
    long NegativeExamples,
    double FractionAboveThreshold,
    double Accuracy,
    double F1Score,
    double Precision,
    double Recall,
    double NegativePrecision,
    double NegativeRecall,
    double CumulativeAuc)
{
    private const int Count = 10;

    /// <summary>The ten bins, highest scores first.</summary>
    public static ImmutableArray<ScoreBin> Of(BinaryCurve curve)
    {
        var bins = ImmutableArray.CreateBuilder<ScoreBin>(Count);
        var (at, area) = (0, 0.0);
        CurvePoint before = new(double.PositiveInfinity, 0, 0), last = before;
        for (var bin = Count - 1; bin >= 0; bin--)
        {
            var above = bin / (double)Count;
            var first = last;
            while (at < curve.Points.Length && (curve.Points[at].Threshold > above || bin == 0))
            {
                before = last;
                last = curve.Points[at++];
                area += (double)(last.FalsePositives - before.FalsePositives) * (last.TruePositives + before.TruePositives) / 2;
            }

            double all = curve.Positives + curve.Negatives;
            double truePositives = last.TruePositives, falsePositives = last.FalsePositives;
            var falseNegatives = curve.Positives - truePositives;
            var trueNegatives = curve.Negatives - falsePositives;
            bins.Add(new ScoreBin(
                above,
                (bin + 1) / (double)Count,
                last.TruePositives - first.TruePositives,
                last.FalsePositives - first.FalsePositives,
                (truePositives + falsePositives) / all,
                (truePositives + trueNegatives) / all,
                2 * truePositives / ((2 * truePositives) + falsePositives + falseNegatives),
                truePositives / (truePositives + falsePositives),
                truePositives / curve.Positives,
                trueNegatives / (trueNegatives + falseNegatives),
                trueNegatives / curve.Negatives,
                area / ((double)curve.Positives * curve.Negatives)));
        }

        return bins.MoveToImmutable();
    }
}
