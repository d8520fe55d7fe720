namespace Auspex.Experiments.Training.Trees;

/// <summary>Chooses the thresholds between which a number column's values are not told apart.</summary>
internal static class BinBoundaries
{
    // Enough for 255 bins of hundreds of values each; sorting more buys nothing.
    private const int MostSampled = 200_000;

    /// <summary>Thresholds, ascending and finite: each bin holds about as many rows, and a frequent value one of its own.</summary>
    /// <param name="values">The column; NaN is left out.</param>
    /// <param name="mostBins">Bins to make, at least 2.</param>
    public static float[] Find(ReadOnlySpan<float> values, int mostBins)
    {
        var step = Math.Max(1, (values.Length + MostSampled - 1) / MostSampled);
        var sample = new float[((values.Length - 1) / step) + 1];
        var count = 0;
        for (var i = 0; i < values.Length; i += step)
        {
            if (!float.IsNaN(values[i]))
            {
                // Adding zero makes 0 and -0 one value.
                sample[count++] = values[i] + 0f;
            }
        }

        FloatOrder.Sort(sample.AsSpan(0, count));
        var (distinct, counts) = Distinct(sample.AsSpan(0, count));
        return distinct.Count <= mostBins ? Between(distinct) : Quantiles(distinct, counts, count, mostBins);
    }

    private static (List<float> Values, List<int> Counts) Distinct(ReadOnlySpan<float> sorted)
    {
        var values = new List<float>();
        var counts = new List<int>();
        foreach (var value in sorted)
        {
            if (values.Count > 0 && values[^1] == value)
            {
                counts[^1]++;
            }
            else
            {
                values.Add(value);
                counts.Add(1);
            }
        }

        return (values, counts);
    }

    private static float[] Between(List<float> values)
    {
        var thresholds = new float[Math.Max(0, values.Count - 1)];
        for (var i = 0; i < thresholds.Length; i++)
        {
            thresholds[i] = Middle(values[i], values[i + 1]);
        }

        return thresholds;
    }

    private static float[] Quantiles(List<float> values, List<int> counts, int total, int mostBins)
    {
        // Values that would fill a bin alone get one; the rest is shared evenly among the bins that remain.
        var even = (double)total / mostBins;
        var frequent = counts.Count(count => count >= even);
        var restRows = (double)total - counts.Where(count => count >= even).Sum();
        var restBins = mostBins - frequent;
        var size = restBins > 0 ? restRows / restBins : double.PositiveInfinity;

        var thresholds = new List<float>(mostBins - 1);
        var inBin = 0;
        for (var i = 0; i < values.Count - 1 && thresholds.Count < mostBins - 1; i++)
        {
            var isFrequent = counts[i] >= even;
            inBin += counts[i];
            if (!isFrequent)
            {
                restRows -= counts[i];
            }

            // A bin ends when it is full, and before and after a frequent value.
            if (isFrequent || inBin >= size || (counts[i + 1] >= even && inBin >= Math.Max(1, size / 2)))
            {
                thresholds.Add(Middle(values[i], values[i + 1]));
                inBin = 0;
                if (!isFrequent && --restBins > 0)
                {
                    size = restRows / restBins;
                }
            }
        }

        return [.. thresholds];
    }

    // At least low and below high, so that "greater than" tells the two apart; finite also beside an infinity.
    private static float Middle(float low, float high)
    {
        var middle = (low * 0.5f) + (high * 0.5f);
        if (middle >= low && middle < high && float.IsFinite(middle))
        {
            return middle;
        }

        return float.IsFinite(low) ? low : float.MinValue;
    }
}
