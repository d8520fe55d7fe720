using Auspex.Experiments.Models;

namespace Auspex.Experiments.Contracts;

/// <summary>The model of a row-wise graph, and which columns of the graph's input reach it as they are.</summary>
/// <param name="Model">The only model of the graph.</param>
/// <param name="Features">The index of the model's feature by the name of the input's column.</param>
internal sealed record ReachedModel(TrainedModel Model, IReadOnlyDictionary<string, int> Features)
{
    /// <summary>The index of the feature that a column of the input reaches unchanged, or -1.</summary>
    public int FeatureOf(string column) => Features.TryGetValue(column, out var feature) ? feature : -1;
}
