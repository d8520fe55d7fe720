using System.Runtime.CompilerServices;
using Auspex.Definitions;
using Auspex.Definitions.Triggers;
using Auspex.Errors;

namespace Auspex.Engine.Triggers;

/// <summary>A trigger's definition as it is now, read.</summary>
/// <param name="Factory">Its factory.</param>
/// <param name="Definition">As written.</param>
/// <param name="Detail">What it says; null when it cannot work.</param>
/// <param name="Faults">Why it cannot work, in sentences; empty when it can.</param>
internal sealed record KnownTrigger(FactoryDefinition Factory, TriggerDefinition Definition, TriggerDetail? Detail, string Faults)
{
    // Definitions are immutable: each is read once, however often its trigger is looked at.
    private static readonly ConditionalWeakTable<TriggerDefinition, Reading> Readings = [];

    public TriggerKey Key { get; } = new(Factory.Name, Definition.Name);

    /// <summary>The <c>runtimeState</c> that the definition asks for; null when it names none.</summary>
    public string? DeclaredState => Readings.GetValue(Definition, Read).DeclaredState;

    public bool TakesEvents => Detail is BlobEventsTrigger or CustomEventsTrigger;

    public static KnownTrigger Of(FactoryDefinition factory, TriggerDefinition definition)
    {
        var reading = Readings.GetValue(definition, Read);
        var faults = reading.Faults;
        if (faults.Length == 0)
        {
            var missing = definition.Pipelines
                .Select(pipeline => pipeline.Pipeline.ReferenceName)
                .Where(name => !factory.Pipelines.ContainsKey(name))
                .ToArray();
            faults = missing.Length == 0
                ? string.Empty
                : $"The factory has no pipeline '{string.Join("', '", missing)}', which the trigger '{definition.Name}' starts.";
        }

        return new KnownTrigger(factory, definition, faults.Length == 0 ? reading.Detail : null, faults);
    }

    private static Reading Read(TriggerDefinition definition)
    {
        var (detail, diagnostics) = TriggerReader.Read(definition);
        var faults = diagnostics
            .Where(found => found.Severity == DiagnosticSeverity.Error)
            .Select(found => found.Message)
            .ToList();
        if (detail is UnsupportedTrigger unsupported)
        {
            faults.Add($"The trigger '{definition.Name}' has the type '{unsupported.Type}', which starts nothing here. Use a ScheduleTrigger, TumblingWindowTrigger, BlobEventsTrigger or CustomEventsTrigger.");
        }
        else if (detail is null && faults.Count == 0)
        {
            faults.Add($"The trigger '{definition.Name}' has a template's parameter where a value must stand; give the parameter a value.");
        }

        if (definition.Pipelines.IsEmpty)
        {
            faults.Add($"The trigger '{definition.Name}' starts no pipeline. Name one in 'pipelines'.");
        }
        else if (detail is TumblingWindowTrigger && definition.Pipelines.Length > 1)
        {
            faults.Add($"The trigger '{definition.Name}' starts several pipelines; a tumbling window starts exactly one.");
        }

        var body = definition.Source.ObjectMember("properties") ?? definition.Source;
        return new Reading(faults.Count == 0 ? detail : null, string.Join(" ", faults), body.TextMember("runtimeState"));
    }

    private sealed record Reading(TriggerDetail? Detail, string Faults, string? DeclaredState);
}

/// <summary>A trigger's name, ignoring case.</summary>
internal readonly record struct TriggerKey
{
    public TriggerKey(string factory, string trigger) => (Factory, Trigger) = (factory.ToUpperInvariant(), trigger.ToUpperInvariant());

    public string Factory { get; }

    public string Trigger { get; }
}
