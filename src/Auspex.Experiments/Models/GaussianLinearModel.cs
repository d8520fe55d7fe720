using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models;

/// <summary>A weighted sum for a number, with the standard deviation that noise and uncertain weights give it.</summary>
public sealed class GaussianLinearModel : TrainedModel, IStoredModel
{
    internal const string FormName = "gaussianLinear";

    /// <summary>Describes a weighted sum.</summary>
    /// <param name="description">Regression with deviation.</param>
    /// <param name="weights">One per slot, on the columns' own scale.</param>
    /// <param name="bias">Added to the sum.</param>
    /// <param name="noise">The variance of numbers around the sum.</param>
    /// <param name="scale">From numbers to the scale of the covariance.</param>
    /// <param name="covariance">Of the weights and, last, the bias, in units of the noise; row by row.</param>
    /// <exception cref="ArgumentException">The parts do not fit the features.</exception>
    internal GaussianLinearModel(
        ModelDescription description, ImmutableArray<double> weights, double bias, double noise, SlotScale scale, ImmutableArray<double> covariance)
        : base(description)
    {
        var size = Layout.SlotCount + 1L;
        if (description is not { Task: ModelTask.Regression, GivesDeviation: true } || weights.Length != Layout.SlotCount
            || covariance.Length != size * size || !scale.Fits(Layout.Columns.Length) || !(noise >= 0))
        {
            throw new ArgumentException($"Found {weights.Length} weights and {covariance.Length} covariances for {size - 1} slots.", nameof(weights));
        }

        Weights = weights;
        Bias = bias;
        Noise = noise;
        Scale = scale;
        Covariance = covariance;
    }

    /// <summary>One weight per slot, on the columns' own scale.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>Added to the sum.</summary>
    public double Bias { get; }

    /// <summary>The variance of numbers around the sum.</summary>
    public double Noise { get; }

    internal SlotScale Scale { get; }

    internal ImmutableArray<double> Covariance { get; }

    string IStoredModel.Form => FormName;

    void IStoredModel.Write(Utf8JsonWriter writer, Dictionary<string, byte[]> sections)
    {
        writer.WriteNumber("bias", Bias);
        writer.WriteNumber("noise", Noise);
        SlotScales.Write(Scale, sections);
        sections["weights"] = ModelContainer.Bytes<double>(Weights.AsSpan());
        sections["covariance"] = ModelContainer.Bytes<double>(Covariance.AsSpan());
    }

    internal static GaussianLinearModel Read(ModelDescription description, JsonElement json, Container container) => new(
        description,
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "weights")),
        TreeSections.Finite(json, "bias"),
        TreeSections.Finite(json, "noise"),
        SlotScales.Read(container),
        ImmutableCollectionsMarshal.AsImmutableArray(ModelContainer.Finite(container, "covariance")));

    internal override IScorer CreateScorer(BoundFeature[] features) => new GaussianLinearScorer(Layout, features, this);
}
