using System.Collections.Immutable;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Triggers;
using Auspex.Errors;

namespace Auspex.Definitions.Validation;

/// <summary>Triggers: their type, what they start and when.</summary>
internal static class TriggerRules
{
    public static void Check(TriggerDefinition trigger, FactoryDefinition factory, DefinitionReport report)
    {
        var body = trigger.Source.ObjectMember("properties") ?? trigger.Source;
        if (trigger.Type.Length > 0 && !KnownTypes.Triggers.Contains(trigger.Type))
        {
            report.Add(
                ErrorCode.UnknownResourceType,
                DiagnosticSeverity.Warning,
                body,
                "type",
                $"The trigger '{trigger.Name}' has the type '{trigger.Type}', which is not known here; it never "
                + "starts anything."
                + NearestName.Hint(trigger.Type, KnownTypes.Triggers));
        }

        if (trigger.Pipelines.IsEmpty)
        {
            report.Warning(
                ErrorCode.TriggerWithoutPipeline,
                body.Member("pipelines") ?? body.Member("pipeline") ?? body,
                $"The trigger '{trigger.Name}' starts no pipeline. Name one in 'pipelines', or remove the trigger.");
        }
        else if (Is(trigger, "TumblingWindowTrigger") && trigger.Pipelines.Length > 1)
        {
            report.Error(
                ErrorCode.TriggerShape,
                body,
                $"The trigger '{trigger.Name}' starts {trigger.Pipelines.Length} pipelines; a tumbling window "
                + "starts exactly one.");
        }

        switch (TriggerReader.Read(trigger, report))
        {
            case TumblingWindowTrigger window:
                CheckDependencies(trigger, window, factory, report);
                break;
            case UnsupportedTrigger when KnownTypes.Triggers.Contains(trigger.Type):
                report.Add(
                    ErrorCode.UnknownResourceType,
                    DiagnosticSeverity.Information,
                    body,
                    "type",
                    $"The trigger '{trigger.Name}' is a {trigger.Type}; it is kept, and starts nothing here.");
                break;
        }
    }

    private static void CheckDependencies(
        TriggerDefinition trigger, TumblingWindowTrigger window, FactoryDefinition factory, DefinitionReport report)
    {
        var place = trigger.TypeProperties.Member("dependsOn");
        foreach (var name in window.DependsOn.Select(dependency => dependency.Trigger).OfType<string>())
        {
            if (!factory.Triggers.TryGetValue(name, out var upstream))
            {
                continue;
            }

            if (!Is(upstream, "TumblingWindowTrigger"))
            {
                report.Error(
                    ErrorCode.WindowDependency,
                    place,
                    $"The trigger '{trigger.Name}' depends on '{upstream.Name}', a {upstream.Type}; only a TumblingWindowTrigger has windows to wait for.");
            }
            else if (Reaches(upstream, trigger.Name, factory, [upstream.Name]))
            {
                report.Error(
                    ErrorCode.WindowDependency,
                    place,
                    $"The triggers '{trigger.Name}' and '{upstream.Name}' depend on each other, so that neither ever starts. Remove one of the dependencies.");
            }
        }
    }

    private static bool Reaches(TriggerDefinition from, string name, FactoryDefinition factory, HashSet<string> seen)
    {
        var silent = new DefinitionReport(new DefinitionOrigin(null), ImmutableArray.CreateBuilder<Diagnostic>());
        foreach (var next in (TriggerReader.Read(from, silent) as TumblingWindowTrigger)?.DependsOn ?? [])
        {
            if (next.Trigger is { } target
                && (target.Equals(name, StringComparison.OrdinalIgnoreCase)
                    || (seen.Add(target.ToUpperInvariant()) && factory.Triggers.TryGetValue(target, out var definition)
                        && Reaches(definition, name, factory, seen))))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Is(TriggerDefinition trigger, string type) => string.Equals(trigger.Type, type, StringComparison.OrdinalIgnoreCase);
}
