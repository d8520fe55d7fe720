using System.Text;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>When a node of an ONNX tree is true.</summary>
internal enum OnnxMode
{
    Leaf,
    LessOrEqual,
    Less,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// <summary>A tree; children of leaves as <c>~leaf</c>, node 0 the root.</summary>
internal sealed class OnnxTree
{
    public List<OnnxMode> Modes { get; } = [];

    public List<int> Features { get; } = [];

    public List<double> Values { get; } = [];

    /// <summary>Whether a missing number makes the node true.</summary>
    public List<bool> MissingIsTrue { get; } = [];

    public int[] True { get; set; } = [];

    public int[] False { get; set; } = [];

    public int Leaves { get; set; }

    /// <summary>How many training rows came to each leaf, or their part; null where the file does not say.</summary>
    public double[]? Covers { get; set; }

    /// <summary>Per target or class that its leaves vote for: their weights.</summary>
    public SortedDictionary<int, double[]> Weights { get; } = [];
}

/// <summary>The trees of a TreeEnsembleClassifier or TreeEnsembleRegressor of versions 1 to 3.</summary>
internal sealed class OnnxTrees
{
    // Votes for many classes take a number per class and leaf.
    private const long MostWeights = 1 << 26;

    // Rates are written in single precision.
    private const double RateRounding = 1e-4;

    private readonly string _where;
    private long _weights;

    private OnnxTrees(string where) => _where = where;

    public List<OnnxTree> Trees { get; } = [];

    /// <summary>Whether no weight is negative.</summary>
    public bool AllPositive { get; private set; } = true;

    /// <param name="node">The operator.</param>
    /// <param name="votes">What its attributes of votes begin with: <c>class</c> or <c>target</c>.</param>
    /// <param name="outputs">How many classes or targets there are.</param>
    /// <param name="where">The node in messages.</param>
    /// <exception cref="ModelImportException">Lists of different lengths, references to nothing, circles.</exception>
    public static OnnxTrees Read(OnnxNode node, string votes, int outputs, string where)
    {
        var read = new OnnxTrees(where);
        var places = read.ReadNodes(node);
        read.ReadVotes(node, votes, outputs, places);
        return read;
    }

    // Where a node is: its tree, and its number there, leaves as ~leaf.
    private Dictionary<(long Tree, long Node), (OnnxTree Tree, int Number)> ReadNodes(OnnxNode node)
    {
        var trees = node.Integers("nodes_treeids");
        var ids = node.Integers("nodes_nodeids");
        var features = node.Integers("nodes_featureids");
        var modes = node.Texts("nodes_modes");
        var values = node.Numbers("nodes_values");
        var whenTrue = node.Integers("nodes_truenodeids");
        var whenFalse = node.Integers("nodes_falsenodeids");
        var tracks = node.Integers("nodes_missing_value_tracks_true");
        foreach (var count in new[] { ids.Count, features.Count, modes.Count, values.Length, whenTrue.Count, whenFalse.Count })
        {
            if (count != trees.Count)
            {
                throw Damaged($"its lists of nodes have {trees.Count} and {count} elements");
            }
        }

        if (tracks.Count != 0 && tracks.Count != trees.Count)
        {
            throw Damaged($"'nodes_missing_value_tracks_true' has {tracks.Count} elements for {trees.Count} nodes");
        }

        var places = new Dictionary<(long Tree, long Node), (OnnxTree Tree, int Number)>(trees.Count);
        var seen = new HashSet<long>();
        var children = new List<(OnnxTree Tree, long TreeId, List<long> True, List<long> False)>();
        for (var i = 0; i < trees.Count; i++)
        {
            if (i == 0 || trees[i] != trees[i - 1])
            {
                if (!seen.Add(trees[i]))
                {
                    throw Damaged($"the nodes of tree {trees[i]} do not stand together");
                }

                Trees.Add(new OnnxTree());
                children.Add((Trees[^1], trees[i], [], []));
            }

            var tree = Trees[^1];
            var mode = Mode(modes[i]);
            var isLeaf = mode == OnnxMode.Leaf;
            if (!places.TryAdd((trees[i], ids[i]), (tree, isLeaf ? ~tree.Leaves : tree.Modes.Count)))
            {
                throw Damaged($"tree {trees[i]} has node {ids[i]} twice");
            }

            if (isLeaf)
            {
                tree.Leaves++;
                continue;
            }

            if (features[i] is < 0 or > int.MaxValue - 1 || double.IsNaN(values[i]))
            {
                throw Damaged($"node {ids[i]} of tree {trees[i]} compares feature {features[i]} with {values[i]}; expected a feature and a number");
            }

            tree.Modes.Add(mode);
            tree.Features.Add((int)features[i]);
            tree.Values.Add(values[i]);
            tree.MissingIsTrue.Add(mode == OnnxMode.NotEqual || (tracks.Count > 0 && tracks[i] == 1));
            children[^1].True.Add(whenTrue[i]);
            children[^1].False.Add(whenFalse[i]);
        }

        foreach (var (tree, id, ofTrue, ofFalse) in children)
        {
            tree.True = [.. ofTrue.Select(child => Place(id, child).Number)];
            tree.False = [.. ofFalse.Select(child => Place(id, child).Number)];
            TreeShape.Check(tree.True, tree.False, tree.Leaves, $"{_where}, tree {id}");
        }

        ReadCovers(node.Numbers("nodes_hitrates"), trees, ids, places);
        return places;

        (OnnxTree Tree, int Number) Place(long tree, long child) => places.TryGetValue((tree, child), out var place)
            ? place
            : throw Damaged($"tree {tree} refers to node {child}, which is not there");
    }

