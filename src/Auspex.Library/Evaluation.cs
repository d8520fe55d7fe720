using Auspex.Experiments.Evaluation;

namespace Auspex.Library;

/// <summary>How good a model's scores are on rows whose labels are known.</summary>
/// <param name="Rows">Rows with a label and a score: those that count.</param>
/// <param name="Metrics">By Studio's names, such as <c>AUC</c> or <c>Mean Absolute Error</c>; NaN where the rows do not define it.</param>
public sealed record Evaluation(long Rows, IReadOnlyDictionary<string, double> Metrics)
{
    internal static Evaluation Of(ModelMetrics metrics) =>
        new(metrics.Rows, metrics.Values.ToDictionary(metric => metric.Name, metric => metric.Value, StringComparer.Ordinal));
}
