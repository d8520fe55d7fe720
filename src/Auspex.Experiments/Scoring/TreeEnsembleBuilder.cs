namespace Auspex.Experiments.Scoring;

/// <summary>Collects trees in whatever order their nodes come and lays them out as <see cref="TreeEnsemble"/> wants them.</summary>
internal sealed class TreeEnsembleBuilder
{
    private readonly List<int> _nodeStarts = [0];
    private readonly List<int> _leafStarts = [0];
    private readonly List<TreeSplit> _splits = [];
    private readonly List<int> _left = [];
    private readonly List<int> _right = [];
    private readonly List<double> _leaves = [];
    private readonly List<double> _covers = [];
    private readonly List<int> _setStarts = [0];
    private readonly List<int> _setLevels = [];
    private readonly SortedDictionary<int, double[]> _points = [];

    /// <summary>Whether numbers are compared in double precision.</summary>
    public bool InDouble { get; init; }

    /// <summary>Adds a tree.</summary>
    /// <param name="splits">Its nodes, the root first; none for a single leaf.</param>
    /// <param name="leaves">Its leaves' values; children refer to them as <c>~leaf</c>.</param>
    /// <param name="covers">Training rows at each leaf, or their weight. Where one tree has none, the ensemble has none.</param>
    public void Add(IReadOnlyList<TreeSplit> splits, IReadOnlyList<double> leaves, IReadOnlyList<double>? covers = null)
    {
        var firstNode = _splits.Count;
        var firstLeaf = _leaves.Count;

        // A pending child with the node whose left or right it is; its final number is written there once known.
        var pending = new Stack<(int Child, int Parent, bool IsLeft)>();
        pending.Push((splits.Count == 0 ? ~0 : 0, -1, false));
        while (pending.TryPop(out var entry))
        {
            int number;
            if (entry.Child < 0)
            {
                number = ~(_leaves.Count - firstLeaf);
                _leaves.Add(leaves[~entry.Child]);
                if (covers is not null)
                {
                    _covers.Add(covers[~entry.Child]);
                }
            }
            else
            {
                number = _splits.Count - firstNode;
                var split = splits[entry.Child];
                _splits.Add(split);
                _left.Add(0);
                _right.Add(0);
                pending.Push((split.Right, firstNode + number, false));
                pending.Push((split.Left, firstNode + number, true));
            }

            if (entry.Parent >= 0)
            {
                (entry.IsLeft ? _left : _right)[entry.Parent] = number;
            }
        }

        _nodeStarts.Add(_splits.Count);
        _leafStarts.Add(_leaves.Count);
    }

    /// <summary>Adds a set of levels; returns what <see cref="TreeSplit.Level"/> is for nodes that send it right.</summary>
    public int AddSet(ReadOnlySpan<int> levels)
    {
        _setLevels.AddRange(levels);
        _setStarts.Add(_setLevels.Count);
        return TreeArrays.SetOf(_setStarts.Count - 2);
    }

    /// <summary>
    /// Sets the numbers, ascending, that nodes may ask a column of numbers for: a node's level is then one of their
    /// indexes, or their count for the missing number.
    /// </summary>
    public void SetPoints(int column, double[] points) => _points[column] = points;

    /// <summary>The trees so far.</summary>
    public TreeEnsemble Build(double bias) => new(
        new TreeArrays
        {
            NodeStarts = [.. _nodeStarts],
            LeafStarts = [.. _leafStarts],
            Features = [.. _splits.Select(split => split.Feature)],
            Thresholds = [.. _splits.Select(split => split.Threshold)],
            Levels = [.. _splits.Select(split => split.Level)],
            MissingRight =
            [
                .. _splits.Select(split => (byte)((split.MissingRight ? TreeArrays.GoesRight : 0)
                    | (split.ZeroIsMissing ? TreeArrays.ZeroIsMissing : 0))),
            ],
            Left = [.. _left],
            Right = [.. _right],
            LeafValues = [.. _leaves],
            LeafCovers = _covers.Count == _leaves.Count ? [.. _covers] : [],
            SetStarts = [.. _setStarts],
            SetLevels = [.. _setLevels],
            InDouble = InDouble,
            PointColumns = [.. _points.Keys],
            PointStarts = Starts(_points.Values),
            Points = [.. _points.Values.SelectMany(points => points)],
        },
        bias);

    private static int[] Starts(ICollection<double[]> parts)
    {
        var starts = new List<int> { 0 };
        foreach (var part in parts)
        {
            starts.Add(starts[^1] + part.Length);
        }

        return [.. starts];
    }
}
