using Auspex.Definitions.Triggers;

namespace Auspex.Engine.Triggers;

/// <summary>Occurrences on days of a zone's calendar, at times of its clock.</summary>
/// <remarks>Ascending except that a moment may come twice around a day that the zone leaves out.</remarks>
internal static class CalendarOccurrences
{
    // A moment's day by another zone's calendar, or by one that leaves out a day, is at most this far away.
    private const int DaysAround = 2;

    // The last years' ends, where adding a day or an offset may leave the calendar, are left out.
    private static readonly DateTime LastDay = new(9999, 12, 30, 0, 0, 0, DateTimeKind.Unspecified);

    public static IEnumerable<DateTimeOffset> Of(RecurrenceDefinition recurrence, DateTimeOffset after)
    {
        var startDay = recurrence.StartClock.Date;
        var afterDay = LocalTime.ToClock(after, recurrence.Zone).Date;
        var from = afterDay - startDay > TimeSpan.FromDays(DaysAround) ? afterDay.AddDays(-DaysAround) : startDay;
        var times = Times(recurrence);
        foreach (var day in Days(recurrence, startDay, from))
        {
            if (day > LastDay)
            {
                yield break;
            }

            if (day < from)
            {
                continue;
            }

            if (times.Length == 1)
            {
                yield return LocalTime.ToInstant(day + times[0], recurrence.Zone);
                continue;
            }

            // A time that is left out comes after later ones.
            foreach (var moment in times.Select(time => LocalTime.ToInstant(day + time, recurrence.Zone)).Order())
            {
                yield return moment;
            }
        }
    }

    private static TimeSpan[] Times(RecurrenceDefinition recurrence)
    {
        var start = recurrence.StartClock.TimeOfDay;
        var seconds = TimeSpan.FromTicks(start.Ticks % TimeSpan.TicksPerMinute);
        int[] hours = recurrence.Hours.IsEmpty ? [start.Hours] : [.. recurrence.Hours];
        int[] minutes = recurrence.Minutes.IsEmpty ? [start.Minutes] : [.. recurrence.Minutes];
        return [.. hours.SelectMany(hour => minutes.Select(minute => new TimeSpan(hour, minute, 0) + seconds)).Order()];
    }

    private static IEnumerable<DateTime> Days(RecurrenceDefinition recurrence, DateTime start, DateTime from) => recurrence.Frequency switch
    {
        RecurrenceFrequency.Day => EveryDays(start, recurrence.Interval, from),
        RecurrenceFrequency.Week => WeekDays(recurrence, start, from),
        RecurrenceFrequency.Month => MonthDays(recurrence, start, from),
        _ => YearDays(recurrence.Interval, start, from),
    };

    private static IEnumerable<DateTime> EveryDays(DateTime start, long interval, DateTime from)
    {
        for (var days = Whole((from - start).Days, interval); days <= (LastDay - start).Days; days += interval)
        {
            yield return start.AddDays(days);
        }
    }

    private static IEnumerable<DateTime> WeekDays(RecurrenceDefinition recurrence, DateTime start, DateTime from)
    {
        DayOfWeek[] weekDays = recurrence.WeekDays.IsEmpty ? [start.DayOfWeek] : [.. recurrence.WeekDays];

        // Counted in days from the start, since the first Sunday may lie before the calendar's first day.
        var sunday = -(int)start.DayOfWeek;
        for (var week = sunday + Whole((from - start).Days - sunday, 7L * recurrence.Interval); week <= (LastDay - start).Days; week += 7L * recurrence.Interval)
        {
            foreach (var weekDay in weekDays)
            {
                var days = week + (int)weekDay;
                if (days >= 0 && days <= (LastDay - start).Days)
                {
                    yield return start.AddDays(days);
                }
            }
        }
    }

    private static IEnumerable<DateTime> MonthDays(RecurrenceDefinition recurrence, DateTime start, DateTime from)
    {
        var monthsBetween = ((from.Year - start.Year) * 12) + from.Month - start.Month;
        for (var months = Whole(monthsBetween, recurrence.Interval); ; months += recurrence.Interval)
        {
            var month = start.Month - 1 + months;
            if (start.Year + (month / 12) > 9999)
            {
                yield break;
            }

            var first = new DateTime((int)(start.Year + (month / 12)), (int)(month % 12) + 1, 1, 0, 0, 0, DateTimeKind.Unspecified);
            foreach (var day in DaysOfMonth(recurrence, start, first))
            {
                yield return first.AddDays(day - 1);
            }
        }
    }

    private static IEnumerable<int> DaysOfMonth(RecurrenceDefinition recurrence, DateTime start, DateTime first)
    {
        var length = DateTime.DaysInMonth(first.Year, first.Month);
        if (recurrence.MonthDays.IsEmpty && recurrence.MonthlyOccurrences.IsEmpty)
        {
            return [Math.Min(start.Day, length)];
        }

        var days = new SortedSet<int>(recurrence.MonthDays.Select(day => day > 0 ? day : length + 1 + day));
        foreach (var (weekDay, occurrence) in recurrence.MonthlyOccurrences)
        {
            var firstOne = 1 + (((int)weekDay - (int)first.DayOfWeek + 7) % 7);
            var lastOne = firstOne + ((length - firstOne) / 7 * 7);
            switch (occurrence)
            {
                case > 0:
                    days.Add(firstOne + (7 * (occurrence - 1)));
                    break;
                case < 0:
                    days.Add(lastOne + (7 * (occurrence + 1)));
                    break;
                default:
                    days.UnionWith(Enumerable.Range(0, 5).Select(week => firstOne + (7 * week)));
                    break;
            }
        }

        return days.Where(day => day >= 1 && day <= length);
    }

    private static IEnumerable<DateTime> YearDays(long interval, DateTime start, DateTime from)
    {
        for (var years = Whole(from.Year - start.Year, interval); start.Year + years <= 9999; years += interval)
        {
            yield return start.AddYears((int)years);
        }
    }

    // The greatest multiple of the interval that is not beyond a distance; none below 0.
    private static long Whole(long distance, long interval) => distance <= 0 ? 0 : distance / interval * interval;
}
