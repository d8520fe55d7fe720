using System.Numerics.Tensors;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Training.Trees;

/// <summary>
/// Grows a tree leaf by leaf, always where the loss falls most, from histograms of binned columns; of two new leaves only
/// the smaller one's histogram is summed, the other's is the difference.
/// </summary>
/// <remarks>The result does not depend on the number of threads: columns are independent and sums are whole numbers.</remarks>
internal sealed class TreeGrower
{
    // Fewer are divided before a second thread has woken up.
    private const int LeastParallelRows = 16_384;

    private readonly BinnedColumn[] _columns;
    private readonly Gradients _gradients;
    private readonly BoostedTreesOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly SplitSearch _search;
    private readonly LeafHistograms _histograms;
    private readonly long[][] _words;
    private readonly Split[] _smallerSplits;
    private readonly Split[] _largerSplits;

    public TreeGrower(BinnedColumn[] columns, Gradients gradients, BoostedTreesOptions options, ParallelOptions parallel)
    {
        _columns = columns;
        _gradients = gradients;
        _options = options;
        _parallel = parallel;
        _search = new SplitSearch(gradients, options.LeafRows);
        var rows = gradients.First.Length;
        _histograms = new LeafHistograms(columns, rows, gradients.CountBits, parallel);
        _words = [new long[rows], new long[rows]];
        LeafOfRow = new int[rows];
        _smallerSplits = new Split[columns.Length];
        _largerSplits = new Split[columns.Length];
    }

    /// <summary>Words of all rows in order, as <see cref="Gradients.Fill"/> makes them; growing a tree moves them.</summary>
    public long[] Words => _words[0];

    /// <summary>The leaf that each row has come to.</summary>
    public int[] LeafOfRow { get; }

    /// <summary>Grows a tree on the current gradients.</summary>
    /// <param name="total">The sum of all rows' gradients.</param>
    /// <param name="nodes">Receives the nodes.</param>
    /// <returns>Rows of each leaf.</returns>
    public int[] Grow(long total, List<TreeSplit> nodes)
    {
        var root = new Leaf { Start = 0, Count = LeafOfRow.Length, Words = 0, Parent = -1, Total = total };
        var leaves = new List<Leaf> { root };
        if (CanSplit(root))
        {
            root.Histogram = _histograms.Rent();
            var parts = _histograms.Sum(Rows(root), root.Histogram);
            FindSplits(root, null, parts);
        }

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

        Finish(leaves, nodes);
        return [.. leaves.Select(leaf => leaf.Count)];
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

        var rightCount = _gradients.Count(split.Right);
        var left = new Leaf
        {
            Start = leaf.Start,
            Count = leaf.Count - rightCount,
            Words = 1 - leaf.Words,
            Parent = node,
            Total = leaf.Total - split.Right,
        };
        var right = new Leaf
        {
            Start = leaf.Start + left.Count,
            Count = rightCount,
            Words = left.Words,
            Parent = node,
            IsRight = true,
            Total = split.Right,
        };
        LeafPartition.Divide(
            column,
            split,
            Rows(leaf),
            _words[left.Words].AsMemory(leaf.Start, leaf.Count),
            left.Count,
            leaf.Count < LeastParallelRows || _parallel.MaxDegreeOfParallelism < 2 ? null : _parallel);
        leaves[leaves.IndexOf(leaf)] = left;
        leaves.Add(right);
        var histogram = leaf.Histogram!;
        leaf.Histogram = null;

        // After the last split of the tree nobody will ask where its leaves could be divided.
        if (leaves.Count == _options.Leaves || !(CanSplit(left) || CanSplit(right)))
        {
            _histograms.Return(histogram);
            return;
        }

        var (smaller, larger) = left.Count < right.Count ? (left, right) : (right, left);
        larger.Histogram = histogram;
        smaller.Histogram = _histograms.Rent();
        FindSplits(smaller, larger, _histograms.Sum(Rows(smaller), smaller.Histogram));
    }

    private bool CanSplit(Leaf leaf) => leaf.Count >= 2L * _options.LeafRows;

    private ReadOnlyMemory<long> Rows(Leaf leaf) => _words[leaf.Words].AsMemory(leaf.Start, leaf.Count);

    // The larger leaf's histogram, until now its parent's, becomes what the smaller one leaves of it.
    private void FindSplits(Leaf smaller, Leaf? larger, int parts)
    {
        Work.For(_parallel, _columns.Length, _histograms.Bins * 16L, column =>
        {
            _histograms.Join(smaller.Histogram!, parts, column);
            var bins = _histograms.Of(smaller.Histogram!, column);
            _smallerSplits[column] = Best(smaller, column, bins);
            if (larger is not null)
            {
                var others = _histograms.Of(larger.Histogram!, column);
                TensorPrimitives.Subtract(others, bins, others);
                _largerSplits[column] = Best(larger, column, others);
            }
        });
        Choose(smaller, _smallerSplits);
        if (larger is not null)
        {
            Choose(larger, _largerSplits);
        }
    }

    private Split Best(Leaf leaf, int column, ReadOnlySpan<long> bins) =>
        CanSplit(leaf) ? _search.Best(column, _columns[column], bins, leaf.Total) : Split.None;

    private void Choose(Leaf leaf, Split[] splits)
    {
        foreach (var split in splits)
        {
            if (split.Column >= 0 && split.Gain > leaf.Split.Gain)
            {
                leaf.Split = split;
            }
        }

        if (leaf.Split.Column < 0)
        {
            _histograms.Return(leaf.Histogram!);
            leaf.Histogram = null;
        }
    }

    private void Finish(List<Leaf> leaves, List<TreeSplit> nodes)
    {
        Work.For(_parallel, leaves.Count, LeafOfRow.Length, i =>
        {
            foreach (var word in Rows(leaves[i]).Span)
            {
                LeafOfRow[Gradients.Row(word)] = i;
            }
        });
        for (var i = 0; i < leaves.Count; i++)
        {
            Attach(nodes, leaves[i], ~i);
            if (leaves[i].Histogram is { } histogram)
            {
                _histograms.Return(histogram);
            }
        }
    }

    private static void Attach(List<TreeSplit> nodes, Leaf leaf, int child)
    {
        if (leaf.Parent >= 0)
        {
            nodes[leaf.Parent] = leaf.IsRight ? nodes[leaf.Parent] with { Right = child } : nodes[leaf.Parent] with { Left = child };
        }
    }

    private sealed class Leaf
    {
        public required int Start { get; init; }

        public required int Count { get; init; }

        /// <summary>Which of the two arrays its rows are in.</summary>
        public required int Words { get; init; }

        /// <summary>The node that it hangs from; -1 for the root.</summary>
        public required int Parent { get; init; }

        public bool IsRight { get; init; }

        public required long Total { get; init; }

        public long[]? Histogram { get; set; }

        public Split Split { get; set; } = Split.None;
    }
}
