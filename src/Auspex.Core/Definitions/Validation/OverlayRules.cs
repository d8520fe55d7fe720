using System.Collections.Immutable;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>The overlay speaks of linked services and triggers that exist.</summary>
internal static class OverlayRules
{
    // Instead of an activity's name: all of them.
    private const string Any = "*";

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

        CheckActivities(factory, "badRows", factory.Overlay.BadRows.Keys, found);
        CheckActivities(factory, "modelGates", factory.Overlay.ModelGates.Keys, found);
        CheckActivities(factory, "driftReports", factory.Overlay.DriftReports.Keys, found);
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

    // A gate under a name that no activity has would let every model pass, and say nothing.
    private static void CheckActivities(
        FactoryDefinition factory, string member, IEnumerable<string> names, ImmutableArray<Diagnostic>.Builder found)
    {
        var known = factory.Pipelines.Values.SelectMany(pipeline => pipeline.Activities).SelectMany(WithInner)
            .Select(activity => activity.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names.Where(name => name != Any && !known.Contains(name)).Order(StringComparer.OrdinalIgnoreCase))
        {
            var path = JsonPath.Member($"$.{member}", name);
            found.Add((factory.Overlay.OriginOf(path) ?? new DefinitionOrigin(null)).Diagnose(
                ErrorCode.UnknownOverlayMember,
                DiagnosticSeverity.Warning,
                $"The overlay's '{member}' speaks of the activity '{name}', which no pipeline has, so that it does nothing; write an activity's name, or '{Any}' for all."
                + NearestName.Hint(name, known),
                path));
        }
    }

    private static IEnumerable<ActivityDefinition> WithInner(ActivityDefinition activity) =>
        activity.Branches.SelectMany(branch => branch.Activities).SelectMany(WithInner).Prepend(activity);
}
