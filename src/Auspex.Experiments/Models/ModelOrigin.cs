using System.Collections.Immutable;
using Auspex.Experiments.Evaluation;

namespace Auspex.Experiments.Models;

/// <summary>Where a trained model comes from, beside what its own file says.</summary>
/// <param name="Experiment">The experiment's name.</param>
/// <param name="RunId">The run that trained it: of the experiment, or of the batch job.</param>
/// <param name="Metrics">
/// What Evaluate Model or Evaluate Recommender found in that run, in Studio's order; none where the run did not evaluate the model. Metrics that the rows
/// did not define are left out.
/// </param>
public sealed record ModelOrigin(string Experiment, string RunId, ImmutableArray<Metric> Metrics);
