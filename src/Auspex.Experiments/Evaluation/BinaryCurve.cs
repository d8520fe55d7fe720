using System.Collections.Immutable;

namespace Auspex.Experiments.Evaluation;

/// <summary>Rows at or above a threshold, of all rows sorted by descending score.</summary>
/// <param name="Threshold">The score.</param>
/// <param name="TruePositives">Positive rows at or above it.</param>
/// <param name="FalsePositives">Negative rows at or above it.</param>
public readonly record struct CurvePoint(double Threshold, long TruePositives, long FalsePositives);

/// <summary>The counts that ROC, precision/recall and lift are drawn from, one point per distinct score.</summary>
public sealed class BinaryCurve
{
    private BinaryCurve(ImmutableArray<CurvePoint> points, long positives, long negatives, double auc)
    {
        Points = points;
        Positives = positives;
        Negatives = negatives;
        Auc = auc;
    }

    /// <summary>By descending threshold; the last one counts all rows.</summary>
    public ImmutableArray<CurvePoint> Points { get; }

    /// <summary>Positive rows.</summary>
    public long Positives { get; }

    /// <summary>Negative rows.</summary>
    public long Negatives { get; }

    /// <summary>The area under the ROC curve by trapezoids, exact with ties; NaN where one class has no row.</summary>
    public double Auc { get; }

    /// <summary>Sorts the rows and counts.</summary>
    public static BinaryCurve Compute(ReadOnlySpan<bool> isPositive, ReadOnlySpan<double> scores)
    {
        var keys = scores.ToArray();
        var flags = isPositive.ToArray();
        Array.Sort(keys, flags);
        var points = ImmutableArray.CreateBuilder<CurvePoint>();
        long positives = 0, negatives = 0;

        // Twice the pairs in order, so that ties, which count half, stay whole numbers.
        Int128 pairs = 0;
        for (var i = keys.Length - 1; i >= 0;)
        {
            var threshold = keys[i];
            long positivesHere = 0, negativesHere = 0;
            for (; i >= 0 && keys[i].Equals(threshold); i--)
            {
                _ = flags[i] ? positivesHere++ : negativesHere++;
            }

            pairs += (Int128)negativesHere * ((2 * positives) + positivesHere);
            positives += positivesHere;
            negatives += negativesHere;
            points.Add(new CurvePoint(threshold, positives, negatives));
        }

        var auc = positives > 0 && negatives > 0 ? (double)pairs / (2.0 * positives * negatives) : double.NaN;
        return new BinaryCurve(points.ToImmutable(), positives, negatives, auc);
    }

    /// <summary>At most so many of the points, evenly spread, the last one always among them.</summary>
    public ImmutableArray<CurvePoint> Thin(int most)
    {
        if (Points.Length <= most)
        {
            return Points;
        }

        var thinned = ImmutableArray.CreateBuilder<CurvePoint>(most);
        for (var i = 1; i <= most; i++)
        {
            thinned.Add(Points[(int)((long)Points.Length * i / most) - 1]);
        }

        return thinned.MoveToImmutable();
    }
}
