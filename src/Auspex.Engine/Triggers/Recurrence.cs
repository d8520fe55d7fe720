using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>When a schedule trigger fires: pure arithmetic over calendar and clock.</summary>
/// <remarks>
/// <para>
/// Minutes and hours are counted in time that has passed, from the start on, whatever clocks do; a <c>schedule</c> then picks
/// among them by what the zone's clock shows. Days and larger units are days of the zone's calendar, at times of its clock,
/// so that they follow daylight saving (<see cref="LocalTime.ToInstant"/> for times left out or shown twice).
/// </para>
/// <para>
/// Where the service's documents leave a choice: weeks begin on Sunday; without a schedule the 31st is the last day of shorter
/// months (with <c>monthDays</c> such months are left out); seconds are the start's.
/// </para>
/// </remarks>
internal static class Recurrence
{
    /// <summary>The first occurrence after a moment; null when there is none up to the year 9999.</summary>
    public static DateTimeOffset? Next(RecurrenceDefinition recurrence, DateTimeOffset after)
    {
        foreach (var occurrence in After(recurrence, after))
        {
            return occurrence;
        }

        return null;
    }

    /// <summary>All occurrences after a moment, ascending, each once; none before the start or after the end.</summary>
    public static IEnumerable<DateTimeOffset> After(RecurrenceDefinition recurrence, DateTimeOffset after)
    {
        var candidates = recurrence.Frequency switch
        {
            RecurrenceFrequency.Minute => ElapsedOccurrences.OfMinutes(recurrence, after),
            RecurrenceFrequency.Hour => ElapsedOccurrences.OfHours(recurrence, after),
            _ => CalendarOccurrences.Of(recurrence, after),
        };
        var last = after;
        foreach (var candidate in candidates)
        {
            if (candidate > recurrence.End)
            {
                yield break;
            }

            // The calendar names a moment twice where clocks leave out a time that another one is moved to.
            if (candidate > last && candidate >= recurrence.Start)
            {
                last = candidate;
                yield return candidate;
            }
        }
    }
}
