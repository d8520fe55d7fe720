namespace Auspex.Experiments.Modules.Statistics;

/// <summary>Inner edges of bins, ascending and distinct.</summary>
internal static class BinEdges
{
    /// <summary>The quantiles at k of so many parts; equal ones make one edge, and one at the greatest value makes none.</summary>
    public static double[] Quantiles(double[] present, int bins)
    {
        var moments = new ColumnMoments(present);
        return Inner(Enumerable.Range(1, bins - 1).Select(k => moments.Quantile((double)k / bins)), moments.Max);
    }

    /// <summary>Edges at equal distances between the least and the greatest value.</summary>
    public static double[] EqualWidth(double[] present, int bins)
    {
        var moments = new ColumnMoments(present);
        var width = (moments.Max - moments.Min) / bins;
        return double.IsFinite(width) && width > 0
            ? Inner(Enumerable.Range(1, bins - 1).Select(k => moments.Min + (k * width)), moments.Max)
            : [];
    }

    /// <summary>Edges from a first to a last one, so far apart; the last one is always there.</summary>
    public static double[] Stepped(double first, double width, double last)
    {
        var steps = (int)Math.Ceiling(((last - first) / width) - 1e-9);
        return [.. Enumerable.Range(0, steps).Select(k => first + (k * width)), last];
    }

    /// <summary>
    /// The cuts that tell classes apart, after Fayyad and Irani (1993): the best cut is kept while it pays for its description, and
    /// each side is cut again. At most so many bins.
    /// </summary>
    public static double[] Entropy(double[] values, int[] classes, int bins)
    {
        Array.Sort(values, classes);
        var count = classes.Length == 0 ? 0 : classes.Max() + 1;
        var edges = new List<(double Edge, double Gain)>();
        var open = new Stack<(int Start, int End)>([(0, values.Length)]);
        while (open.TryPop(out var range))
        {
            if (Cut(values, classes, count, range.Start, range.End) is var (at, gain))
            {
                edges.Add((values[at - 1] + ((values[at] - values[at - 1]) / 2), gain * (range.End - range.Start)));
                open.Push((range.Start, at));
                open.Push((at, range.End));
            }
        }

        return [.. edges.OrderByDescending(edge => edge.Gain).Take(bins - 1).Select(edge => edge.Edge).Order().Distinct()];
    }

    private static (int At, double Gain)? Cut(double[] values, int[] classes, int count, int start, int end)
    {
        var right = new int[count];
        for (var i = start; i < end; i++)
        {
            right[classes[i]]++;
        }

        var rows = end - start;
        var whole = Entropy(right, rows);
        var left = new int[count];
        var (best, bestGain, bestLeft, bestRight) = (-1, 0.0, (int[])[], (int[])[]);
        for (var i = start + 1; i < end; i++)
        {
            left[classes[i - 1]]++;
            right[classes[i - 1]]--;
            if (values[i].Equals(values[i - 1]))
            {
                continue;
            }

            var gain = whole - ((((i - start) * Entropy(left, i - start)) + ((end - i) * Entropy(right, end - i))) / rows);
            if (gain > bestGain)
            {
                (best, bestGain, bestLeft, bestRight) = (i, gain, [.. left], [.. right]);
            }
        }

        if (best < 0)
        {
            return null;
        }

        var (k, k1, k2) = (Kinds(bestLeft.Zip(bestRight, (a, b) => a + b)), Kinds(bestLeft), Kinds(bestRight));
        var delta = Math.Log2(Math.Pow(3, k) - 2)
            - ((k * whole) - (k1 * Entropy(bestLeft, best - start)) - (k2 * Entropy(bestRight, end - best)));
        return bestGain > (Math.Log2(rows - 1) + delta) / rows ? (best, bestGain) : null;

        static int Kinds(IEnumerable<int> counts) => counts.Count(number => number > 0);
    }

    private static double Entropy(int[] counts, int rows)
    {
        var entropy = 0.0;
        foreach (var count in counts)
        {
            if (count > 0)
            {
                var part = (double)count / rows;
                entropy -= part * Math.Log2(part);
            }
        }

        return entropy;
    }

    private static double[] Inner(IEnumerable<double> edges, double greatest) =>
        [.. edges.Where(edge => !double.IsNaN(edge) && edge < greatest).Distinct()];
}
