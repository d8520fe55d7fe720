using System.Collections.Immutable;
using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import.LightGbm;

/// <summary>Makes a model of ours of a LightGBM text file. Scores have the bits of LightGBM's own predictor.</summary>
/// <remarks>
/// LightGBM compares doubles with "less or equal goes left", so do these trees. A missing number counts as zero where training
/// saw none (missing type none); counts as missing together with zeros where it was told so (zero); or is missing (nan). Numbers
/// within <see cref="TreeArrays.ZeroBand"/> of zero are made zero before its trees see them; here thresholds inside that band
/// move to its edge, which comes to the same.
/// Categories in a node's bit set go left, all others right: here the set goes right, and the children are exchanged.
/// </remarks>
internal static class LightGbmImport
{
    public static ImportedModel Read(ReadOnlySpan<byte> text, ModelImportOptions options)
    {
        var file = LightGbmFile.Read(text, options.FileName);
        if (file.Header("version") is not ("v2" or "v3" or "v4" or null) and var version)
        {
            throw new ModelImportException(
                $"{options.FileName}: LightGBM's format is of version '{MessagePart.Short(version)}'; v2, v3 and v4 are read. Save the model with LightGBM 2 to 4.");
        }

        var features = file.Words("feature_names").Length;
        foreach (var tree in file.Trees)
        {
            tree.Check(features);
        }

        var objective = LightGbmObjective.Read(file, options.FileName);
        var notes = new List<string>();
        var columns = LightGbmColumns.Read(file, options, notes);
        var sums = objective.Task == ModelTask.Multiclass ? objective.Classes : 1;
        if (file.Trees.Count % sums != 0)
        {
            throw new ModelImportException(
                $"{options.FileName}: found {file.Trees.Count} trees for {sums} classes; expected as many for each. The file is damaged.");
        }

        var builder = new TreeEnsembleBuilder { InDouble = true };
        var sets = new LevelSets(builder);
        for (var sum = 0; sum < sums; sum++)
        {
            for (var tree = sum; tree < file.Trees.Count; tree += sums)
            {
                Add(builder, sets, columns, file.Trees[tree]);
            }
        }

        var perSum = file.Trees.Count / sums;
        var description = Describe(file, objective, columns, options);
        var ensemble = builder.Build(0);
        TrainedModel model = objective.Task == ModelTask.Multiclass
            ? new TreeSumsModel(
                description, ensemble, [.. Enumerable.Range(0, sums + 1).Select(sum => sum * perSum)], [.. new double[sums]], objective.Link)
            : new TreeModel(description, ensemble, objective.Link);
        return new ImportedModel(
            model, $"LightGBM text, version {file.Header("version") ?? "v2"}", ensemble.TreeCount, ensemble.LeafCount, [.. notes]);
    }

    private static void Add(TreeEnsembleBuilder builder, LevelSets sets, LightGbmColumns columns, LightGbmTree tree)
    {
        var splits = new TreeSplit[tree.Features.Length];
        for (var node = 0; node < splits.Length; node++)
        {
            var (feature, left, right) = (tree.Features[node], tree.Left[node], tree.Right[node]);
            if (tree.IsCategorical(node))
            {
                splits[node] = new TreeSplit(feature, 0, sets.LevelOf(columns.LevelsOf(feature, tree.SetOf(node))), false, right, left);
                continue;
            }

            var threshold = OutsideZeros(tree.Thresholds[node]);
            var missingRight = (tree.Decisions[node] & 2) == 0;
            splits[node] = (tree.Decisions[node] >> 2) switch
            {
                0 => new TreeSplit(feature, threshold, TreeArrays.Number, threshold < 0, left, right),
                1 => new TreeSplit(feature, threshold, TreeArrays.Number, missingRight, left, right, ZeroIsMissing: true),
                _ => new TreeSplit(feature, threshold, TreeArrays.Number, missingRight, left, right),
            };
        }

        var hasCovers = tree.Covers.Length == tree.Leaves.Length && tree.Covers.All(cover => double.IsFinite(cover) && cover >= 0);
        builder.Add(splits, tree.Leaves, hasCovers ? tree.Covers : null);
    }

    private static double OutsideZeros(double threshold) =>
        threshold is < -TreeArrays.ZeroBand or >= TreeArrays.ZeroBand ? threshold
        : threshold >= 0 ? TreeArrays.ZeroBand
        : Math.BitDecrement(-TreeArrays.ZeroBand);

    private static ModelDescription Describe(
        LightGbmFile file, LightGbmObjective objective, LightGbmColumns columns, ModelImportOptions options) => new()
        {
            Learner = "LightGBM",
            Task = objective.Task,
            Label = new TableField
            {
                Name = options.Label,
                Type = objective.Task == ModelTask.Regression ? ColumnType.Double : ColumnType.Int64,
                Role = ColumnRole.Label,
            },
            Features = columns.Schema,
            Classes = [.. Enumerable.Range(0, objective.Classes).Select(index => index.ToString(CultureInfo.InvariantCulture))],
            Parameters = ImmutableSortedDictionary.CreateRange(
                StringComparer.Ordinal,
                [KeyValuePair.Create("objective", file.Header("objective") is { Length: > 0 } text ? text : objective.Name)]),
        };
}
