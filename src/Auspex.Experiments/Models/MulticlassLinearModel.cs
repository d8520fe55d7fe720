using System.Collections.Immutable;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>A weighted sum per class, made into probabilities by softmax.</summary>
public sealed class MulticlassLinearModel : TrainedModel
{
    /// <summary>Describes weighted sums.</summary>
    /// <param name="description">Multiclass.</param>
    /// <param name="weights">Per class of the description, in its order: one weight per slot as in <see cref="LinearModel"/>.</param>
    /// <param name="biases">One per class.</param>
    /// <exception cref="ArgumentException">Weights do not fit the classes or the features.</exception>
    public MulticlassLinearModel(
        ModelDescription description, ImmutableArray<ImmutableArray<double>> weights, ImmutableArray<double> biases)
        : base(description)
    {
        if (weights.Length != description.Classes.Length || biases.Length != weights.Length)
        {
            throw new ArgumentException(
                $"Found {weights.Length} sets of weights and {biases.Length} biases; there are {description.Classes.Length} classes.",
                nameof(weights));
        }

        foreach (var ofClass in weights)
        {
            if (ofClass.Length != Layout.SlotCount)
            {
                throw new ArgumentException(
                    $"Found {ofClass.Length} weights; the features have {Layout.SlotCount} slots.", nameof(weights));
            }
        }

        Weights = weights;
        Biases = biases;
    }

    /// <summary>Per class, one weight per slot, on the columns' own scale.</summary>
    public ImmutableArray<ImmutableArray<double>> Weights { get; }

    /// <summary>Per class, added to its sum.</summary>
    public ImmutableArray<double> Biases { get; }

    internal override IScorer CreateScorer(BoundFeature[] features) =>
        new LinearScorer(Layout, features, Weights, Biases, ScoreLink.Softmax);
}
