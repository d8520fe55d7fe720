using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Explanations;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Models;

/// <summary>
/// Trees whose leaves hold more than one number: the parts of the classes, the mean and variance of a number, or a sample
/// of it.
/// </summary>
public sealed class ForestModel : TrainedModel, IStoredModel
{
    internal const string FormName = "forest";

    private readonly Lazy<TreeKernel<float>[]> _kernels;
    private readonly Lazy<TreeExplainer[]> _explainers;

    /// <summary>Describes a forest.</summary>
    /// <param name="description">Multiclass; regression with deviation; or quantiles.</param>
    /// <param name="trees">In single precision. A leaf's value is its number, counted through all trees.</param>
    /// <param name="leafStarts">Per leaf the index of its first value, and the number of all at the end.</param>
    /// <param name="leafValues">Per leaf: a part per class; mean and variance; or a sample, ascending.</param>
    /// <exception cref="ArgumentException">Leaves and values do not fit each other.</exception>
    internal ForestModel(ModelDescription description, TreeEnsemble trees, int[] leafStarts, double[] leafValues)
        : base(description)
    {
        var width = description.Task switch
        {
            ModelTask.Multiclass => description.Classes.Length,
            ModelTask.Regression when description.GivesDeviation => 2,
            ModelTask.Quantile => 0,
            _ => throw new ArgumentException($"A {description.Task} model is no forest of this form.", nameof(description)),
        };
        trees.CheckAgainst(Layout);
        var numbers = trees.Arrays.LeafValues;
        var isWhole = leafStarts.Length == numbers.Length + 1 && leafStarts[0] == 0 && leafStarts[^1] == leafValues.Length
            && trees.TreeCount > 0 && !trees.Arrays.InDouble;
        for (var leaf = 0; isWhole && leaf < numbers.Length; leaf++)
        {
            var length = leafStarts[leaf + 1] - leafStarts[leaf];
            isWhole = numbers[leaf] == leaf && length > 0 && (width == 0 || length == width);
        }

        if (!isWhole)
        {
            throw new ArgumentException("The forest's leaves and their values do not fit each other.", nameof(leafStarts));
        }

        Trees = trees;
        LeafStarts = [.. leafStarts];
        LeafValues = [.. leafValues];
        _explainers = new Lazy<TreeExplainer[]>(CreateExplainers);
        _kernels = new Lazy<TreeKernel<float>[]>(() =>
        {
            TreeEnsemble[] single = [.. Enumerable.Range(0, trees.TreeCount).Select(tree => trees.Slice(tree, tree + 1, 0))];
            var columns = TreeColumns.Of(single);
            return [.. single.Select(tree => (TreeKernel<float>)TreeKernel.Create(tree, columns))];
        });
    }

    /// <summary>The trees; a leaf's value is its number.</summary>
    public TreeEnsemble Trees { get; }

    /// <summary>Per leaf the index of its first value, and the number of all at the end.</summary>
    public ImmutableArray<int> LeafStarts { get; }

    /// <summary>The values of the leaves.</summary>
    public ImmutableArray<double> LeafValues { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        TreeSections.Write(Trees.Arrays, sections);
        sections["leafRanges"] = ModelContainer.Bytes<int>(LeafStarts.AsSpan());
        sections["distributions"] = ModelContainer.Bytes<double>(LeafValues.AsSpan());
    }

    internal static ForestModel Read(ModelDescription description, Container container) => new(
        description,
        new TreeEnsemble(TreeSections.Read(container), 0),
        ModelContainer.Array<int>(container, "leafRanges"),
        ModelContainer.Finite(container, "distributions"));

    private protected override void DemandExplainable()
    {
        if (Task == ModelTask.Quantile)
        {
            throw NoReasons("a quantile of all leaves' samples is no sum of what single trees say. Train Decision Forest Regression instead.");
        }

        if (Trees.Arrays.LeafCovers.Length != Trees.LeafCount)
        {
            throw NoCovers();
        }
    }

    private protected override IRowTransform Explain(IRowTransform scoring, BoundFeature[] features, int reasons) => new ReasonTransform(
        Description, scoring, features, Trees, _explainers.Value, new SumLink(SumLinkKind.None, Divisor: Trees.TreeCount), reasons);

    // One per class; of a number's mean and variance, the mean is the score.
    private TreeExplainer[] CreateExplainers()
    {
        var paths = new TreePaths(Trees);
        return
        [
            .. Enumerable.Range(0, Task == ModelTask.Multiclass ? Description.Classes.Length : 1).Select(value => new TreeExplainer(
                Trees, paths, [.. Enumerable.Range(0, Trees.LeafCount).Select(leaf => LeafValues[LeafStarts[leaf] + value])])),
        ];
    }

    internal override IScorer CreateScorer(BoundFeature[] features)
    {
        LeafCombiner combiner = Task switch
        {
            ModelTask.Multiclass => new MeanCombiner(Description.Classes.Length),
            ModelTask.Regression => new MixtureCombiner(),
            _ => new QuantileCombiner(Description.Quantiles),
        };
        return new ForestScorer(_kernels.Value, features, combiner, LeafStarts, LeafValues, Description.AllowsUnknownLevels);
    }
}
