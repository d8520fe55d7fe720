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
        : base(description)
    {
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

    /// <summary>The slots' names: the column's for a number, <c>column-level</c> for a level.</summary>
    public IEnumerable<string> SlotNames => Layout.SlotNames();

    internal override IScorer CreateScorer(BoundFeature[] features) =>
        new LinearScorer(Layout, features, [Weights], [Bias], Task == ModelTask.Binary ? ScoreLink.Logistic : ScoreLink.None);
}
