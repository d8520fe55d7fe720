using Auspex.Definitions;
using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>When schedules fire, for those who only ask.</summary>
public static class ScheduleTimes
{
    /// <summary>
    /// The first time after a moment at which a schedule trigger starts its pipelines; null when there is none, when it cannot be
    /// read, and for triggers that are no schedules.
    /// </summary>
    public static DateTimeOffset? NextStart(TriggerDefinition trigger, DateTimeOffset after) =>
        TriggerReader.Read(trigger).Detail is ScheduleTrigger schedule ? Recurrence.Next(schedule.Recurrence, after) : null;
}
