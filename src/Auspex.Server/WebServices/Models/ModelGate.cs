using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Auspex.Definitions;
using Auspex.Experiments.Evaluation;
using Auspex.Server.Api;

namespace Auspex.Server.WebServices.Models;

/// <summary>What an update asks of a new model: to be no worse than the present one by a metric.</summary>
/// <param name="Metric">A metric of Evaluate Model, such as <c>AUC</c>, or of Evaluate Recommender, such as <c>RMSE</c>; case does not matter.</param>
/// <param name="Margin">By how much the new model may be worse; 0 or more, in the metric's own unit.</param>
internal sealed record ModelGate(string Metric, double Margin)
{
    // Of the metrics of Evaluate Model and Evaluate Recommender, those that are better when they are smaller. Training Log Loss is an advantage in percent.
    private static readonly string[] SmallerIsBetter =
    [
        "Average Log Loss",
        "Negative Log Likelihood",
        "Mean Absolute Error",
        "Root Mean Squared Error",
        "Relative Absolute Error",
        "Relative Squared Error",
        "MAE",
        "RMSE",
    ];

    /// <summary>Reads the <c>Gate</c> of a gated update.</summary>
    /// <exception cref="ServiceErrorException">400: it is none.</exception>
    public static ModelGate Read(JsonElement json)
    {
        var margin = json.Member("Margin");
        double allowed = 0;
        if (json.Text("Metric") is not { Length: > 0 } metric
            || (margin.IsGiven() && (margin.ValueKind != JsonValueKind.Number || !margin.TryGetDouble(out allowed) || allowed < 0 || !double.IsFinite(allowed))))
        {
            throw ServiceErrors.RequestBodyInvalid(
                "'Gate' is missing or wrong; expected {\"Metric\": \"AUC\", \"Margin\": 0.01} with a metric of Evaluate Model and a margin of 0 or more.");
        }

        return new ModelGate(metric, allowed);
    }

    /// <summary>Compares the models that an update replaces with those that it brings.</summary>
    public GateFinding Judge(ImmutableArray<VersionedAsset> present, ImmutableArray<VersionedAsset> next)
    {
        GateFinding? last = null;
        foreach (var model in next.Where(asset => asset.Kind == AssetKind.TrainedModel))
        {
            var old = present.FirstOrDefault(asset => asset.Kind == model.Kind && asset.Name == model.Name);
            if (old is null || old.Artifact == model.Artifact)
            {
                continue;
            }

            last = Judge(model.Name, Find(old), Find(model));
            if (!last.IsPassed)
            {
                return last;
            }
        }

        return last ?? new GateFinding(Metric, Margin, null, null, true, "no trained model is replaced by another");
    }

    private GateFinding Judge(string name, Metric? old, Metric? found)
    {
        var metric = found?.Name ?? old?.Name ?? Metric;
        if (found is null)
        {
            return new GateFinding(
                metric,
                Margin,
                null,
                old?.Value,
                false,
                $"nothing is known of the {metric} of the new '{name}'; expected a model from a training service of this server whose outputs include its evaluation");
        }

        if (old is null)
        {
            return new GateFinding(
                metric, Margin, found.Value, null, true, $"nothing is known of the {metric} of the present '{name}', so there is nothing to compare with");
        }

        var isSmallerBetter = SmallerIsBetter.Contains(metric, StringComparer.OrdinalIgnoreCase);
        var bound = isSmallerBetter ? old.Value + Margin : old.Value - Margin;
        var isPassed = isSmallerBetter ? found.Value <= bound : found.Value >= bound;
        return new GateFinding(metric, Margin, found.Value, old.Value, isPassed, string.Create(
            CultureInfo.InvariantCulture,
            $"{metric} of the new '{name}' is {found.Value:0.######}; expected {(isSmallerBetter ? "at most" : "at least")} {bound:0.######} ({old.Value:0.######} of the present model, margin {Margin:0.######})"));
    }

    private Metric? Find(VersionedAsset asset) =>
        asset.Origin?.Metrics.FirstOrDefault(metric => metric.Name.Equals(Metric, StringComparison.OrdinalIgnoreCase));
}

/// <summary>What a gate found.</summary>
/// <param name="Metric">The metric.</param>
/// <param name="Margin">By how much the new model may be worse.</param>
/// <param name="Found">The new model's; null where nobody knows.</param>
/// <param name="Present">The present model's; null where nobody knows.</param>
/// <param name="IsPassed">Whether the new model may be served.</param>
/// <param name="Sentence">That in words.</param>
internal sealed record GateFinding(string Metric, double Margin, double? Found, double? Present, bool IsPassed, string Sentence);
