using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Evaluation;

/// <summary>How well rows fall into clusters, by one number.</summary>
internal static class ClusterQuality
{
    public const string Silhouette = "Simplified Silhouette";
    public const string DaviesBouldin = "Davies-Bouldin";
    public const string Dunn = "Dunn";
    public const string Deviation = "Average Deviation";

    /// <summary>Whether a greater number is a better one.</summary>
    public static bool GreaterIsBetter(string metric) => metric is Silhouette or Dunn;

    /// <summary>The metric; NaN where the rows do not define it.</summary>
    /// <param name="metric">One of the four.</param>
    /// <param name="model">The clusters.</param>
    /// <param name="scored">What the model gave for its training rows.</param>
    public static double Measure(string metric, CentroidModel model, TableBatch scored)
    {
        var metrics = ClusterMetrics.Evaluate(scored) ?? throw new InvalidOperationException("The scored table has no clusters.");
        int[] filled = [.. Enumerable.Range(0, metrics.Counts.Length).Where(cluster => metrics.Counts[cluster] > 0)];
        return metric switch
        {
            Deviation => metrics.Own.Sum() / metrics.Counts.Sum(),
            Silhouette => metrics.Silhouette / metrics.Counts.Sum(),
            DaviesBouldin => MeanOverlap(model, metrics, filled),
            _ => LeastGap(model, filled) / (2 * metrics.Farthest.Max()),
        };
    }

    // Davies and Bouldin 1979: for each cluster the worst ratio of spreads to the distance of the centres.
    private static double MeanOverlap(CentroidModel model, ClusterMetrics metrics, int[] filled)
    {
        if (filled.Length < 2)
        {
            return double.NaN;
        }

        return filled.Average(one => filled.Where(other => other != one).Max(other =>
            (Spread(one) + Spread(other)) / Distance(model, one, other)));

        double Spread(int cluster) => metrics.Own[cluster] / metrics.Counts[cluster];
    }

    // Dunn 1974, by centres: the least distance between two, by the greatest diameter.
    private static double LeastGap(CentroidModel model, int[] filled) => filled.Length < 2
        ? double.NaN
        : filled.Min(one => filled.Where(other => other != one).Min(other => Distance(model, one, other)));

    private static double Distance(CentroidModel model, int one, int other)
    {
        var (left, right) = (model.Centers[one], model.Centers[other]);
        double dot = 0, square = 0, ofLeft = 0, ofRight = 0;
        for (var slot = 0; slot < left.Length; slot++)
        {
            dot += left[slot] * right[slot];
            ofLeft += left[slot] * left[slot];
            ofRight += right[slot] * right[slot];
            square += (left[slot] - right[slot]) * (left[slot] - right[slot]);
        }

        return model.Metric == ClusterMetric.Euclidean ? Math.Sqrt(square)
            : ofLeft == 0 || ofRight == 0 ? 1
            : Math.Max(0, 1 - (dot / Math.Sqrt(ofLeft * ofRight)));
    }
}
