using System.Buffers.Binary;

namespace Auspex.TestKit.Import;

/// <summary>A node of an ONNX tree; a leaf has votes and no mode of comparison.</summary>
public sealed record OnnxSampleNode(
    string Mode, int Feature, double Value, bool MissingIsTrue, int True, int False, IReadOnlyDictionary<int, float> Votes);

/// <summary>A made-up ONNX tree ensemble: its bytes, and what it sums, node by node.</summary>
public sealed class OnnxSample
{
    public const int Features = 6;

    private const string MlDomain = "ai.onnx.ml";

    private static readonly string[] Modes = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ"];

    public required OnnxSampleNode[][] Trees { get; init; }

    /// <summary>Class labels; none for a regressor.</summary>
    public string[] StringLabels { get; init; } = [];

    /// <summary>Class labels; none for a regressor.</summary>
    public long[] IntegerLabels { get; init; } = [];

    public string Transform { get; init; } = "NONE";

    public string Aggregate { get; init; } = "SUM";

    public float[] BaseValues { get; init; } = [];

    /// <summary>Per node of all trees how often it is visited; none for a file that does not say.</summary>
    public float[] HitRates { get; init; } = [];

    /// <summary>Whether the input and the thresholds are of double precision.</summary>
    public bool IsDouble { get; init; }

    public int Version { get; init; } = 3;

    public bool IsClassifier => StringLabels.Length + IntegerLabels.Length > 0;

    /// <summary>Trees of random shape with all modes, each leaf with votes for some outputs.</summary>
    public static OnnxSampleNode[][] RandomTrees(
        Random random, int trees, int mostLeaves, int[] outputs, Func<float> weight, string[]? modes = null, bool isDouble = false) =>
        [.. Enumerable.Range(0, trees).Select(_ => RandomTree(random, random.Next(1, mostLeaves + 1), outputs, weight, modes ?? Modes, isDouble))];

    /// <summary>Numbers on thresholds, beside them, missing, infinite.</summary>
    public static double[] RandomRow(Random random) =>
    [
        .. Enumerable.Range(0, Features).Select(_ => random.Next(10) switch
        {
            0 => double.NaN,
            1 => float.BitIncrement((float)Threshold(random, false)),
            2 => float.BitDecrement((float)Threshold(random, false)),
            3 => double.PositiveInfinity,
            4 => -0.0,
            5 => Threshold(random, true),
            6 => random.NextDouble(),
            _ => Threshold(random, false),
        }),
    ];

    /// <summary>The sums of a row, one per output, in double precision; columns are rounded to the precision of the input.</summary>
    public double[] Sum(double[] row, int outputs)
    {
        var sums = new double[outputs];
        for (var i = 0; i < BaseValues.Length; i++)
        {
            sums[i] = BaseValues[i];
        }

        foreach (var tree in Trees)
        {
            var at = 0;
            while (tree[at].Mode != "LEAF")
            {
                at = IsTrue(tree[at], row[tree[at].Feature]) ? tree[at].True : tree[at].False;
            }

            foreach (var (output, vote) in tree[at].Votes)
            {
                sums[output] += vote / (Aggregate == "AVERAGE" ? (double)Trees.Length : 1);
            }
        }

        return sums;
    }

    /// <summary>How far a sum in single precision, in any order, may be from <see cref="Sum"/>: the usual bound of its rounding errors.</summary>
    public double RoundingBound(int output)
    {
        var most = BaseValues.Length > output ? Math.Abs((double)BaseValues[output]) : 0;
        foreach (var tree in Trees)
        {
            most += tree.Max(node => Math.Abs((double)node.Votes.GetValueOrDefault(output)));
        }

        return (Trees.Length + 2) * most * Math.Pow(2, -23);
    }

