namespace Auspex.Experiments.Training.Trees;

/// <summary>A way to divide a leaf's rows by one column.</summary>
/// <param name="Column">Index among the binned columns; -1 for no split.</param>
/// <param name="Bin">Number: the last bin that goes left. Level: the one that goes right.</param>
/// <param name="MissingRight">Number: whether rows without one go right.</param>
/// <param name="Gain">How much the loss falls, in its second-order approximation.</param>
/// <param name="Right">Gradients of the rows that go right.</param>
internal readonly record struct Split(int Column, int Bin, bool MissingRight, double Gain, long Right)
{
    public static Split None => new(-1, 0, false, 0, 0);
}

/// <summary>Finds the best split of a column by its histogram.</summary>
internal sealed class SplitSearch(Gradients gradients, int leafRows)
{
    /// <summary>The best split of one column, or none. Ties go to the lower bin, so that the result does not depend on chance.</summary>
    public Split Best(int index, BinnedColumn column, ReadOnlySpan<long> bins, long total) =>
        column.Thresholds is null ? BestLevel(index, bins, total) : BestThreshold(index, column, bins, total);

    // By row count, as in least squares, and not by curvature: measured to rank better (docs/adr/0007).
    private double Score(long sum)
    {
        var first = gradients.FirstOf(sum);
        return first * first / gradients.Count(sum);
    }

    private bool IsLarge(long sum) => gradients.Count(sum) >= leafRows;

    private Split BestThreshold(int index, BinnedColumn column, ReadOnlySpan<long> bins, long total)
    {
        var missing = bins[^1];
        var anyMissing = column.HasMissing && gradients.Count(missing) > 0;
        var parent = Score(total);
        var best = Split.None with { Column = index };
        var below = 0L;
        for (var bin = 0; bin < bins.Length - 2; bin++)
        {
            if (bins[bin] == 0)
            {
                continue;
            }

            below += bins[bin];
            Try(ref best, bin, below + missing, missingRight: false);
            if (anyMissing)
            {
                Try(ref best, bin, below, missingRight: true);
            }
        }

        if (anyMissing)
        {
            // All numbers left, those without one right: being missing may tell something by itself.
            Try(ref best, bins.Length - 2, total - missing, missingRight: true);
        }

        if (best.Gain <= 0)
        {
            return Split.None;
        }

        // Where no row is without a number, such rows will follow the greater part.
        return anyMissing
            ? best
            : best with { MissingRight = gradients.Count(best.Right) > gradients.Count(total - best.Right) };

        void Try(ref Split best, int bin, long left, bool missingRight)
        {
            var right = total - left;
            if (!IsLarge(left) || !IsLarge(right))
            {
                return;
            }

            var gain = Score(left) + Score(right) - parent;
            if (gain > best.Gain)
            {
                best = new Split(index, bin, missingRight, gain, right);
            }
        }
    }

    private Split BestLevel(int index, ReadOnlySpan<long> bins, long total)
    {
        var parent = Score(total);
        var best = Split.None;
        for (var bin = 0; bin < bins.Length - 1; bin++)
        {
            var right = bins[bin];
            var left = total - right;
            if (!IsLarge(right) || !IsLarge(left))
            {
                continue;
            }

            var gain = Score(left) + Score(right) - parent;
            if (gain > best.Gain)
            {
                best = new Split(index, bin, false, gain, right);
            }
        }

        return best;
    }
}
