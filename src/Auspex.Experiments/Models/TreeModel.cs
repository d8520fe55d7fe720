using Auspex.Connectors.Tables;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Explanations;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Models;

/// <summary>A sum of decision trees, for two classes or a number.</summary>
public sealed class TreeModel : TrainedModel
{
    private readonly Lazy<TreeKernel> _kernel;
    private readonly Lazy<TreeExplainer> _explainer;

    /// <summary>Describes a sum of trees.</summary>
    /// <param name="description">Binary or regression; its features are the columns that the trees index.</param>
    /// <param name="trees">The trees, checked against the features.</param>
    /// <param name="link">From the sum to a probability; ignored for regression.</param>
    public TreeModel(ModelDescription description, TreeEnsemble trees, LogisticLink link)
        : this(description, trees, description.Task == ModelTask.Binary ? link.ToSumLink() : SumLink.None)
    {
    }

    /// <summary>Describes a sum of trees.</summary>
    /// <param name="description">Binary or regression; its features are the columns that the trees index.</param>
    /// <param name="trees">The trees, checked against the features.</param>
    /// <param name="link">From the sum to the score: elementwise; for two classes a probability.</param>
    /// <exception cref="ArgumentException">The link does not fit the task.</exception>
    public TreeModel(ModelDescription description, TreeEnsemble trees, SumLink link)
        : base(description)
    {
        if (!link.IsValid || !link.IsElementwise || description.Task == ModelTask.Multiclass
            || (description.Task == ModelTask.Binary && link.Kind is not (SumLinkKind.Logistic or SumLinkKind.None)))
        {
            throw new ArgumentException($"A {description.Task} model of one sum of trees cannot end in {link}.", nameof(link));
        }

        trees.CheckAgainst(Layout);
        Trees = trees;
        Link = link;
        _kernel = new Lazy<TreeKernel>(() => TreeKernel.Create(trees));
        _explainer = new Lazy<TreeExplainer>(() => new TreeExplainer(trees));
    }

    /// <summary>The trees.</summary>
    public TreeEnsemble Trees { get; }

    /// <summary>From the sum to the score.</summary>
    public SumLink Link { get; }

    /// <inheritdoc/>
    public override TrainedModel WithBackground(TableBatch rows) => new TreeModel(Description, LeafCounts.Count(Trees, Layout, rows), Link);

    private protected override void DemandExplainable()
    {
        if (Trees.Arrays.LeafCovers.Length != Trees.LeafCount)
        {
            throw NoCovers();
        }
    }

    private protected override IRowTransform Explain(IRowTransform scoring, BoundFeature[] features, int reasons) =>
        new ReasonTransform(Description, scoring, features, Trees, [_explainer.Value], Link, reasons);

    internal override IScorer CreateScorer(BoundFeature[] features) =>
        TreeScorer.Create([_kernel.Value], Trees, features, Link, outputs: 1, Description.AllowsUnknownLevels);
}
