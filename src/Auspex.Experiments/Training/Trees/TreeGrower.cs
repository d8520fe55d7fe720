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
    private const int ChunkRows = 16_384;

    // A leaf of rows that are all but certain has next to no curvature; its output would be noise.
    private const double LeastSecond = 1e-3;

    private readonly BinnedColumn[] _columns;
    private readonly int[] _binStarts;
    private readonly int[] _wordColumns;
    private readonly BinRows? _binRows;
    private readonly Gradients _gradients;
    private readonly BoostedTreesOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly SplitSearch _search;
    private readonly int[] _rows;
    private readonly int[] _scratchRows;
    private readonly int[] _scratchRights;
    private readonly long[] _ordered;
    private readonly Split[] _columnSplits;
    private readonly Stack<long[]> _histograms = new();

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
        _scratchRights = new int[_rows.Length];
        _wordColumns = [.. Enumerable.Range(0, columns.Length).Where(column => columns[column].Bytes is null)];
        _binRows = BinRows.Create(columns, _binStarts, _rows.Length, _parallel);
        _ordered = new long[_rows.Length];
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
            column,
            split,
            _rows.AsMemory(leaf.Start, leaf.Count),
            _scratchRows.AsMemory(leaf.Start, leaf.Count),
            _scratchRights.AsMemory(leaf.Start, leaf.Count),
            _parallel);
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
            gradients = Order(leaf);
        }
        else
        {
            rows = default;
        }

        var histogram = leaf.Histogram!;
        Array.Clear(histogram);
        var sums = (long)leaf.Count * _columns.Length;
        if (_binRows is not { } binRows)
        {
            For(_columns.Length, sums, column => AddColumn(column));
            return;
        }

        // Each thread has its part of the columns, so that no two write to one bin.
        var parts = Math.Min(_parallel.MaxDegreeOfParallelism, binRows.Groups);
        For(parts, sums, part => binRows.Add(
            binRows.Groups * part / parts, binRows.Groups * (part + 1) / parts, rows.Span, gradients.Span, histogram));
        For(_wordColumns.Length, (long)leaf.Count * _wordColumns.Length, i => AddColumn(_wordColumns[i]));

        void AddColumn(int column) => Histogram.Add(
            _columns[column], rows.Span, gradients.Span, histogram.AsSpan(_binStarts[column], _columns[column].BinCount));
    }

    // Side by side, since all columns read them in the leaf's order.
    private Memory<long> Order(Leaf leaf)
    {
        var ordered = _ordered.AsMemory(leaf.Start, leaf.Count);
        For((leaf.Count + ChunkRows - 1) / ChunkRows, leaf.Count, chunk =>
        {
            var start = chunk * ChunkRows;
            var rows = _rows.AsSpan(leaf.Start + start, Math.Min(ChunkRows, leaf.Count - start));
            var target = ordered.Span.Slice(start, rows.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                target[i] = _gradients.Values[rows[i]];
            }
        });
        return ordered;
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
        For(_columns.Length, _binStarts[^1] * 8L, column => _columnSplits[column] = _search.Best(
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

    private void For(int count, long sums, Action<int> work)
    {
        if (count > 1 && _parallel.MaxDegreeOfParallelism > 1 && sums >= LeastParallelSums)
        {
            Parallel.For(0, count, _parallel, work);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            work(i);
        }
    }

    private void Finish(List<Leaf> leaves, List<TreeSplit> nodes, TreeEnsembleBuilder builder, double[] sums)
    {
        var outputs = new double[leaves.Count];
        Parallel.For(0, outputs.Length, _parallel, i =>
        {
            var rows = _rows.AsSpan(leaves[i].Start, leaves[i].Count);
            var (first, second) = (0.0, 0.0);
            foreach (var row in rows)
            {
                first += _gradients.First[row];
                second += _gradients.Second[row];
            }

            outputs[i] = -_options.LearningRate * first / Math.Max(second, LeastSecond);
            foreach (var row in rows)
            {
                sums[row] += outputs[i];
            }
        });
        for (var i = 0; i < outputs.Length; i++)
        {
            Attach(nodes, leaves[i], ~i);
            ReturnHistogram(leaves[i]);
        }

        builder.Add(nodes, outputs, [.. leaves.Select(leaf => (double)leaf.Count)]);
    }

    private static void Attach(List<TreeSplit> nodes, Leaf leaf, int child)
    {
        if (leaf.Parent >= 0)
        {
            nodes[leaf.Parent] = leaf.IsRight ? nodes[leaf.Parent] with { Right = child } : nodes[leaf.Parent] with { Left = child };
        }
    }

    private long[] RentHistogram() =>
        _histograms.TryPop(out var histogram) ? histogram : new long[_binStarts[^1] + 1];

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

        public long Total { get; set; }

        public long[]? Histogram { get; set; }

        public Split Split { get; set; }
    }
}
