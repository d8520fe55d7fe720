using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Explanations;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Models;

/// <summary>A sum of decision trees per class.</summary>
public sealed class TreeSumsModel : TrainedModel
{
    private readonly TreeEnsemble[] _sums;
    private readonly Lazy<TreeKernel[]> _kernels;
    private readonly Lazy<TreeExplainer[]> _explainers;

    /// <summary>Describes sums of trees.</summary>
    /// <param name="description">Binary or multiclass; its features are the columns that the trees index.</param>
    /// <param name="trees">All trees, those of a class after those of the class before; its own bias does not matter.</param>
    /// <param name="starts">Per class of the description, in its order, the index of its first tree, and their number at the end.</param>
    /// <param name="biases">Per class what its sum begins with.</param>
    /// <param name="link">From the sums to the scores.</param>
    /// <exception cref="ArgumentException">The numbers of classes differ, or the link does not fit the task.</exception>
    public TreeSumsModel(
        ModelDescription description, TreeEnsemble trees, ImmutableArray<int> starts, ImmutableArray<double> biases, SumLink link)
        : base(description)
    {
        var classes = description.Classes.Length;
        if (classes < 2 || starts.Length != classes + 1 || biases.Length != classes || starts[0] != 0 || starts[^1] != trees.TreeCount)
        {
            throw new ArgumentException(
                $"Found {starts.Length - 1} sums with {biases.Length} biases over {trees.TreeCount} trees; there are {classes} classes.",
                nameof(starts));
        }

        // Of two classes the second is scored alone, which says all there is to say only when the two add up to 1.
        if (!link.IsValid || (description.Task == ModelTask.Binary && link.IsElementwise) || !starts.SequenceEqual(starts.Order()))
        {
            throw new ArgumentException($"A {description.Task} model of several sums of trees cannot end in {link}.", nameof(link));
        }

        trees.CheckAgainst(Layout);
        Trees = trees;
        Starts = starts;
        Biases = biases;
        Link = link;
        _sums = [.. Enumerable.Range(0, classes).Select(sum => trees.Slice(starts[sum], starts[sum + 1], biases[sum]))];
        _explainers = new Lazy<TreeExplainer[]>(() => [.. _sums.Select(sum => new TreeExplainer(sum))]);
        _kernels = new Lazy<TreeKernel[]>(() =>
        {
            var columns = TreeColumns.Of(_sums);
            return [.. _sums.Select(sum => TreeKernel.Create(sum, columns))];
        });
    }

    /// <summary>All trees, in the order of the classes.</summary>
    public TreeEnsemble Trees { get; }

    /// <summary>Per class the index of its first tree, and the number of trees at the end.</summary>
    public ImmutableArray<int> Starts { get; }

    /// <summary>Per class what its sum begins with.</summary>
    public ImmutableArray<double> Biases { get; }

    /// <summary>From the sums to the scores.</summary>
    public SumLink Link { get; }

    /// <inheritdoc/>
    public override TrainedModel WithBackground(TableBatch rows) => new TreeSumsModel(
        Description, LeafCounts.Count(Trees, Layout, rows), Starts, Biases, Link);

    private protected override void DemandExplainable()
    {
        if (Trees.Arrays.LeafCovers.Length != Trees.LeafCount)
        {
            throw NoCovers();
        }
    }

    private protected override IRowTransform Explain(IRowTransform scoring, BoundFeature[] features, int reasons) =>
        new ReasonTransform(Description, scoring, features, Trees, _explainers.Value, Link, reasons);

    internal override IScorer CreateScorer(BoundFeature[] features) => TreeScorer.Create(
        _kernels.Value,
        Trees,
        features,
        Link,
        Task == ModelTask.Binary ? 1 : Description.Classes.Length,
        Description.AllowsUnknownLevels);
}
