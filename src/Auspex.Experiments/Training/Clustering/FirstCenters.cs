using Auspex.Experiments.Execution;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Training.Clustering;

/// <summary>Chooses the rows that centres begin at.</summary>
internal static class FirstCenters
{
    private const int LeastSample = 10_000;

    public static double[][] Choose(
        FeatureLayout layout, ClusterRows rows, KMeansOptions options, double[]? labels, Lloyd lloyd, SeededRandom random)
    {
        var count = options.Clusters;
        return options.Start switch
        {
            CenterStart.FirstRows => [.. Enumerable.Range(0, count).Select(lloyd.RowOf)],
            CenterStart.Evenly => [.. Enumerable.Range(0, count).Select(i => lloyd.RowOf((int)((long)i * rows.Count / count)))],
            CenterStart.Random => [.. Sample(rows.Count, count, random).Select(lloyd.RowOf)],
            CenterStart.ByLabel when labels is not null => ByLabel(layout, rows, options, labels, lloyd, random),
            CenterStart.PlusPlusOfSample => PlusPlus(
                layout, rows, options, [], Sample(rows.Count, Math.Min(rows.Count, Math.Max(LeastSample, 100 * count)), random), lloyd, random),
            _ => PlusPlus(layout, rows, options, [], [.. Enumerable.Range(0, rows.Count)], lloyd, random),
        };
    }

    // The best of some candidates each time, as the paper proposes: a little more work at the start, and tighter clusters.
    private static double[][] PlusPlus(
        FeatureLayout layout, ClusterRows rows, KMeansOptions options, List<double[]> centers, int[] among, Lloyd lloyd, SeededRandom random)
    {
        if (centers.Count == 0)
        {
            centers.Add(lloyd.RowOf(among[random.Next(among.Length)]));
        }

        var nearest = new double[among.Length];
        Array.Fill(nearest, double.PositiveInfinity);
        foreach (var center in centers)
        {
            nearest = Closer(nearest, center);
        }

        var trials = 2 + (int)Math.Log(options.Clusters);
        while (centers.Count < options.Clusters)
        {
            (double[] Center, double[] Nearest, double Cost)? best = null;
            for (var trial = 0; trial < trials; trial++)
            {
                var candidate = lloyd.RowOf(among[Draw(nearest, random)]);
                var then = Closer(nearest, candidate);
                var cost = then.Sum();
                if (best is null || cost < best.Value.Cost)
                {
                    best = (candidate, then, cost);
                }
            }

            centers.Add(best!.Value.Center);
            nearest = best.Value.Nearest;
        }

        return [.. centers];

        double[] Closer(double[] nearest, double[] center)
        {
            var distances = new CentroidDistances(layout, options.Metric, [center]);
            var slots = new int[rows.Columns];
            var values = new double[rows.Columns];
            var closer = new double[nearest.Length];
            for (var i = 0; i < among.Length; i++)
            {
                rows.Read(among[i], slots, values);
                closer[i] = Math.Min(nearest[i], distances.Measure(0, slots, values));
            }

            return closer;
        }
    }

    private static int Draw(double[] weights, SeededRandom random)
    {
        var at = random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            at -= weights[i];
            if (at < 0)
            {
                return i;
            }
        }

        // Every row is a centre already.
        return random.Next(weights.Length);
    }

    private static double[][] ByLabel(
        FeatureLayout layout, ClusterRows rows, KMeansOptions options, double[] labels, Lloyd lloyd, SeededRandom random)
    {
        var sums = new SortedDictionary<double, (double[] Sum, int Count)>();
        for (var row = 0; row < rows.Count; row++)
        {
            if (double.IsNaN(labels[row]))
            {
                continue;
            }

            var (sum, count) = sums.GetValueOrDefault(labels[row], (new double[layout.SlotCount], 0));
            var dense = lloyd.RowOf(row);
            for (var slot = 0; slot < sum.Length; slot++)
            {
                sum[slot] += dense[slot];
            }

            sums[labels[row]] = (sum, count + 1);
        }

        var centers = sums.Values.Take(options.Clusters).Select(entry => Array.ConvertAll(entry.Sum, value => value / entry.Count)).ToList();
        return centers.Count == options.Clusters
            ? [.. centers]
            : PlusPlus(layout, rows, options, centers, [.. Enumerable.Range(0, rows.Count)], lloyd, random);
    }

    private static int[] Sample(int rows, int count, SeededRandom random)
    {
        int[] all = [.. Enumerable.Range(0, rows)];
        for (var i = 0; i < count; i++)
        {
            var j = i + random.Next(rows - i);
            (all[i], all[j]) = (all[j], all[i]);
        }

        return all[..count];
    }
}
