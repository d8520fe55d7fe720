using System.Collections.Immutable;
using Auspex.Definitions.Loading;
using Auspex.Errors;

namespace Auspex.Definitions.Triggers;

/// <summary>Reads what a trigger's <c>typeProperties</c> say.</summary>
public static class TriggerReader
{
    /// <summary>Reads a trigger's details and says everything that is wrong with them.</summary>
    /// <returns>
    /// The details; null when something is wrong that no trigger can work with, or when a part is a template's parameter without a
    /// value. A type that starts nothing here gives <see cref="UnsupportedTrigger"/>.
    /// </returns>
    public static (TriggerDetail? Detail, ImmutableArray<Diagnostic> Diagnostics) Read(TriggerDefinition trigger)
    {
        ArgumentNullException.ThrowIfNull(trigger);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var detail = Read(trigger, new DefinitionReport(trigger.Origin ?? new DefinitionOrigin(null), diagnostics));
        return (diagnostics.Any(found => found.Severity == DiagnosticSeverity.Error) ? null : detail, diagnostics.ToImmutable());
    }

    internal static TriggerDetail? Read(TriggerDefinition trigger, DefinitionReport report)
    {
        var body = trigger.Source.ObjectMember("properties") ?? trigger.Source;
        var members = new TriggerMembers($"trigger '{trigger.Name}'", trigger.TypeProperties, body, report);
        TriggerDetail? detail = trigger.Type.ToUpperInvariant() switch
        {
            "SCHEDULETRIGGER" => ReadSchedule(trigger, members),
            "TUMBLINGWINDOWTRIGGER" => ReadTumblingWindow(trigger, members),
            "BLOBEVENTSTRIGGER" => EventTriggerReader.ReadBlobEvents(members),
            "CUSTOMEVENTSTRIGGER" => EventTriggerReader.ReadCustomEvents(members),
            _ => new UnsupportedTrigger(trigger.Type),
        };
        return members.IsComplete ? detail : null;
    }

    private static ScheduleTrigger? ReadSchedule(TriggerDefinition trigger, TriggerMembers members)
    {
        if (trigger.TypeProperties.ObjectMember("recurrence") is not { Count: > 0 } recurrence)
        {
            members.MissingTime("recurrence");
            return null;
        }

        return RecurrenceReader.Read(members.In(recurrence)) is { } read ? new ScheduleTrigger(read) : null;
    }

    private static TumblingWindowTrigger? ReadTumblingWindow(TriggerDefinition trigger, TriggerMembers members)
    {
        if (trigger.TypeProperties.Count == 0)
        {
            members.MissingTime("typeProperties");
            return null;
        }

        var frequency = members.Frequency([RecurrenceFrequency.Minute, RecurrenceFrequency.Hour, RecurrenceFrequency.Month]);
        var interval = members.Integer("interval", 1, int.MaxValue) ?? 1;
        if (frequency == RecurrenceFrequency.Minute && interval < 5)
        {
            members.OutsideRange("interval", "The service makes no windows shorter than 5 minutes; here they work.");
        }

        var start = members.Instant("startTime", TimeZoneInfo.Utc, isRequired: true);
        var concurrency = members.Integer("maxConcurrency", 1, int.MaxValue) ?? 50;
        if (concurrency > 50)
        {
            members.OutsideRange("maxConcurrency", "The service allows 1 to 50 windows at once.");
        }

        var delay = members.Span("delay");
        if (delay < TimeSpan.Zero)
        {
            members.Wrong("delay", "A window cannot be due before it has ended: 'delay' must not be negative.");
        }

        var policy = members.Object("retryPolicy");
        var seconds = policy.Integer("intervalInSeconds", 0, int.MaxValue) ?? 30;
        if (seconds is < 30 or > 86_400)
        {
            policy.OutsideRange("intervalInSeconds", "The service allows 30 to 86,400 seconds.");
        }

        var dependsOn = WindowDependencyReader.Read(trigger, members);
        var end = members.Instant("endTime", TimeZoneInfo.Utc, isRequired: false);
        if (end < start)
        {
            members.Wrong("endTime", "'endTime' lies before 'startTime', so that there is no window at all.");
        }

        return frequency is null || start is null
            ? null
            : new TumblingWindowTrigger
            {
                Frequency = frequency.Value,
                Interval = (int)interval,
                StartTime = start.Value,
                EndTime = end,
                Delay = delay ?? TimeSpan.Zero,
                MaxConcurrency = (int)concurrency,
                RetryCount = (int)(policy.Integer("count", 0, int.MaxValue) ?? 0),
                RetryInterval = TimeSpan.FromSeconds(seconds),
                DependsOn = dependsOn,
            };
    }
}
