using Auspex.Experiments.Execution;
using Auspex.Experiments.Training.Forests;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Jungles;

/// <summary>A node whose rows are to be divided among the nodes of the next layer.</summary>
internal sealed class JungleParent
{
    /// <summary>Its place among the nodes of the graph.</summary>
    public required int Node { get; init; }

    public required int[] Rows { get; init; }

    public required double[] Total { get; init; }

    public ForestSplit Split { get; set; }

    /// <summary>What its left rows add to the node that they go to.</summary>
    public double[] LeftSum { get; set; } = [];

    /// <summary>Which node of the next layer its left rows go to.</summary>
    public int Left { get; set; }

    /// <summary>Which node of the next layer its right rows go to.</summary>
    public int Right { get; set; }

    /// <summary>What its right rows add to the node that they go to.</summary>
    public double[] RightSum => [.. Total.Zip(LeftSum, (total, left) => total - left)];
}

/// <summary>
/// Decides where the rows of a layer go when there are fewer nodes to go to than ways: splits and ends are changed in turn
/// as long as that lessens the cost of the next layer (LSearch of Shotton and others 2013).
/// </summary>
internal sealed class JungleLayer(
    BinnedColumn[] columns, NodeStatistics statistics, List<JungleParent> parents, int children, SeededRandom random, CancellationToken cancellationToken)
{
    private readonly double[][] _sums = [.. Enumerable.Range(0, children).Select(_ => new double[statistics.Width])];
    private readonly double[] _left = new double[statistics.Width];

    /// <summary>Gives each parent its two ends.</summary>
    public void Settle(int steps)
    {
        // The costliest parents have two nodes of their own, the others go where they do the least harm.
        var next = 0;
        foreach (var parent in parents.OrderByDescending(parent => statistics.Cost(parent.Total)))
        {
            if (next + 2 <= children)
            {
                (parent.Left, parent.Right) = (next++, next++);
                Add(_sums[parent.Left], parent.LeftSum, 1);
                Add(_sums[parent.Right], parent.RightSum, 1);
            }
            else
            {
                parent.Left = Join(parent.LeftSum);
                parent.Right = Join(parent.RightSum);
            }
        }

        if (2 * parents.Count <= children)
        {
            return;
        }

        for (var step = 0; step < steps; step++)
        {
            if (step % 64 == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            var parent = parents[random.Next(parents.Count)];
            BetterSplit(parent);
            BetterEnds(parent);
        }
    }

    private void BetterEnds(JungleParent parent)
    {
        Add(_sums[parent.Left], parent.LeftSum, -1);
        parent.Left = Join(parent.LeftSum);
        Add(_sums[parent.Right], parent.RightSum, -1);
        parent.Right = Join(parent.RightSum);
    }

    private int Join(double[] sum)
    {
        var (best, least) = (0, double.PositiveInfinity);
        var joined = new double[sum.Length];
        for (var child = 0; child < children; child++)
        {
            _sums[child].CopyTo(joined, 0);
            Add(joined, sum, 1);
            var rise = statistics.Cost(joined) - statistics.Cost(_sums[child]);
            if (rise < least)
            {
                (best, least) = (child, rise);
            }
        }

        Add(_sums[best], sum, 1);
        return best;
    }

    // The best split of one random column, the ends being what they are.
    private void BetterSplit(JungleParent parent)
    {
        if (parent.Left == parent.Right)
        {
            return;
        }

        var index = random.Next(columns.Length);
        var column = columns[index];
        var bins = new SortedDictionary<int, double[]>();
        foreach (var row in parent.Rows)
        {
            var bin = column.Bytes is { } bytes ? bytes[row] : column.Words![row];
            if (!bins.TryGetValue(bin, out var sum))
            {
                bins.Add(bin, sum = new double[statistics.Width]);
            }

            statistics.Add(sum, row);
        }

        if (bins.Count < 2)
        {
            return;
        }

        // The ends without this parent; what is tried is added to them.
        Add(_sums[parent.Left], parent.LeftSum, -1);
        Add(_sums[parent.Right], parent.RightSum, -1);
        var bestCost = Cost(parent, parent.LeftSum);
        var missing = column.BinCount - 1;
        Array.Clear(_left);
        foreach (var (bin, sum) in bins)
        {
            if (column.Thresholds is null)
            {
                if (bin != missing)
                {
                    Try([.. parent.Total.Zip(sum, (total, right) => total - right)], new ForestSplit(index, bin, false, 0));
                }

                continue;
            }

            Add(_left, sum, 1);
            if (bin < missing && _left[0] < parent.Total[0])
            {
                Try((double[])_left.Clone(), new ForestSplit(index, bin, true, 0));
                if (bins.TryGetValue(missing, out var without))
                {
                    Try([.. _left.Zip(without, (left, more) => left + more)], new ForestSplit(index, bin, false, 0));
                }
            }
        }

        Add(_sums[parent.Left], parent.LeftSum, 1);
        Add(_sums[parent.Right], parent.RightSum, 1);

        void Try(double[] left, ForestSplit split)
        {
            if (left[0] == 0 || left[0] == parent.Total[0])
            {
                return;
            }

            var cost = Cost(parent, left);
            if (cost < bestCost)
            {
                bestCost = cost;
                parent.Split = split;
                parent.LeftSum = left;
            }
        }
    }

    private double Cost(JungleParent parent, double[] left)
    {
        var sum = new double[left.Length];
        _sums[parent.Left].CopyTo(sum, 0);
        Add(sum, left, 1);
        var cost = statistics.Cost(sum);
        _sums[parent.Right].CopyTo(sum, 0);
        Add(sum, parent.Total, 1);
        Add(sum, left, -1);
        return cost + statistics.Cost(sum);
    }

    private static void Add(double[] sums, double[] values, double factor)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += factor * values[i];
        }
    }
}
