using System.Text.Json;

namespace Auspex.Experiments.Models.Import.Xgboost;

/// <summary>A tree of an XGBoost file, pruned nodes left out; children of leaves as <c>~leaf</c>, node 0 the root.</summary>
internal sealed class XgboostTree
{
    private readonly Dictionary<int, int[]> _categories = [];

    private XgboostTree()
    {
    }

    public List<int> Features { get; } = [];

    /// <summary>Per node the number below which a row goes left.</summary>
    public List<float> Thresholds { get; } = [];

    /// <summary>Per node whether a missing number goes left.</summary>
    public List<bool> MissingLeft { get; } = [];

    /// <summary>Per node the categories that go right, ascending; null for a comparison.</summary>
    public List<int[]?> Categories { get; } = [];

    public List<int> Left { get; } = [];

    public List<int> Right { get; } = [];

    public List<double> Leaves { get; } = [];

    /// <summary>Per leaf the weight of its training rows (the sum of second derivatives); none where the file does not say.</summary>
    public List<double> Covers { get; } = [];

    /// <exception cref="ModelImportException">Lists that do not fit each other, circles, references to nothing.</exception>
    public static XgboostTree Read(JsonElement json, int features, string where)
    {
        if (json.GetProperty("tree_param").TryGetProperty("size_leaf_vector", out var size) && XgboostJson.Number(size) > 1)
        {
            throw new ModelImportException($"{where}: its leaves are vectors (multi_output_tree), which are not read. Train one output per tree.");
        }

        var tree = new XgboostTree();
        var left = XgboostJson.Integers(json.GetProperty("left_children"));
        var right = XgboostJson.Integers(json.GetProperty("right_children"));
        var indices = XgboostJson.Integers(json.GetProperty("split_indices"));
        JsonElement[] conditions = [.. json.GetProperty("split_conditions").EnumerateArray()];
        var missingLeft = XgboostJson.Integers(json.GetProperty("default_left"));
        if (left.Length == 0 || new[] { right.Length, indices.Length, conditions.Length, missingLeft.Length }.Any(count => count != left.Length))
        {
            throw new ModelImportException($"{where}: its lists have different lengths, or are empty. The file is damaged.");
        }

        tree.ReadCategories(json, where);
        double[] weights = json.TryGetProperty("sum_hessian", out var hessians)
            ? [.. hessians.EnumerateArray().Select(XgboostJson.Number)]
            : [];

        // A node's number in the file, and where its own number here is to be written.
        var pending = new Stack<(int Node, List<int>? Into, int At)>([(0, null, 0)]);
        var seen = new bool[left.Length];
        while (pending.TryPop(out var entry))
        {
            var node = entry.Node;
            if (node < 0 || node >= seen.Length || seen[node])
            {
                throw new ModelImportException($"{where}: node {node} is not there, or has two parents. The file is damaged.");
            }

            seen[node] = true;
            var isLeaf = left[node] == -1;
            entry.Into?[entry.At] = isLeaf ? ~tree.Leaves.Count : tree.Features.Count;

            // A categorical node has no number.
            var categories = isLeaf ? null : tree._categories.GetValueOrDefault(node);
            var number = categories is null ? (float)XgboostJson.Number(conditions[node]) : 0;
            if (!float.IsFinite(number))
            {
                throw new ModelImportException($"{where}: node {node} has a number that is not finite. Train again without it.");
            }

            if (isLeaf)
            {
                tree.Leaves.Add(number);
                if (weights.Length == left.Length && double.IsFinite(weights[node]) && weights[node] >= 0)
                {
                    tree.Covers.Add(weights[node]);
                }

                continue;
            }

            if (indices[node] < 0 || indices[node] >= features)
            {
                throw new ModelImportException($"{where}: node {node} asks for feature {indices[node]}; there are {features}. The file is damaged.");
            }

            tree.Features.Add(indices[node]);
            tree.Thresholds.Add(number);
            tree.MissingLeft.Add(missingLeft[node] != 0);
            tree.Categories.Add(categories);
            tree.Left.Add(0);
            tree.Right.Add(0);
            pending.Push((right[node], tree.Right, tree.Right.Count - 1));
            pending.Push((left[node], tree.Left, tree.Left.Count - 1));
        }

        return tree;
    }

    private void ReadCategories(JsonElement json, string where)
    {
        if (!json.TryGetProperty("categories", out var list))
        {
            return;
        }

        var categories = XgboostJson.Integers(list);
        var nodes = XgboostJson.Integers(json.GetProperty("categories_nodes"));
        var starts = XgboostJson.Integers(json.GetProperty("categories_segments"));
        var sizes = XgboostJson.Integers(json.GetProperty("categories_sizes"));

        // Nodes do not share categories: that bounds what they hold by the size of the file.
        if (sizes.Sum(size => Math.Max(0L, size)) > categories.Length)
        {
            throw new ModelImportException($"{where}: its nodes have more categories than are listed. The file is damaged.");
        }

        for (var i = 0; i < nodes.Length; i++)
        {
            if (i >= starts.Length || i >= sizes.Length || starts[i] < 0 || sizes[i] < 0 || (long)starts[i] + sizes[i] > categories.Length
                || !_categories.TryAdd(nodes[i], [.. categories.AsSpan(starts[i], sizes[i])]))
            {
                throw new ModelImportException($"{where}: its lists of categories do not fit each other. The file is damaged.");
            }

            Array.Sort(_categories[nodes[i]]);
        }
    }
}
