using System.Runtime.Intrinsics;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Training.Trees;

/// <summary>
/// Grows a tree leaf by leaf, always where the loss falls most, from histograms of binned columns; of two new leaves only
/// the smaller one's histogram is summed, the other's is the difference.
/// </summary>
/// <remarks>The result does not depend on the number of threads: columns are independent and sums are whole numbers.</remarks>
internal sealed class TreeGrower
{
    // Fewer sums than this are done before a second thread has woken up.
    private const int LeastParallelSums = 60_000;

    private readonly BinnedColumn[] _columns;
    private readonly int[] _binStarts;
    private readonly Gradients _gradients;
    private readonly BoostedTreesOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly SplitSearch _search;
    private readonly int[] _rows;
    private readonly int[] _scratchRows;
    private readonly Vector128<long>[] _ordered;
    private readonly Split[] _columnSplits;
    private readonly Stack<Vector128<long>[]> _histograms = new();

    public TreeGrower(
        BinnedColumn[] columns, Gradients gradients, BoostedTreesOptions options, int threads, CancellationToken cancellationToken)
    {
        _columns = columns;
        _gradients = gradients;
        _options = options;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken };
        _search = new SplitSearch(gradients, options.LeafRows);
        _binStarts = new int[columns.Length + 1];
        for (var i = 0; i < columns.Length; i++)
        {
            _binStarts[i + 1] = checked(_binStarts[i] + columns[i].BinCount);
        }

