using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Kernels;

namespace Auspex.Experiments.Models;

/// <summary>A sum of decision trees, for two classes or a number.</summary>
public sealed class TreeModel : TrainedModel
{
    private readonly Lazy<TreeKernel> _kernel;

    /// <summary>Describes a sum of trees.</summary>
    /// <param name="description">Binary or regression; its features are the columns that the trees index.</param>
    /// <param name="trees">The trees, checked against the features.</param>
    /// <param name="link">From the sum to a probability; ignored for regression.</param>
    public TreeModel(ModelDescription description, TreeEnsemble trees, LogisticLink link)
        : base(description)
    {
        trees.CheckAgainst(Layout);
        Trees = trees;
        Link = link;
        _kernel = new Lazy<TreeKernel>(() => TreeKernel.Create(trees));
    }

    /// <summary>The trees.</summary>
    public TreeEnsemble Trees { get; }

    /// <summary>From the sum to a probability.</summary>
    public LogisticLink Link { get; }

    internal override IScorer CreateScorer(BoundFeature[] features) =>
        new TreeScorer(_kernel.Value, features, Task == ModelTask.Binary ? Link : null, Description.AllowsUnknownLevels);
}
