using Auspex.Experiments.Models;

namespace Auspex.Experiments.WebServices;

/// <summary>A node of a web service's graph that scores rows with a saved model.</summary>
/// <param name="Id">The node.</param>
/// <param name="Model">The model that is served there.</param>
public sealed record ScoringNode(string Id, TrainedModel Model);
