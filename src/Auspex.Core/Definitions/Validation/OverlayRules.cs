using System.Collections.Immutable;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>The overlay speaks of linked services and triggers that exist.</summary>
internal static class OverlayRules
{
    public static void Check(FactoryDefinition factory, ImmutableArray<Diagnostic>.Builder found)
    {
        foreach (var (trigger, linkedService) in factory.Overlay.TriggerLinkedServices.OrderBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            var path = JsonPath.Member("$.triggers", trigger);
            var origin = factory.Overlay.OriginOf(path) ?? new DefinitionOrigin(null);
            if (!factory.Triggers.ContainsKey(trigger))
            {
                found.Add(origin.Diagnose(
                    ErrorCode.UnknownTrigger,
                    DiagnosticSeverity.Warning,
                    $"The overlay speaks of the trigger '{trigger}', which does not exist." + NearestName.Hint(trigger, factory.Triggers.Keys),
                    path));
            }

            if (!factory.LinkedServices.ContainsKey(linkedService))
            {
                found.Add(origin.Diagnose(
                    ErrorCode.UnknownLinkedService,
                    DiagnosticSeverity.Error,
                    $"The overlay lets the trigger '{trigger}' watch the linked service '{linkedService}', which does not exist."
                    + NearestName.Hint(linkedService, factory.LinkedServices.Keys),
                    path));
            }
        }

        foreach (var name in factory.Overlay.Secrets.Keys.Order(StringComparer.OrdinalIgnoreCase))
        {
            // A name may hold dots itself: the longest that exists counts.
            var exists = factory.LinkedServices.Keys.Any(known =>
                name.StartsWith(known + ".", StringComparison.OrdinalIgnoreCase));
            if (!exists)
            {
                var linkedService = name[..name.LastIndexOf('.')];
                var path = JsonPath.Member("$.secrets", name);
                var origin = factory.Overlay.OriginOf(path) ?? new DefinitionOrigin(null);
                found.Add(origin.Diagnose(
                    ErrorCode.UnknownSecretTarget,
                    DiagnosticSeverity.Warning,
                    $"The overlay has a secret '{name}', but there is no linked service '{linkedService}'."
                    + NearestName.Hint(linkedService, factory.LinkedServices.Keys),
                    path));
            }
        }
    }
}
