using Auspex.Experiments.Execution;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Training.Forests;
using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Jungles;

/// <summary>A grown graph: nodes whose children stand behind them, the first one first, and the leaves' distributions.</summary>
internal sealed record JungleGraph(List<TreeSplit> Nodes, List<double[]> Leaves);

/// <summary>Grows one graph layer by layer, on its own rows and with its own random numbers.</summary>
internal sealed class JungleGrower(
    BinnedColumn[] columns, NodeStatistics statistics, JungleOptions options, int rows, long seed, CancellationToken cancellationToken)
{
    private const int RandomSplits = 128;

    private readonly SeededRandom _random = new(seed);
    private readonly List<TreeSplit> _nodes = [];
    private readonly List<double[]> _leaves = [];

    public JungleGraph Grow()
    {
        var search = new ForestSplitSearch(
            columns, [.. Enumerable.Range(0, columns.Length)], statistics, new ForestOptions { RandomSplits = RandomSplits }, _random);
        var layer = new List<int[]> { DrawRows() };
        _nodes.Add(default);
        for (var depth = 0; layer.Count > 0; depth++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var parents = new List<JungleParent>();
            var first = _nodes.Count - layer.Count;
            for (var i = 0; i < layer.Count; i++)
            {
                var total = Total(layer[i]);
                var split = depth < options.Depth ? search.Find(layer[i], total) : ForestSplit.None;
                if (split.Column < 0)
                {
                    // A leaf says which distribution is its own where others say where to go.
                    _nodes[first + i] = new TreeSplit(JungleNodes.Leaf, 0, TreeArrays.Number, false, _leaves.Count, 0);
                    _leaves.Add(statistics.Leaf(total));
                    continue;
                }

                var parent = new JungleParent { Node = first + i, Rows = layer[i], Total = total, Split = split };
                parent.LeftSum = Total(Divide(parent).Left);
                parents.Add(parent);
            }

            layer = NextLayer(parents);
        }

        return new JungleGraph(_nodes, _leaves);
    }

    private List<int[]> NextLayer(List<JungleParent> parents)
    {
        var children = Math.Min(options.Width, 2 * parents.Count);
        if (children == 0)
        {
            return [];
        }

        new JungleLayer(columns, statistics, parents, children, _random, cancellationToken).Settle(options.Steps);
        var rowsOf = Enumerable.Range(0, children).Select(_ => new List<int>()).ToArray();
        foreach (var parent in parents)
        {
            var (left, right) = Divide(parent);
            rowsOf[parent.Left].AddRange(left);
            rowsOf[parent.Right].AddRange(right);
        }

        // Nodes that nobody goes to are left out.
        var places = new int[children];
        var next = new List<int[]>();
        for (var child = 0; child < children; child++)
        {
            places[child] = _nodes.Count + next.Count;
            if (rowsOf[child].Count > 0)
            {
                next.Add([.. rowsOf[child]]);
            }
        }

        foreach (var parent in parents)
        {
            var column = columns[parent.Split.Column];
            _nodes[parent.Node] = new TreeSplit(
                column.Feature,
                column.Threshold(parent.Split.Bin),
                column.Thresholds is null ? parent.Split.Bin : TreeArrays.Number,
                parent.Split.MissingRight,
                places[parent.Left],
                places[parent.Right]);
        }

        _nodes.AddRange(Enumerable.Repeat(default(TreeSplit), next.Count));
        return next;
    }

    private (int[] Left, int[] Right) Divide(JungleParent parent)
    {
        var ordered = (int[])parent.Rows.Clone();
        var left = RowPartition.Divide(columns[parent.Split.Column], parent.Split.ToSplit(), ordered, new int[ordered.Length]);
        return (ordered[..left], ordered[left..]);
    }

    private double[] Total(int[] ofRows)
    {
        var total = new double[statistics.Width];
        foreach (var row in ofRows)
        {
            statistics.Add(total, row);
        }

        return total;
    }

    private int[] DrawRows()
    {
        int[] drawn = [.. Enumerable.Range(0, rows)];
        if (options.Resamples)
        {
            for (var i = 0; i < drawn.Length; i++)
            {
                drawn[i] = _random.Next(rows);
            }

            Array.Sort(drawn);
        }

        return drawn;
    }
}
