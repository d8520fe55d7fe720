using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Lays factories over each other, for repositories whose modules refer to each other's resources.</summary>
public static class FactoryLayers
{
    /// <summary>Everything of both; where both have something of the same name, the upper one's counts.</summary>
    public static FactoryDefinition LayOver(FactoryDefinition lower, FactoryDefinition upper)
    {
        ArgumentNullException.ThrowIfNull(lower);
        ArgumentNullException.ThrowIfNull(upper);
        return upper with
        {
            Name = upper.Name == "auspex" ? lower.Name : upper.Name,
            Pipelines = lower.Pipelines.SetItems(upper.Pipelines),
            LinkedServices = LinkedServices(lower, upper),
            Datasets = lower.Datasets.SetItems(upper.Datasets),
            Triggers = lower.Triggers.SetItems(upper.Triggers),
            Experiments = lower.Experiments.SetItems(upper.Experiments),
            Others = lower.Others.AddRange(upper.Others),
            GlobalParameters = Merge(lower.GlobalParameters, upper.GlobalParameters),
            Overlay = new OverlayDefinition
            {
                LinkedServices = lower.Overlay.LinkedServices.SetItems(upper.Overlay.LinkedServices),
                Endpoints = [.. upper.Overlay.Endpoints, .. lower.Overlay.Endpoints.Where(entry =>
                    upper.Overlay.Endpoints.All(above => above.From != entry.From))],
                Secrets = lower.Overlay.Secrets.SetItems(upper.Overlay.Secrets),
                GlobalParameters = Merge(lower.Overlay.GlobalParameters, upper.Overlay.GlobalParameters),
                Origins = lower.Overlay.Origins.AddRange(upper.Overlay.Origins),
                FileRoots = [.. lower.Overlay.FileRoots.Union(upper.Overlay.FileRoots, StringComparer.Ordinal)],
            },
            Diagnostics = lower.Diagnostics.AddRange(upper.Diagnostics),
        };
    }

    private static JsonObject Merge(JsonObject lower, JsonObject upper)
    {
        var merged = lower.DeepClone().AsObject();
        foreach (var (name, value) in upper)
        {
            merged[merged.MemberName(name) ?? name] = value?.DeepClone();
        }

        return merged;
    }

    // An overlay speaks of the linked services of either factory, whichever folder it lies in.
    private static ImmutableDictionary<string, LinkedServiceDefinition> LinkedServices(
        FactoryDefinition lower,
        FactoryDefinition upper)
    {
        var merged = lower.LinkedServices;
        foreach (var (name, above) in upper.LinkedServices)
        {
            var isReplacement = merged.TryGetValue(name, out var below) && upper.Overlay.LinkedServices.ContainsKey(name);
            merged = isReplacement
                ? LinkedServiceOverlay.Apply(merged, new OverlayDefinition
                {
                    LinkedServices = ImmutableDictionary.Create<string, JsonObject>(StringComparer.OrdinalIgnoreCase)
                        .Add(name, upper.Overlay.LinkedServices[name]),
                }, ImmutableArray.CreateBuilder<Errors.Diagnostic>())
                : merged.SetItem(name, below is not null && lower.Overlay.LinkedServices.ContainsKey(name) ? below : above);
        }

        return merged;
    }
}