        _rows = new int[gradients.Values.Length];
        _scratchRows = new int[_rows.Length];
        _ordered = new Vector128<long>[_rows.Length];
        _columnSplits = new Split[columns.Length];
    }

    /// <summary>Grows a tree on the current gradients, adds it to the builder and its outputs to the rows' sums.</summary>
    public void Grow(TreeEnsembleBuilder builder, double[] sums)
    {
        for (var row = 0; row < _rows.Length; row++)
        {
            _rows[row] = row;
        }

        var root = new Leaf { Start = 0, Count = _rows.Length, Parent = -1, Histogram = RentHistogram() };
        foreach (var gradient in _gradients.Values)
        {
            root.Total += gradient;
        }

        SumHistogram(root);
        FindSplit(root);
        var leaves = new List<Leaf> { root };
        var nodes = new List<TreeSplit>();
        while (leaves.Count < _options.Leaves)
        {
            _parallel.CancellationToken.ThrowIfCancellationRequested();
            var best = leaves[0];
            foreach (var leaf in leaves)
            {
                if (leaf.Split.Gain > best.Split.Gain)
                {
                    best = leaf;
                }
            }

            if (best.Split.Column < 0)
            {
                break;
            }

            Divide(best, leaves, nodes);
        }

        Finish(leaves, nodes, builder, sums);
    }

    private void Divide(Leaf leaf, List<Leaf> leaves, List<TreeSplit> nodes)
    {
        var split = leaf.Split;
        var column = _columns[split.Column];
        var node = nodes.Count;
        nodes.Add(new TreeSplit(
            column.Feature,
            column.Threshold(split.Bin),
            column.Thresholds is null ? split.Bin : -1,
            split.MissingRight,
            0,
            0));
        Attach(nodes, leaf, node);

        var leftCount = RowPartition.Divide(
            column, split, _rows.AsSpan(leaf.Start, leaf.Count), _scratchRows.AsSpan(leaf.Start, leaf.Count));
        var right = new Leaf
        {
            Start = leaf.Start + leftCount,
            Count = leaf.Count - leftCount,
            Parent = node,
            IsRight = true,
            Total = split.Right,
        };
        var left = new Leaf { Start = leaf.Start, Count = leftCount, Parent = node, Total = leaf.Total - split.Right };
        leaves[leaves.IndexOf(leaf)] = left;
        leaves.Add(right);
        if (leaves.Count == _options.Leaves)
        {
            // The last split of the tree: nobody will ask where its leaves could be divided.
            ReturnHistogram(leaf);
            left.Split = right.Split = Split.None;
            return;
        }

        var (smaller, larger) = left.Count < right.Count ? (left, right) : (right, left);
        smaller.Histogram = RentHistogram();
        SumHistogram(smaller);
        larger.Histogram = leaf.Histogram;
        leaf.Histogram = null;
        for (var i = 0; i < larger.Histogram!.Length; i++)
        {
            larger.Histogram[i] -= smaller.Histogram[i];
        }

        FindSplit(left);
        FindSplit(right);
    }

    private void SumHistogram(Leaf leaf)
    {
        var rows = _rows.AsMemory(leaf.Start, leaf.Count);
        var gradients = _gradients.Values.AsMemory();
        if (leaf.Count < _rows.Length)
        {
            // Side by side, since every column reads them in this order.
            var ordered = _ordered.AsSpan(leaf.Start, leaf.Count);
            var source = rows.Span;
            for (var i = 0; i < ordered.Length; i++)
            {
                ordered[i] = _gradients.Values[source[i]];
            }

            gradients = _ordered.AsMemory(leaf.Start, leaf.Count);
        }
        else
        {
            rows = default;
        }

        var histogram = leaf.Histogram!;
        ForColumns((long)leaf.Count * _columns.Length, column =>
        {
            var bins = histogram.AsSpan(_binStarts[column], _columns[column].BinCount);
            bins.Clear();
            Histogram.Add(_columns[column], rows.Span, gradients.Span, bins);
        });
    }

    private void FindSplit(Leaf leaf)
    {
        leaf.Split = Split.None;
        if (leaf.Count < 2L * _options.LeafRows)
        {
            ReturnHistogram(leaf);
            return;
        }

        var histogram = leaf.Histogram!;
        ForColumns(_binStarts[^1] * 8L, column => _columnSplits[column] = _search.Best(
            column, _columns[column], histogram.AsSpan(_binStarts[column], _columns[column].BinCount), leaf.Total));
        foreach (var split in _columnSplits)
        {
            if (split.Column >= 0 && split.Gain > leaf.Split.Gain)
            {
                leaf.Split = split;
            }
        }

        if (leaf.Split.Column < 0)
        {
            ReturnHistogram(leaf);
        }
    }

    private void ForColumns(long sums, Action<int> work)
    {
        if (_parallel.MaxDegreeOfParallelism > 1 && sums >= LeastParallelSums)
        {
            Parallel.For(0, _columns.Length, _parallel, work);
            return;
        }

        for (var column = 0; column < _columns.Length; column++)
        {
            work(column);
        }
    }

    private void Finish(List<Leaf> leaves, List<TreeSplit> nodes, TreeEnsembleBuilder builder, double[] sums)
    {
        var outputs = new double[leaves.Count];
        for (var i = 0; i < outputs.Length; i++)
        {
            var leaf = leaves[i];
            var second = _gradients.Second(leaf.Total);
            outputs[i] = second > 0 ? -_options.LearningRate * _gradients.First(leaf.Total) / second : 0;
            Attach(nodes, leaf, ~i);
            ReturnHistogram(leaf);
        }

        builder.Add(nodes, outputs, [.. leaves.Select(leaf => (double)leaf.Count)]);
        Parallel.For(0, outputs.Length, _parallel, i =>
        {
            foreach (var row in _rows.AsSpan(leaves[i].Start, leaves[i].Count))
            {
                sums[row] += outputs[i];
            }
        });
    }

    private static void Attach(List<TreeSplit> nodes, Leaf leaf, int child)
    {
        if (leaf.Parent >= 0)
        {
            nodes[leaf.Parent] = leaf.IsRight ? nodes[leaf.Parent] with { Right = child } : nodes[leaf.Parent] with { Left = child };
        }
    }

    private Vector128<long>[] RentHistogram() =>
        _histograms.TryPop(out var histogram) ? histogram : new Vector128<long>[_binStarts[^1]];

    private void ReturnHistogram(Leaf leaf)
    {
        if (leaf.Histogram is { } histogram)
        {
            _histograms.Push(histogram);
            leaf.Histogram = null;
        }
    }

    private sealed class Leaf
    {
        public required int Start { get; init; }

        public required int Count { get; init; }

        /// <summary>The node that it hangs from; -1 for the root.</summary>
        public required int Parent { get; init; }

        public bool IsRight { get; init; }

        public Vector128<long> Total { get; set; }

        public Vector128<long>[]? Histogram { get; set; }

        public Split Split { get; set; }
    }
}
