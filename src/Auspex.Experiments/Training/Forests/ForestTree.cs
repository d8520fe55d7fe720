using Auspex.Experiments.Execution;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Forests;

/// <summary>A grown tree: its nodes, the root first, what each leaf holds, and how many of the rows drawn for the tree came to it.</summary>
internal sealed record ForestTree(List<TreeSplit> Nodes, List<double[]> Leaves, List<double> Covers);

/// <summary>Grows one tree of a forest on its own rows, with its own random numbers.</summary>
internal sealed class ForestTreeGrower
{
    private readonly BinnedColumn[] _columns;
    private readonly NodeStatistics _statistics;
    private readonly ForestOptions _options;
    private readonly SeededRandom _random;
    private readonly ForestSplitSearch _search;
    private readonly int[] _rows;
    private readonly int[] _scratch;
    private readonly List<TreeSplit> _nodes = [];
    private readonly List<double[]> _leaves = [];
    private readonly List<double> _covers = [];
    private readonly CancellationToken _cancellationToken;

    public ForestTreeGrower(
        BinnedColumn[] columns, NodeStatistics statistics, ForestOptions options, int rows, long seed, CancellationToken cancellationToken)
    {
        _columns = columns;
        _statistics = statistics;
        _options = options;
        _cancellationToken = cancellationToken;
        _random = new SeededRandom(seed);
        _rows = DrawRows(rows);
        _scratch = new int[_rows.Length];
        _search = new ForestSplitSearch(columns, DrawColumns(), statistics, options, _random);
    }

    public ForestTree Grow()
    {
        var root = new Pending(0, _rows.Length, 0, -1, false, Total(0, _rows.Length));
        if (_options.Leaves is { } leaves)
        {
            GrowBestFirst(root, leaves);
        }
        else
        {
            GrowDepthFirst(root);
        }

        return new ForestTree(_nodes, _leaves, _covers);
    }

    private void GrowDepthFirst(Pending root)
    {
        var pending = new Stack<Pending>();
        pending.Push(root);
        while (pending.TryPop(out var part))
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var split = FindSplit(part);
            if (split.Column < 0)
            {
                Finish(part);
                continue;
            }

            var (left, right) = Divide(part, split);
            pending.Push(right);
            pending.Push(left);
        }
    }

    private void GrowBestFirst(Pending root, int leaves)
    {
        var open = new List<(Pending Part, ForestSplit Split)> { (root, FindSplit(root)) };
        while (open.Count < leaves)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            var best = 0;
            for (var i = 1; i < open.Count; i++)
            {
                best = open[i].Split.Gain > open[best].Split.Gain ? i : best;
            }

            if (open[best].Split.Column < 0)
            {
                break;
            }

            var (left, right) = Divide(open[best].Part, open[best].Split);
            open[best] = (left, FindSplit(left));
            open.Add((right, FindSplit(right)));
        }

        foreach (var (part, _) in open)
        {
            Finish(part);
        }
    }

    private ForestSplit FindSplit(Pending part) =>
        part.Depth < _options.Depth ? _search.Find(_rows.AsSpan(part.Start, part.Count), part.Total) : ForestSplit.None;

    private (Pending Left, Pending Right) Divide(Pending part, ForestSplit split)
    {
        var column = _columns[split.Column];
        var node = _nodes.Count;
        _nodes.Add(new TreeSplit(
            column.Feature,
            column.Threshold(split.Bin),
            column.Thresholds is null ? split.Bin : TreeArrays.Number,
            split.MissingRight,
            0,
            0));
        Attach(part, node);
        var left = RowPartition.Divide(column, split.ToSplit(), _rows.AsSpan(part.Start, part.Count), _scratch.AsSpan(part.Start, part.Count));
        return (
            new Pending(part.Start, left, part.Depth + 1, node, false, Total(part.Start, left)),
            new Pending(part.Start + left, part.Count - left, part.Depth + 1, node, true, Total(part.Start + left, part.Count - left)));
    }

    private void Finish(Pending part)
    {
        Attach(part, ~_leaves.Count);
        _covers.Add(part.Count);
        if (_options.LeafSample > 0)
        {
            _leaves.Add(Sample(part));
            return;
        }

        _leaves.Add(_statistics.Leaf(part.Total));
    }

    private double[] Sample(Pending part)
    {
        var rows = _rows.AsSpan(part.Start, part.Count);
        var count = Math.Min(rows.Length, _options.LeafSample);
        for (var i = 0; i < count && count < rows.Length; i++)
        {
            var j = i + _random.Next(rows.Length - i);
            (rows[i], rows[j]) = (rows[j], rows[i]);
        }

        double[] sample = [.. rows[..count].ToArray().Select(_statistics.Target)];
        Array.Sort(sample);
        return sample;
    }

    private double[] Total(int start, int count)
    {
        var total = new double[_statistics.Width];
        foreach (var row in _rows.AsSpan(start, count))
        {
            _statistics.Add(total, row);
        }

        return total;
    }

    private void Attach(Pending part, int child)
    {
        if (part.Parent >= 0)
        {
            _nodes[part.Parent] = part.IsRight
                ? _nodes[part.Parent] with { Right = child }
                : _nodes[part.Parent] with { Left = child };
        }
    }

    private int[] DrawRows(int rows)
    {
        var count = Math.Max(1, (int)Math.Round(rows * _options.RowFraction));
        if (_options.Resamples)
        {
            var drawn = new int[count];
            for (var i = 0; i < count; i++)
            {
                drawn[i] = _random.Next(rows);
            }

            // In order, so that reading columns goes forward in memory.
            Array.Sort(drawn);
            return drawn;
        }

        int[] all = [.. Enumerable.Range(0, rows)];
        return count < rows ? Part(all, count) : all;
    }

    private int[] DrawColumns()
    {
        int[] all = [.. Enumerable.Range(0, _columns.Length)];
        var count = Math.Max(1, (int)Math.Round(all.Length * _options.ColumnFraction));
        return count < all.Length ? Part(all, count) : all;
    }

    private int[] Part(int[] all, int count)
    {
        _random.Shuffle<int>(all);
        return [.. all.Take(count).Order()];
    }

    private sealed record Pending(int Start, int Count, int Depth, int Parent, bool IsRight, double[] Total);
}
