using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>Occurrences at fixed distances of minutes or hours.</summary>
internal static class ElapsedOccurrences
{
    // Every offset that a zone has in a year is met in two; what has not matched by then and twice around the day never will.
    private static readonly Int128 TwoYears = (Int128)TimeSpan.TicksPerDay * 732;

    public static IEnumerable<DateTimeOffset> OfMinutes(RecurrenceDefinition recurrence, DateTimeOffset after)
    {
        var step = (Int128)TimeSpan.TicksPerMinute * recurrence.Interval;
        var quiet = TwoYears + (2 * LeastCommonMultiple(step, TimeSpan.TicksPerDay));
        var lastMatch = (Int128)Math.Max(after.UtcTicks, recurrence.Start.UtcTicks);
        for (var ticks = FirstFrom(recurrence.Start.UtcTicks, step, after); ticks <= DateTime.MaxValue.Ticks && ticks - lastMatch <= quiet; ticks += step)
        {
            var moment = new DateTimeOffset((long)ticks, TimeSpan.Zero);
            if (Matches(recurrence, moment, isMinuteFree: true))
            {
                lastMatch = ticks;
                yield return moment;
            }
        }
    }

    public static IEnumerable<DateTimeOffset> OfHours(RecurrenceDefinition recurrence, DateTimeOffset after)
    {
        var step = (Int128)TimeSpan.TicksPerHour * recurrence.Interval;
        if (recurrence.Minutes.IsEmpty && recurrence.Hours.IsEmpty)
        {
            for (var ticks = FirstFrom(recurrence.Start.UtcTicks, step, after); ticks <= DateTime.MaxValue.Ticks; ticks += step)
            {
                yield return new DateTimeOffset((long)ticks, TimeSpan.Zero);
            }

            yield break;
        }

        // Hours are those that the start's clock began; each of their minutes is asked, since a zone may move by half an hour.
        var intoHour = recurrence.StartClock.TimeOfDay.Ticks % TimeSpan.TicksPerHour;
        var intoMinute = intoHour % TimeSpan.TicksPerMinute;
        var anchor = recurrence.Start.UtcTicks - intoHour;
        var quiet = TwoYears + (2 * LeastCommonMultiple(step, TimeSpan.TicksPerDay));
        var lastMatch = (Int128)Math.Max(after.UtcTicks, recurrence.Start.UtcTicks);
        for (var slot = FirstFrom(anchor, step, after - TimeSpan.FromHours(after.UtcTicks > TimeSpan.TicksPerHour ? 1 : 0)); slot <= DateTime.MaxValue.Ticks && slot - lastMatch <= quiet; slot += step)
        {
            for (var minute = 0; minute < 60; minute++)
            {
                var ticks = slot + ((Int128)minute * TimeSpan.TicksPerMinute) + intoMinute;
                if (ticks < 0 || ticks > DateTime.MaxValue.Ticks)
                {
                    continue;
                }

                var moment = new DateTimeOffset((long)ticks, TimeSpan.Zero);
                if (Matches(recurrence, moment, isMinuteFree: false))
                {
                    lastMatch = ticks;
                    yield return moment;
                }
            }
        }
    }

    private static bool Matches(RecurrenceDefinition recurrence, DateTimeOffset moment, bool isMinuteFree)
    {
        if (recurrence.Minutes.IsEmpty && recurrence.Hours.IsEmpty)
        {
            return true;
        }

        var clock = LocalTime.ToClock(moment, recurrence.Zone);
        var fitsMinute = recurrence.Minutes.IsEmpty
            ? isMinuteFree || clock.Minute == recurrence.StartClock.Minute
            : recurrence.Minutes.Contains(clock.Minute);
        return fitsMinute && (recurrence.Hours.IsEmpty || recurrence.Hours.Contains(clock.Hour));
    }

    // The first of start, start + step, ... that does not lie before a moment.
    private static Int128 FirstFrom(Int128 start, Int128 step, DateTimeOffset from)
    {
        var behind = from.UtcTicks - start;
        return behind <= 0 ? start : start + (((behind + step - 1) / step) * step);
    }

    private static Int128 LeastCommonMultiple(Int128 one, Int128 other)
    {
        var (greater, less) = (one, other);
        while (less != 0)
        {
            (greater, less) = (less, greater % less);
        }

        return one / greater * other;
    }
}
