using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions.Triggers;

namespace Auspex.Definitions.Planning;

/// <summary>What a change to a trigger does: to its state, to when it starts something, to its windows.</summary>
internal static class TriggerComparison
{
    public static PlanChange? Compare(TriggerDefinition? old, TriggerDefinition? now, PlanTime time)
    {
        if (old is null)
        {
            return new PlanChange(PlanAction.Added, "trigger", now!.Name, [Describe(now)], [State(now), .. Next(now, time), .. Backfill(now, time)]);
        }

        if (now is null)
        {
            return new PlanChange(
                PlanAction.Removed,
                "trigger",
                old.Name,
                [Describe(old)],
                [IsStarted(old) ? "It starts nothing any more; runs that it started go on." : "It was stopped.", .. Lost(old)]);
        }

        var details = ImmutableArray.CreateBuilder<string>();
        var effects = ImmutableArray.CreateBuilder<string>();
        if (!Same(old.Type, now.Type))
        {
            details.Add($"it is a {now.Type} and was a {old.Type}");
        }

        var stateChanges = IsStarted(old) != IsStarted(now);
        if (stateChanges)
        {
            details.Add(IsStarted(now) ? "it is started" : "it is stopped");
        }

        details.AddRange(Pipelines(old, now));
        var timesBefore = When(old);
        var timesNow = When(now);
        var timesChange = timesBefore != timesNow;
        if (timesChange)
        {
            details.Add($"it starts {timesNow ?? "at times that cannot be read"} and started {timesBefore ?? "at times that cannot be read"}");
        }

        var differences = PlanValues.Differences(
            FactoryComparison.Body(old.Source, old.Type, "pipelines", "pipeline", "runtimeState"),
            FactoryComparison.Body(now.Source, now.Type, "pipelines", "pipeline", "runtimeState")).ToArray();
        details.AddRange(differences.Where(difference => !difference.StartsWith("'type'", StringComparison.Ordinal)));
        if (details.Count > 0)
        {
            AddEffects(old, now, time, stateChanges, timesChange || differences.Length > 0, effects);
        }

        details.AddRange(FactoryComparison.ForPeople(old.Source, now.Source));
        return details.Count == 0 ? null : new PlanChange(PlanAction.Changed, "trigger", now.Name, details.ToImmutable(), effects.ToImmutable());
    }

    private static void AddEffects(
        TriggerDefinition old, TriggerDefinition now, PlanTime time, bool stateChanges, bool timesChange, ImmutableArray<string>.Builder effects)
    {
        if (IsStarted(old) && IsStarted(now))
        {
            effects.Add("It is started: Data Factory changes it only while it is stopped, and starts it again afterwards.");
        }
        else if (stateChanges && !IsStarted(now))
        {
            effects.Add("It starts nothing from then on; runs that it started go on.");
        }
        else if (!IsStarted(now))
        {
            effects.Add("It is stopped: nothing happens until somebody starts it.");
        }

        if (TriggerReader.Read(old).Detail is TumblingWindowTrigger before && TriggerReader.Read(now).Detail is TumblingWindowTrigger after)
        {
            if ((before.Frequency, before.Interval, before.StartTime) != (after.Frequency, after.Interval, after.StartTime))
            {
                effects.Add(
                    "Frequency, interval and start say which windows there are: Data Factory refuses to change them, and here the trigger stands still once it has "
                    + "windows. Give the trigger a new name; its windows begin anew.");
                effects.AddRange(Backfill(now, time));
            }
            else if (before.EndTime != after.EndTime)
            {
                effects.Add(after.EndTime is { } end ? $"Its last window ends by {Text(end)}." : "Its windows have no end any more.");
            }
        }

        if (timesChange || stateChanges)
        {
            effects.AddRange(Next(now, time));
        }
    }

    private static IEnumerable<string> Pipelines(TriggerDefinition old, TriggerDefinition now)
    {
        foreach (var name in old.Pipelines.Concat(now.Pipelines).Select(entry => entry.Pipeline.ReferenceName).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var before = old.Pipelines.FirstOrDefault(entry => Same(entry.Pipeline.ReferenceName, name));
            var after = now.Pipelines.FirstOrDefault(entry => Same(entry.Pipeline.ReferenceName, name));
            if (before is null || after is null)
            {
                yield return before is null ? $"it also starts the pipeline '{name}'" : $"it no longer starts the pipeline '{name}'";
                continue;
            }

            foreach (var difference in PlanValues.Differences(SemanticJson.Of(before.Parameters) ?? new JsonObject(), SemanticJson.Of(after.Parameters) ?? new JsonObject()))
            {
                yield return $"what it gives to the pipeline '{name}': {difference}";
            }
        }
    }

    private static string Describe(TriggerDefinition trigger)
    {
        var starts = trigger.Pipelines.IsEmpty ? "no pipeline" : string.Join(", ", trigger.Pipelines.Select(entry => $"'{entry.Pipeline.ReferenceName}'"));
        return $"a {trigger.Type} that starts {starts}{(When(trigger) is { } when ? $" {when}" : "")}";
    }

    // The times in words; null where they cannot be read or there are none.
    private static string? When(TriggerDefinition trigger) => TriggerReader.Read(trigger).Detail switch
    {
        ScheduleTrigger schedule => RecurrenceText.Describe(schedule.Recurrence),
        TumblingWindowTrigger window => $"a run for every window of {RecurrenceText.Length(window.Frequency, window.Interval)} from {Text(window.StartTime)} on"
            + (window.EndTime is { } end ? $" until {Text(end)}" : ""),
        BlobEventsTrigger blobs => $"when a blob is {(blobs.OnCreated && blobs.OnDeleted ? "written or deleted" : blobs.OnDeleted ? "deleted" : "written")}",
        CustomEventsTrigger events => $"on the events {string.Join(", ", events.EventTypes)}",
        _ => null,
    };

    private static string State(TriggerDefinition trigger) =>
        IsStarted(trigger) ? "It is started." : "It is stopped: nothing happens until somebody starts it.";

    private static IEnumerable<string> Next(TriggerDefinition trigger, PlanTime time)
    {
        if (!IsStarted(trigger) || TriggerReader.Read(trigger).Detail is not ScheduleTrigger)
        {
            return [];
        }

        return time.NextStart(trigger, time.Now) is { } next ? [$"It next starts something at {Text(next)}."] : ["It never starts anything again: its end has passed."];
    }

    private static IEnumerable<string> Backfill(TriggerDefinition trigger, PlanTime time)
    {
        if (!IsStarted(trigger) || TriggerReader.Read(trigger).Detail is not TumblingWindowTrigger window)
        {
            return [];
        }

        var past = RecurrenceText.WindowsUntil(window, time.Now);
        return past == 0
            ? [$"Its first window begins at {Text(window.StartTime)}."]
            : [string.Create(CultureInfo.InvariantCulture, $"{past:N0} of its windows have ended already and run at once, {window.MaxConcurrency} at a time, the oldest first.")];
    }

    private static IEnumerable<string> Lost(TriggerDefinition trigger) =>
        TriggerReader.Read(trigger).Detail is TumblingWindowTrigger ? ["Its windows that have not run yet never will."] : [];

    private static bool IsStarted(TriggerDefinition trigger) => string.Equals(
        (trigger.Source.ObjectMember("properties") ?? trigger.Source).TextMember("runtimeState"), "Started", StringComparison.OrdinalIgnoreCase);

    private static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