    /// <summary>The operator, taking <paramref name="input"/>.</summary>
    public ProtoWriter Node(string input, params string[] outputs)
    {
        var nodes = Trees.SelectMany((tree, number) => tree.Select((node, id) => (Tree: (long)number, Id: (long)id, Node: node))).ToArray();
        var votes = nodes.SelectMany(entry => entry.Node.Votes.Select(vote => (entry.Tree, entry.Id, Output: (long)vote.Key, Weight: vote.Value))).ToArray();
        var kind = IsClassifier ? "class" : "target";
        var node = OnnxFile.Node(IsClassifier ? "TreeEnsembleClassifier" : "TreeEnsembleRegressor", "trees", MlDomain, [input], outputs)
            .Message(5, OnnxFile.Integers("nodes_treeids", nodes.Select(entry => entry.Tree)))
            .Message(5, OnnxFile.Integers("nodes_nodeids", nodes.Select(entry => entry.Id)))
            .Message(5, OnnxFile.Integers("nodes_featureids", nodes.Select(entry => (long)entry.Node.Feature)))
            .Message(5, OnnxFile.Texts("nodes_modes", nodes.Select(entry => entry.Node.Mode)))
            .Message(5, Numbers("nodes_values", nodes.Select(entry => entry.Node.Value)))
            .Message(5, OnnxFile.Integers("nodes_truenodeids", nodes.Select(entry => (long)entry.Node.True)))
            .Message(5, OnnxFile.Integers("nodes_falsenodeids", nodes.Select(entry => (long)entry.Node.False)))
            .Message(5, OnnxFile.Integers("nodes_missing_value_tracks_true", nodes.Select(entry => entry.Node.MissingIsTrue ? 1L : 0)))
            .Message(5, OnnxFile.Integers(kind + "_treeids", votes.Select(vote => vote.Tree)))
            .Message(5, OnnxFile.Integers(kind + "_nodeids", votes.Select(vote => vote.Id)))
            .Message(5, OnnxFile.Integers(kind + "_ids", votes.Select(vote => vote.Output)))
            .Message(5, Numbers(kind + "_weights", votes.Select(vote => (double)vote.Weight)))
            .Message(5, OnnxFile.TextAttribute("post_transform", Transform));
        if (HitRates.Length > 0)
        {
            node.Message(5, OnnxFile.Singles("nodes_hitrates", HitRates));
        }

        if (BaseValues.Length > 0)
        {
            node.Message(5, Numbers("base_values", BaseValues.Select(value => (double)value)));
        }

        if (StringLabels.Length > 0)
        {
            node.Message(5, OnnxFile.Texts("classlabels_strings", StringLabels));
        }

        if (IntegerLabels.Length > 0)
        {
            node.Message(5, OnnxFile.Integers("classlabels_int64s", IntegerLabels));
        }

        return IsClassifier ? node : node
            .Message(5, OnnxFile.Integer("n_targets", 1))
            .Message(5, OnnxFile.TextAttribute("aggregate_function", Aggregate));
    }

    /// <summary>A model of this operator alone, with one input tensor.</summary>
    public byte[] ToBytes()
    {
        var type = IsDouble ? 11 : 1;
        var graph = new ProtoWriter().Message(1, IsClassifier ? Node("X", "label", "scores") : Node("X", "score")).Text(2, "graph")
            .Message(11, OnnxFile.Value("X", type, -1, Features));
        if (IsClassifier)
        {
            graph.Message(12, OnnxFile.Value("label", StringLabels.Length > 0 ? 8 : 7, -1));
        }

        graph.Message(12, OnnxFile.Value(IsClassifier ? "scores" : "score", 1, -1, IsClassifier ? StringLabels.Length + IntegerLabels.Length : 1));
        return OnnxFile.Model(graph, Version);
    }

    private static OnnxSampleNode[] RandomTree(Random random, int leaves, int[] outputs, Func<float> weight, string[] modes, bool isDouble)
    {
        var nodes = new List<OnnxSampleNode> { Leaf() };
        for (var count = 1; count < leaves; count++)
        {
            int at;
            do
            {
                at = random.Next(nodes.Count);
            }
            while (nodes[at].Mode != "LEAF");

            nodes[at] = new OnnxSampleNode(
                modes[random.Next(modes.Length)], random.Next(Features), Threshold(random, isDouble), random.Next(2) == 0,
                nodes.Count, nodes.Count + 1, new Dictionary<int, float>());
            nodes.Add(Leaf());
            nodes.Add(Leaf());
        }

        return [.. nodes];

        OnnxSampleNode Leaf() => new("LEAF", 0, 0, false, 0, 0, outputs.ToDictionary(output => output, _ => weight()));
    }

    private static double Threshold(Random random, bool isDouble) => isDouble ? random.Next(-5, 6) * 0.3 : (float)(random.Next(-5, 6) * 0.3);

    private bool IsTrue(OnnxSampleNode node, double number)
    {
        number = IsDouble ? number : (float)number;
        return (double.IsNaN(number) && node.MissingIsTrue) || node.Mode switch
        {
            "BRANCH_LEQ" => number <= node.Value,
            "BRANCH_LT" => number < node.Value,
            "BRANCH_GTE" => number >= node.Value,
            "BRANCH_GT" => number > node.Value,
            "BRANCH_EQ" => number == node.Value,
            _ => number != node.Value,
        };
    }

    private ProtoWriter Numbers(string name, IEnumerable<double> values)
    {
        if (!IsDouble)
        {
            return OnnxFile.Singles(name, values.Select(value => (float)value));
        }

        double[] all = [.. values];
        var raw = new byte[all.Length * sizeof(double)];
        for (var i = 0; i < all.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(raw.AsSpan(i * sizeof(double)), all[i]);
        }

        var tensor = new ProtoWriter().Packed(1, [all.Length]).Integer(2, 11).Bytes(9, raw);
        return new ProtoWriter().Text(1, name + "_as_tensor").Message(5, tensor).Integer(20, 4);
    }
}
