using Auspex.Experiments.Models;

namespace Auspex.Experiments.Scoring.Challengers;

/// <summary>A model that scores beside the one whose scores are kept.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Model">The model.</param>
/// <param name="Scoring">Bound to the schema that the champion is bound to; its output has the scores.</param>
public sealed record Challenger(string Name, TrainedModel Model, IRowTransform Scoring);
