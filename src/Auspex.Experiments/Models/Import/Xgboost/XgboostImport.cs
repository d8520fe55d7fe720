using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.Xgboost;

/// <summary>Makes a model of ours of XGBoost's JSON: <c>gbtree</c> and <c>dart</c>, categorical splits included.</summary>
/// <remarks>
/// XGBoost rounds columns to single precision, sends "less" left, and a missing number the node's own way; rows whose category
/// is in a node's set go right. Categories are the whole numbers that XGBoost saw. Leaves are added in double precision here,
/// in single there.
/// </remarks>
internal static class XgboostImport
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Whether the text begins as JSON does.</summary>
    public static bool Matches(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n"u8).StartsWith("{"u8);

    /// <param name="bytes">The file; changed where it is no JSON.</param>
    /// <param name="options">What it does not say.</param>
    public static ImportedModel Read(byte[] bytes, ModelImportOptions options)
    {
        try
        {
            XgboostJson.HideNonFinite(bytes);
            using var document = JsonDocument.Parse(bytes, Options);
            return Read(document.RootElement, options);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ModelImportException(
                $"{options.FileName}: this is no model in XGBoost's JSON: {MessagePart.Short(exception.Message)} Save it with save_model(\"model.json\").", exception);
        }
    }

    private static ImportedModel Read(JsonElement root, ModelImportOptions options)
    {
        var learner = root.GetProperty("learner");
        var parameters = learner.GetProperty("learner_model_param");
        var booster = learner.GetProperty("gradient_booster");
        var kind = booster.GetProperty("name").GetString();
        if (kind is not ("gbtree" or "dart"))
        {
            throw new ModelImportException($"{options.FileName}: the booster is '{MessagePart.Short(kind ?? "")}'; expected gbtree or dart.");
        }

        var model = (kind == "dart" ? booster.GetProperty("gbtree") : booster).GetProperty("model");
        var objective = XgboostObjective.Read(learner, parameters, options.FileName);
        var features = (int)XgboostJson.Number(parameters.GetProperty("num_feature"));
        var schema = Schema(learner, features, options);
        var trees = model.GetProperty("trees").EnumerateArray()
            .Select((tree, index) => XgboostTree.Read(tree, features, $"{options.FileName}, tree {index}")).ToArray();
        var classes = XgboostJson.Integers(model.GetProperty("tree_info"));
        double[] weights = kind == "dart"
            ? [.. booster.GetProperty("weight_drop").EnumerateArray().Select(XgboostJson.Number)]
            : [.. trees.Select(_ => 1.0)];
        if (classes.Length != trees.Length || weights.Length != trees.Length || classes.Any(index => index < 0 || index >= objective.Sums))
        {
            throw new ModelImportException(
                $"{options.FileName}: found {trees.Length} trees, {classes.Length} classes of trees and {weights.Length} weights. The file is damaged.");
        }

        var builder = new TreeEnsembleBuilder();
        var points = Points(builder, trees);
        var sets = new LevelSets(builder);
        var starts = ImmutableArray.CreateBuilder<int>();
        for (var sum = 0; sum < objective.Sums; sum++)
        {
            starts.Add(sum == 0 ? 0 : starts[^1] + classes.Count(index => index == sum - 1));
            for (var i = 0; i < trees.Length; i++)
            {
                if (classes[i] == sum)
                {
                    var tree = trees[i];
                    var weight = weights[i];
                    builder.Add(
                        [.. Enumerable.Range(0, tree.Features.Count).Select(node => Split(tree, node, points, sets))],
                        [.. tree.Leaves.Select(leaf => leaf * weight)],
                        tree.Covers.Count == tree.Leaves.Count ? tree.Covers : null);
                }
            }
        }

        starts.Add(trees.Length);
        var description = objective.Describe(options, schema);
        var ensemble = builder.Build(objective.Sums == 1 ? objective.Bias : 0);
        TrainedModel imported = objective.Sums == 1
            ? new TreeModel(description, ensemble, objective.Link)
            : new TreeSumsModel(
                description, ensemble, starts.ToImmutable(), [.. Enumerable.Repeat(objective.Bias, objective.Sums)], objective.Link);
        var version = root.TryGetProperty("version", out var list) ? string.Join('.', XgboostJson.Integers(list)) : "unknown";
        return new ImportedModel(imported, $"XGBoost JSON, version {version}", ensemble.TreeCount, ensemble.LeafCount, []);
    }

    private static TableSchema Schema(JsonElement learner, int features, ModelImportOptions options)
    {
        string[] names = learner.TryGetProperty("feature_names", out var list)
            ? [.. list.EnumerateArray().Select(name => name.GetString() ?? throw new FormatException("A feature has no name."))]
            : [];

        // Unnamed features are bounded by the caller's names or by what the file can pay for.
        if (names.Length == 0 && features is >= 0 and <= 1 << 17)
        {
            names = [.. Enumerable.Range(0, features).Select(index => string.Create(CultureInfo.InvariantCulture, $"f{index}"))];
        }

        return names.Length == features
            ? new TableSchema(
                [.. FeatureNames.Choose(options, names).Select(name => new TableField { Name = name, Type = ColumnType.Double })])
            : throw new ModelImportException($"{options.FileName}: found {names.Length} feature names for {features} features. The file is damaged.");
    }

    private static Dictionary<int, double[]> Points(TreeEnsembleBuilder builder, XgboostTree[] trees)
    {
        var values = new Dictionary<int, SortedSet<double>>();
        foreach (var tree in trees)
        {
            for (var node = 0; node < tree.Features.Count; node++)
            {
                if (tree.Categories[node] is { } categories)
                {
                    if (!values.TryGetValue(tree.Features[node], out var ofFeature))
                    {
                        values.Add(tree.Features[node], ofFeature = []);
                    }

                    // Beyond 2^24 single precision has no number of its own for each.
                    ofFeature.UnionWith(categories.Where(category => Math.Abs((long)category) <= 1 << 24).Select(category => (double)category));
                }
            }
        }

        var points = values.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray());
        foreach (var (feature, ofFeature) in points)
        {
            builder.SetPoints(feature, ofFeature);
        }

        return points;
    }

    private static TreeSplit Split(XgboostTree tree, int node, Dictionary<int, double[]> points, LevelSets sets)
    {
        var (feature, missingLeft) = (tree.Features[node], tree.MissingLeft[node]);
        if (tree.Categories[node] is not { } categories)
        {
            var threshold = TreeSplit.AtLeast(tree.Thresholds[node]);
            return new TreeSplit(feature, threshold, TreeArrays.Number, !missingLeft, tree.Left[node], tree.Right[node]);
        }

        var levels = categories.Select(category => Array.BinarySearch(points[feature], category)).Where(level => level >= 0);
        int[] right = missingLeft ? [.. levels] : [.. levels, points[feature].Length];
        return new TreeSplit(feature, 0, sets.LevelOf(right), false, tree.Left[node], tree.Right[node]);
    }
}
