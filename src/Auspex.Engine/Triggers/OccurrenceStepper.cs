using System.Collections.Immutable;
using System.Globalization;
using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>Decides what a schedule or event trigger does next. Pure: no clock, no store.</summary>
internal static class OccurrenceStepper
{
    // Bounds one transaction; what is left follows at once.
    private const int MostAtOnce = 200;

    /// <param name="trigger">The definition; its detail is a schedule's, or an event trigger's.</param>
    /// <param name="state">How far it is.</param>
    /// <param name="open">Its runs that have not ended.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="horizon">Occurrences at or before this are missed: nobody was there to see them.</param>
    public static TriggerStep Step(
        KnownTrigger trigger, TriggerState state, ImmutableArray<StoredTriggerRun> open, DateTimeOffset now, DateTimeOffset horizon)
    {
        var step = new TriggerStep(state);

        // Their occurrences are durable, and a process may have died between that and the start.
        step.ToStart.AddRange(open.Where(run => run.Run.Status == TriggerRunStatus.Running));
        if (trigger.Detail is ScheduleTrigger schedule && state is { RuntimeState: TriggerRuntimeState.Started, Since: { } since })
        {
            Fire(trigger, schedule.Recurrence, since > horizon ? since : horizon, now, step);
        }

        return step;
    }

    /// <summary>The run of an occurrence, its pipelines about to be started.</summary>
    public static StoredTriggerRun NewRun(
        KnownTrigger trigger, TriggerState state, DateTimeOffset scheduled, DateTimeOffset moment, string occurrence, DateTimeOffset now)
    {
        var run = new StoredTriggerRun
        {
            Occurrence = occurrence,
            Incarnation = state.Incarnation,
            Run = new TriggerRun
            {
                Id = OccurrenceIds.OfRun(state, moment, occurrence),
                Factory = trigger.Factory.Name,
                Trigger = trigger.Definition.Name,
                TriggerType = trigger.Definition.Type,
                Timestamp = now,
                ScheduledTime = scheduled,
                Status = TriggerRunStatus.Running,
                Updated = now,
            },
        };
        return run with { Run = run.Run with { Pipelines = PipelineStarter.Plan(trigger, run) } };
    }

    private static void Fire(
        KnownTrigger trigger, RecurrenceDefinition recurrence, DateTimeOffset since, DateTimeOffset now, TriggerStep step)
    {
        var count = 0;
        foreach (var occurrence in Recurrence.After(recurrence, since))
        {
            if (occurrence > now || ++count > MostAtOnce)
            {
                step.LookAgain(occurrence);
                return;
            }

            var name = "schedule/" + occurrence.UtcTicks.ToString(CultureInfo.InvariantCulture);
            var run = NewRun(trigger, step.State, occurrence, occurrence, name, now);
            step.Add(run);
            step.ToStart.Add(run);
            step.State = step.State with { Since = occurrence };
        }
    }
}