    // What a file says of how often a node is visited binds nobody, and most write 1 everywhere: it is believed where it adds up.
    private void ReadCovers(
        double[] rates, List<long> trees, List<long> ids, Dictionary<(long Tree, long Node), (OnnxTree Tree, int Number)> places)
    {
        if (rates.Length != trees.Count)
        {
            return;
        }

        var ofNodes = Trees.ToDictionary(tree => tree, tree => new double[tree.Modes.Count]);
        foreach (var tree in Trees)
        {
            tree.Covers = new double[tree.Leaves];
        }

        for (var i = 0; i < rates.Length; i++)
        {
            var (tree, number) = places[(trees[i], ids[i])];
            (number < 0 ? tree.Covers! : ofNodes[tree])[number < 0 ? ~number : number] = rates[i];
        }

        foreach (var tree in Trees)
        {
            var (inner, leaves) = (ofNodes[tree], tree.Covers!);
            var addsUp = (inner.Length == 0 ? leaves[0] : inner[0]) > 0 && leaves.All(rate => rate >= 0 && double.IsFinite(rate));
            for (var at = 0; addsUp && at < inner.Length; at++)
            {
                addsUp = Math.Abs(inner[at] - Rate(tree.True[at]) - Rate(tree.False[at])) <= RateRounding * inner[at];
            }

            tree.Covers = addsUp ? leaves : null;

            double Rate(int child) => child < 0 ? leaves[~child] : inner[child];
        }
    }

    private void ReadVotes(
        OnnxNode node, string votes, int outputs, Dictionary<(long Tree, long Node), (OnnxTree Tree, int Number)> places)
    {
        var trees = node.Integers(votes + "_treeids");
        var ids = node.Integers(votes + "_nodeids");
        var targets = node.Integers(votes + "_ids");
        var weights = node.Numbers(votes + "_weights");
        if (ids.Count != trees.Count || targets.Count != trees.Count || weights.Length != trees.Count)
        {
            throw Damaged($"its lists of votes have {trees.Count}, {ids.Count}, {targets.Count} and {weights.Length} elements");
        }

        for (var i = 0; i < trees.Count; i++)
        {
            if (!places.TryGetValue((trees[i], ids[i]), out var place) || targets[i] < 0 || targets[i] >= outputs || !double.IsFinite(weights[i]))
            {
                throw Damaged($"node {ids[i]} of tree {trees[i]} votes for {targets[i]} of {outputs} with {weights[i]}; that cannot be");
            }

            // Some converters write weights for inner nodes, which nothing reads.
            if (place.Number < 0)
            {
                AllPositive &= weights[i] >= 0;
                if (!place.Tree.Weights.TryGetValue((int)targets[i], out var ofTarget))
                {
                    _weights += place.Tree.Leaves;
                    if (_weights > MostWeights)
                    {
                        throw new ModelImportException($"{_where}: its leaves have more than {MostWeights} weights for all classes, the most that are read.");
                    }

                    ofTarget = new double[place.Tree.Leaves];
                    place.Tree.Weights.Add((int)targets[i], ofTarget);
                }

                ofTarget[~place.Number] += weights[i];
            }
        }
    }

    private OnnxMode Mode(ReadOnlyMemory<byte> text) => text.Span switch
    {
        var mode when mode.SequenceEqual("LEAF"u8) => OnnxMode.Leaf,
        var mode when mode.SequenceEqual("BRANCH_LEQ"u8) => OnnxMode.LessOrEqual,
        var mode when mode.SequenceEqual("BRANCH_LT"u8) => OnnxMode.Less,
        var mode when mode.SequenceEqual("BRANCH_GTE"u8) => OnnxMode.GreaterOrEqual,
        var mode when mode.SequenceEqual("BRANCH_GT"u8) => OnnxMode.Greater,
        var mode when mode.SequenceEqual("BRANCH_EQ"u8) => OnnxMode.Equal,
        var mode when mode.SequenceEqual("BRANCH_NEQ"u8) => OnnxMode.NotEqual,
        var mode => throw Damaged($"a node is of mode '{Encoding.UTF8.GetString(mode[..Math.Min(mode.Length, 40)])}', which is none"),
    };

    private ModelImportException Damaged(string what) => new($"{_where}: {what}. The file is damaged.");
}
