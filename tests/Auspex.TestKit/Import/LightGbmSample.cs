using System.Globalization;
using System.Text;

namespace Auspex.TestKit.Import;

/// <summary>A node of a tree as LightGBM keeps it: children below zero are leaves <c>~leaf</c>.</summary>
/// <param name="Feature">The column.</param>
/// <param name="Threshold">For a number: less or equal goes left.</param>
/// <param name="Categories">For a category: these go left; null for a number.</param>
/// <param name="DefaultLeft">Whether missing numbers go left.</param>
/// <param name="Missing">0: NaN counts as zero; 1: zero and NaN are missing; 2: NaN is missing.</param>
/// <param name="Left">Child of rows that pass.</param>
/// <param name="Right">Child of others.</param>
public sealed record LightGbmNode(int Feature, double Threshold, int[]? Categories, bool DefaultLeft, int Missing, int Left, int Right);

/// <summary>A tree as LightGBM keeps it.</summary>
public sealed record LightGbmLeaves(LightGbmNode[] Nodes, double[] Values);

/// <summary>A made-up LightGBM model: its text, and what it scores, node by node in double precision.</summary>
public sealed class LightGbmSample
{
    /// <summary>Columns of numbers, before the categories.</summary>
    public const int Numbers = 5;

    /// <summary>Columns of categories.</summary>
    public const int CategoryColumns = 2;

    /// <summary>Categories are 0 to this, less one; some numbers between are never used.</summary>
    public const int Categories = 70;

    private const double ZeroBand = 1e-35f;

    public required string Objective { get; init; }

    /// <summary>Trees per iteration.</summary>
    public int Sums { get; init; } = 1;

    /// <summary>Whether the mean of the trees is meant.</summary>
    public bool IsMean { get; init; }

    public required LightGbmLeaves[] Trees { get; init; }

    /// <summary>A model of random shape; thresholds repeat and lie among the values of <see cref="RandomRow"/>.</summary>
    public static LightGbmSample Create(Random random, string objective, int sums, int iterations, int mostLeaves, bool isMean = false) => new()
    {
        Objective = objective,
        Sums = sums,
        IsMean = isMean,
        Trees = [.. Enumerable.Range(0, sums * iterations).Select(_ => RandomTree(random, random.Next(1, mostLeaves + 1)))],
    };

    /// <summary>A chain: each node's right child is the next node.</summary>
    public static LightGbmLeaves Chain(int depth) => new(
        [.. Enumerable.Range(0, depth).Select(node => new LightGbmNode(
            node % Numbers, node * 0.01, null, node % 2 == 0, node % 3, ~node, node == depth - 1 ? ~depth : node + 1))],
        [.. Enumerable.Range(0, depth + 1).Select(leaf => leaf * 0.1)]);

    /// <summary>Numbers on thresholds, beside them, missing, zeros of both signs; then categories, some unknown, some missing.</summary>
    public static double[] RandomRow(Random random) =>
    [
        .. Enumerable.Range(0, Numbers).Select(_ => RandomNumber(random)),
        .. Enumerable.Range(0, CategoryColumns).Select(_ => random.Next(8) switch
        {
            0 => double.NaN,
            1 => -1.0,
            2 => 1_000_000.0,
            _ => random.Next(Categories + 3),
        }),
    ];

    public static double RandomThreshold(Random random) => random.Next(8) switch
    {
        0 => random.Next(-1, 2) * ZeroBand,
        1 => random.Next(-1, 2) * 1e-36,
        2 => random.Next(2) == 0 ? double.PositiveInfinity : double.NegativeInfinity,
        3 => Math.BitIncrement(ZeroBand) * random.Next(-1, 2),
        4 => random.NextDouble(),
        _ => random.Next(-10, 11) * 0.1,
    };

    /// <summary>The model's file.</summary>
    public string ToText(string extra = "", string? pandas = null)
    {
        var text = new StringBuilder();
        var columns = Numbers + CategoryColumns;
        text.Append(CultureInfo.InvariantCulture, $"tree\nversion=v4\nnum_class={Sums}\nnum_tree_per_iteration={Sums}\nlabel_index=0\n");
        text.Append(CultureInfo.InvariantCulture, $"max_feature_idx={columns - 1}\nobjective={Objective}\n");
        text.Append(IsMean ? "average_output\n" : "");
        text.Append("feature_names=").AppendJoin(' ', Enumerable.Range(0, columns).Select(column => $"c{column}")).Append('\n');
        text.Append("feature_infos=").AppendJoin(' ', Enumerable.Range(0, columns).Select(
            column => column < Numbers ? "[-1:1]" : string.Join(':', Enumerable.Range(0, Categories)))).Append('\n');
        text.Append(extra).Append('\n');
        for (var tree = 0; tree < Trees.Length; tree++)
        {
            Append(text, tree, Trees[tree]);
        }

        text.Append("end of trees\n\nfeature_importances:\nc0=1\n\nparameters:\n[boosting: gbdt]\n\nend of parameters\n\n");
        return text.Append("pandas_categorical:").Append(pandas ?? "null").Append('\n').ToString();
    }

