using System.Globalization;
using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>The windows of a tumbling window trigger: they touch, begin at its start, and never overlap.</summary>
internal sealed class WindowGrid(TumblingWindowTrigger trigger)
{
    // Past this many windows the year 9999 is over, whatever their length.
    private const long Most = 10_000L * 366 * 24 * 60;

    /// <summary>What must not change while windows exist: it says which windows there are.</summary>
    public string Signature { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{trigger.Frequency}/{trigger.Interval}/{trigger.StartTime.UtcDateTime:O}");

    /// <summary>A window by number, from 0; null when it ends after the trigger's end or the calendar's.</summary>
    public TimeWindow? At(long index)
    {
        if (index < 0 || index >= Most || Edge(index) is not { } start || Edge(index + 1) is not { } end || end > trigger.EndTime)
        {
            return null;
        }

        return new TimeWindow(start, end);
    }

    /// <summary>The number of the window that holds a moment; negative when the moment lies before the first.</summary>
    public long IndexOf(DateTimeOffset moment)
    {
        if (moment < trigger.StartTime)
        {
            return -1;
        }

        if (trigger.Frequency != RecurrenceFrequency.Month)
        {
            return (long)((moment.UtcTicks - trigger.StartTime.UtcTicks) / Length);
        }

        var start = trigger.StartTime;
        long index = ((((moment.Year - start.Year) * 12L) + moment.UtcDateTime.Month - start.UtcDateTime.Month) / trigger.Interval) + 1;
        while (index > 0 && !(Edge(index) <= moment))
        {
            index--;
        }

        return index;
    }

    /// <summary>When a window may run.</summary>
    public DateTimeOffset? DueAt(TimeWindow window) =>
        DateTimeOffset.MaxValue - window.End > trigger.Delay ? window.End + trigger.Delay : null;

    private Int128 Length => trigger.Interval * (Int128)(trigger.Frequency == RecurrenceFrequency.Minute ? TimeSpan.TicksPerMinute : TimeSpan.TicksPerHour);

    private DateTimeOffset? Edge(long index)
    {
        if (trigger.Frequency == RecurrenceFrequency.Month)
        {
            var months = index * (Int128)trigger.Interval;
            return trigger.StartTime.UtcDateTime.Month + (trigger.StartTime.UtcDateTime.Year * 12) + months > 9999 * 12
                ? null
                : new DateTimeOffset(trigger.StartTime.UtcDateTime.AddMonths((int)months));
        }

        var ticks = trigger.StartTime.UtcTicks + (index * Length);
        return ticks > DateTime.MaxValue.Ticks ? null : new DateTimeOffset((long)ticks, TimeSpan.Zero);
    }
}

/// <summary>A window of time.</summary>
/// <param name="Start">Its first moment.</param>
/// <param name="End">The first moment after it.</param>
internal readonly record struct TimeWindow(DateTimeOffset Start, DateTimeOffset End);
