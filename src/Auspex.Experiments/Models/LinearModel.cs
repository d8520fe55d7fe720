using System.Collections.Immutable;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>A weighted sum of features for two classes (through the logistic function) or a number.</summary>
public sealed class LinearModel : TrainedModel
{
    /// <summary>Describes a weighted sum.</summary>
    /// <param name="description">Binary or regression.</param>
    /// <param name="weights">
    /// One per slot: a number or Boolean column has one, a column of levels has one per level and, where unknown levels
    /// are allowed, one more for those and for missing values.
    /// </param>
    /// <param name="bias">Added to the sum.</param>
    /// <exception cref="ArgumentException">Weights do not fit the features.</exception>
    public LinearModel(ModelDescription description, ImmutableArray<double> weights, double bias)
        : this(description, weights, bias, UsualLink(description.Task))
    {
    }

    /// <summary>Describes a weighted sum with a link of its own.</summary>
    /// <param name="description">Binary or regression.</param>
    /// <param name="weights">One per slot.</param>
    /// <param name="bias">Added to the sum.</param>
    /// <param name="link">For two classes <c>Logistic</c> or <c>Probit</c>, for numbers <c>None</c> or <c>Exponential</c>.</param>
    /// <exception cref="ArgumentException">Weights do not fit the features, or the link not the task.</exception>
    public LinearModel(ModelDescription description, ImmutableArray<double> weights, double bias, SumLinkKind link)
        : base(description)
    {
        var fits = description.Task == ModelTask.Binary
            ? link is SumLinkKind.Logistic or SumLinkKind.Probit
            : link is SumLinkKind.None or SumLinkKind.Exponential;
        if (!fits)
        {
            throw new ArgumentException($"A {description.Task} model of a weighted sum cannot end in {link}.", nameof(link));
        }

        Link = link;
        if (weights.Length != Layout.SlotCount)
        {
            throw new ArgumentException(
                $"Found {weights.Length} weights; the features have {Layout.SlotCount} slots.", nameof(weights));
        }

        Weights = weights;
        Bias = bias;
    }

    /// <summary>One weight per slot, on the columns' own scale.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>Added to the sum.</summary>
    public double Bias { get; }

    /// <summary>From the sum to the score.</summary>
    public SumLinkKind Link { get; }

    /// <summary>The slots' names: the column's for a number, <c>column-level</c> for a level.</summary>
    public IEnumerable<string> SlotNames => Layout.SlotNames();

    internal override IScorer CreateScorer(BoundFeature[] features) =>
        new LinearScorer(Layout, features, [Weights], [Bias], Link switch
        {
            SumLinkKind.Logistic => ScoreLink.Logistic,
            SumLinkKind.Probit => ScoreLink.Probit,
            SumLinkKind.Exponential => ScoreLink.Exponential,
            _ => ScoreLink.None,
        });

    internal static SumLinkKind UsualLink(ModelTask task) => task == ModelTask.Binary ? SumLinkKind.Logistic : SumLinkKind.None;
}