    /// <summary>The sums of a row, one per class.</summary>
    public double[] Sum(double[] row)
    {
        var sums = new double[Sums];
        for (var tree = 0; tree < Trees.Length; tree++)
        {
            sums[tree % Sums] += Value(Trees[tree], row);
        }

        if (IsMean)
        {
            for (var sum = 0; sum < sums.Length; sum++)
            {
                sums[sum] /= Trees.Length / Sums;
            }
        }

        return sums;
    }

    private static double RandomNumber(Random random) => random.Next(12) switch
    {
        0 => double.NaN,
        1 => 0,
        2 => -0.0,
        3 => Math.BitIncrement(RandomThreshold(random)),
        4 => Math.BitDecrement(RandomThreshold(random)),
        5 => double.PositiveInfinity,
        6 => double.NegativeInfinity,
        7 => random.NextDouble() * 1e-30,
        _ => RandomThreshold(random),
    };

    private static double Value(LightGbmLeaves tree, double[] row)
    {
        var at = tree.Nodes.Length == 0 ? ~0 : 0;
        while (at >= 0)
        {
            var node = tree.Nodes[at];
            at = GoesLeft(node, row[node.Feature]) ? node.Left : node.Right;
        }

        return tree.Values[~at];
    }

    private static bool GoesLeft(LightGbmNode node, double value)
    {
        if (node.Categories is { } categories)
        {
            return value >= 0 && value < int.MaxValue && categories.Contains((int)value);
        }

        // LightGBM's predictor takes rows apart into numbers other than zero first.
        value = Math.Abs(value) <= ZeroBand ? 0 : value;

        if (double.IsNaN(value) && node.Missing != 2)
        {
            value = 0;
        }

        var isMissing = node.Missing == 1 ? value >= -ZeroBand && value <= ZeroBand : node.Missing == 2 && double.IsNaN(value);
        return isMissing ? node.DefaultLeft : value <= node.Threshold;
    }

    private static LightGbmLeaves RandomTree(Random random, int leaves)
    {
        var nodes = new List<LightGbmNode>();
        var ends = new List<(int Node, bool Right)> { (-1, false) };
        while (ends.Count < leaves)
        {
            var at = random.Next(ends.Count);
            Attach(nodes, ends[at], nodes.Count);
            ends[at] = (nodes.Count, false);
            ends.Add((nodes.Count, true));
            nodes.Add(RandomNode(random));
        }

        for (var leaf = 0; leaf < ends.Count; leaf++)
        {
            Attach(nodes, ends[leaf], ~leaf);
        }

        return new LightGbmLeaves([.. nodes], [.. Enumerable.Range(0, leaves).Select(_ => random.NextDouble() - 0.5)]);
    }

    private static void Attach(List<LightGbmNode> nodes, (int Node, bool Right) end, int child)
    {
        if (end.Node >= 0)
        {
            nodes[end.Node] = end.Right ? nodes[end.Node] with { Right = child } : nodes[end.Node] with { Left = child };
        }
    }

    private static LightGbmNode RandomNode(Random random)
    {
        if (random.Next(4) == 0)
        {
            int[] categories = [.. Enumerable.Range(0, Categories).Where(_ => random.Next(3) == 0)];
            return new LightGbmNode(Numbers + random.Next(CategoryColumns), 0, random.Next(5) == 0 ? [] : categories, false, 0, 0, 0);
        }

        return new LightGbmNode(random.Next(Numbers), RandomThreshold(random), null, random.Next(2) == 0, random.Next(3), 0, 0);
    }

    private static void Append(StringBuilder text, int number, LightGbmLeaves tree)
    {
        LightGbmNode[] categorical = [.. tree.Nodes.Where(node => node.Categories is not null)];
        var set = 0;
        text.Append(CultureInfo.InvariantCulture, $"Tree={number}\nnum_leaves={tree.Values.Length}\nnum_cat={categorical.Length}\n");
        Line("split_feature", tree.Nodes.Select(node => $"{node.Feature}"));
        Line("threshold", tree.Nodes.Select(node => node.Categories is null ? Number(node.Threshold) : $"{set++}"));
        Line("decision_type", tree.Nodes.Select(node => $"{(node.Categories is null ? 0 : 1) | (node.DefaultLeft ? 2 : 0) | (node.Missing << 2)}"));
        Line("left_child", tree.Nodes.Select(node => $"{node.Left}"));
        Line("right_child", tree.Nodes.Select(node => $"{node.Right}"));
        Line("leaf_value", tree.Values.Select(Number));
        if (categorical.Length > 0)
        {
            var words = categorical.Select(node => Words(node.Categories!)).ToArray();
            Line("cat_boundaries", words.Aggregate(new List<int> { 0 }, (starts, some) => [.. starts, starts[^1] + some.Length]).Select(start => $"{start}"));
            Line("cat_threshold", words.SelectMany(some => some).Select(word => $"{word}"));
        }

        text.Append("is_linear=0\nshrinkage=0.1\n\n\n");

        void Line(string key, IEnumerable<string> values) => text.Append(key).Append('=').AppendJoin(' ', values).Append('\n');
    }

    private static uint[] Words(int[] categories)
    {
        var words = new uint[categories.Length == 0 ? 1 : (categories.Max() / 32) + 1];
        foreach (var category in categories)
        {
            words[category / 32] |= 1u << (category % 32);
        }

        return words;
    }

    private static string Number(double value) =>
        double.IsInfinity(value) ? (value > 0 ? "inf" : "-inf") : value.ToString("R", CultureInfo.InvariantCulture);
}
