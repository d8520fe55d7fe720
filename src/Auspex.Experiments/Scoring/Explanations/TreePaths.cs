using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Scoring.Explanations;

/// <summary>
/// The way to every leaf of an ensemble, by column: which tests on the column must come out how, and which part of the training rows that
/// met the other tests of the way met these.
/// </summary>
internal sealed class TreePaths
{
    // Chains of thousands of nodes would need memory with the square of their length.
    private const long MostTests = 1L << 26;

    private readonly List<int> _steps = [];
    private readonly List<int> _columns = [];
    private readonly List<double> _shares = [];
    private readonly List<int> _testStarts = [];
    private readonly List<int> _tests = [];

    public TreePaths(TreeEnsemble trees)
    {
        var arrays = trees.Arrays;
        for (var tree = 0; tree < trees.TreeCount; tree++)
        {
            Add(arrays, tree);
        }

        _steps.Add(_columns.Count);
        _testStarts.Add(_tests.Count);
        Starts = [.. _steps];
        Columns = [.. _columns];
        Shares = [.. _shares];
        TestStarts = [.. _testStarts];
        Tests = [.. _tests];
        for (var leaf = 0; leaf < Starts.Length - 1; leaf++)
        {
            LongestPath = Math.Max(LongestPath, Starts[leaf + 1] - Starts[leaf]);
        }
    }

    /// <summary>Per leaf of all trees the index of its first column, and the number of all at the end.</summary>
    public int[] Starts { get; }

    /// <summary>Columns of the ways, each once per way.</summary>
    public int[] Columns { get; }

    /// <summary>Per such column the part of training rows, 0 to 1.</summary>
    public double[] Shares { get; }

    /// <summary>Per such column the index of its first test, and the number of all at the end.</summary>
    public int[] TestStarts { get; }

    /// <summary>A node whose test must send the row right; <c>~node</c>: left.</summary>
    public int[] Tests { get; }

    /// <summary>Columns on the way that has most.</summary>
    public int LongestPath { get; }

    private void Add(TreeArrays arrays, int tree)
    {
        var (firstNode, firstLeaf) = (arrays.NodeStarts[tree], arrays.LeafStarts[tree]);
        var nodes = arrays.NodeStarts[tree + 1] - firstNode;
        var covers = Covers(arrays, firstNode, firstLeaf, nodes);
        var leaves = arrays.LeafStarts[tree + 1] - firstLeaf;
        var (parentOfNode, parentOfLeaf) = (new int[nodes], new int[leaves]);
        parentOfNode.AsSpan().Fill(-1);
        parentOfLeaf.AsSpan().Fill(-1);
        for (var node = 0; node < nodes; node++)
        {
            foreach (var child in new[] { arrays.Left[firstNode + node], arrays.Right[firstNode + node] })
            {
                (child < 0 ? parentOfLeaf : parentOfNode)[child < 0 ? ~child : child] = node;
            }
        }

        var onPath = new Dictionary<int, (double Share, List<int> Tests)>();
        for (var leaf = 0; leaf < leaves; leaf++)
        {
            onPath.Clear();
            var (child, node) = (~leaf, parentOfLeaf[leaf]);
            for (; node >= 0; child = node, node = parentOfNode[node])
            {
                var isRight = arrays.Right[firstNode + node] == child;
                var cover = child < 0 ? arrays.LeafCovers[firstLeaf + ~child] : covers[child];
                // Rows that nobody has seen go either way alike.
                var share = covers[node] > 0 ? cover / covers[node] : 0.5;
                var column = arrays.Features[firstNode + node];
                var known = onPath.TryGetValue(column, out var entry) ? entry : (Share: 1, Tests: []);
                known.Tests.Add(isRight ? firstNode + node : ~(firstNode + node));
                onPath[column] = (known.Share * share, known.Tests);
            }

            _steps.Add(_columns.Count);
            foreach (var (column, (share, tests)) in onPath.OrderBy(entry => entry.Key))
            {
                _columns.Add(column);
                _shares.Add(share);
                _testStarts.Add(_tests.Count);
                _tests.AddRange(tests);
            }

            if (_tests.Count > MostTests)
            {
                throw new ModuleException(
                    13, $"The model's trees are too deep to explain: the ways to their leaves have more than {MostTests} tests. Train it with fewer leaves.");
            }
        }
    }

    private static double[] Covers(TreeArrays arrays, int firstNode, int firstLeaf, int nodes)
    {
        // Nodes stand in pre-order: children come after their parents.
        var covers = new double[nodes];
        for (var node = nodes - 1; node >= 0; node--)
        {
            covers[node] = Of(arrays.Left[firstNode + node]) + Of(arrays.Right[firstNode + node]);
        }

        return covers;

        double Of(int child) => child < 0 ? arrays.LeafCovers[firstLeaf + ~child] : covers[child];
    }
}
