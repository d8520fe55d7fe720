using System.Collections.Immutable;

namespace Auspex.Experiments.Models.Import;

/// <summary>A model of another make in a file of ours.</summary>
/// <param name="Model">The model: writes as <c>.ilearner</c>, binds and scores as one that was trained here.</param>
/// <param name="Format">What the file is, such as <c>LightGBM text, version v4</c>.</param>
/// <param name="Trees">How many trees it has.</param>
/// <param name="Leaves">How many leaves they have.</param>
/// <param name="Notes">Where the model says something that ours does not, a sentence each.</param>
public sealed record ImportedModel(TrainedModel Model, string Format, int Trees, int Leaves, ImmutableArray<string> Notes)
{
    /// <summary>What computes its scores.</summary>
    public string ScoredBy => Model is OnnxRuntimeModel ? "ONNX Runtime" : "kernels of our own";
}
