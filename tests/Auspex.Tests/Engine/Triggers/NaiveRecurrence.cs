using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Definitions.Triggers;

namespace Auspex.Tests.Engine.Triggers;

/// <summary>Occurrences found by asking each minute whether it is one: slow, and nothing shared with the real arithmetic.</summary>
internal static class NaiveRecurrence
{
    public static IEnumerable<DateTimeOffset> Between(RecurrenceDefinition recurrence, DateTimeOffset from, DateTimeOffset to)
    {
        var seconds = TimeSpan.FromTicks(recurrence.Start.UtcTicks % TimeSpan.TicksPerMinute);
        var minute = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddMinutes(-1) + seconds;
        for (; minute <= to; minute = minute.AddMinutes(1))
        {
            if (minute > from && minute >= recurrence.Start && !(minute > recurrence.End) && Is(recurrence, minute))
            {
                yield return minute;
            }
        }
    }

    private static bool Is(RecurrenceDefinition recurrence, DateTimeOffset moment)
    {
        if (recurrence.Frequency == RecurrenceFrequency.Minute)
        {
            return (moment - recurrence.Start).TotalMinutes % recurrence.Interval == 0 && FitsClock(recurrence, Clock(recurrence, moment), null);
        }

        if (recurrence.Frequency == RecurrenceFrequency.Hour)
        {
            if (recurrence.Minutes.IsEmpty && recurrence.Hours.IsEmpty)
            {
                return (moment - recurrence.Start).TotalHours % recurrence.Interval == 0;
            }

            var began = recurrence.Start - TimeSpan.FromTicks(recurrence.StartClock.TimeOfDay.Ticks % TimeSpan.TicksPerHour);
            return Math.Floor((moment - began).TotalHours) % recurrence.Interval == 0
                && FitsClock(recurrence, Clock(recurrence, moment), recurrence.StartClock.Minute);
        }

        return ShownFirst(recurrence, moment).Any(clock => FitsDay(recurrence, clock.Date)
            && (recurrence.Hours.IsEmpty ? clock.Hour == recurrence.StartClock.Hour : recurrence.Hours.Contains(clock.Hour))
            && (recurrence.Minutes.IsEmpty ? clock.Minute == recurrence.StartClock.Minute : recurrence.Minutes.Contains(clock.Minute)));
    }

    // What the clock shows, unless it has shown it before; and what it would show had it not just been set forward.
    private static IEnumerable<DateTime> ShownFirst(RecurrenceDefinition recurrence, DateTimeOffset moment)
    {
        var clock = Clock(recurrence, moment);
        foreach (var back in new[] { 30, 60, 120, 1440 })
        {
            var earlier = moment.AddMinutes(-back);
            var shift = recurrence.Zone.GetUtcOffset(moment) - recurrence.Zone.GetUtcOffset(earlier);
            if (Clock(recurrence, earlier) == clock)
            {
                yield break;
            }

            if (shift == TimeSpan.FromMinutes(back))
            {
                yield return clock - shift;
                break;
            }
        }

        yield return clock;
    }

    private static bool FitsClock(RecurrenceDefinition recurrence, DateTime clock, int? minute) =>
        (recurrence.Minutes.IsEmpty ? minute is null || clock.Minute == minute : recurrence.Minutes.Contains(clock.Minute))
        && (recurrence.Hours.IsEmpty || recurrence.Hours.Contains(clock.Hour));

    private static bool FitsDay(RecurrenceDefinition recurrence, DateTime day)
    {
        var start = recurrence.StartClock.Date;
        switch (recurrence.Frequency)
        {
            case RecurrenceFrequency.Day:
                return Whole((day - start).Days, recurrence.Interval);
            case RecurrenceFrequency.Week:
                var weeks = (day.AddDays(-(int)day.DayOfWeek) - start.AddDays(-(int)start.DayOfWeek)).Days / 7;
                return Whole(weeks, recurrence.Interval)
                    && (recurrence.WeekDays.IsEmpty ? day.DayOfWeek == start.DayOfWeek : recurrence.WeekDays.Contains(day.DayOfWeek));
            case RecurrenceFrequency.Month:
                return Whole(((day.Year - start.Year) * 12) + day.Month - start.Month, recurrence.Interval) && FitsMonth(recurrence, day);
            default:
                return Whole(day.Year - start.Year, recurrence.Interval) && day.Month == start.Month
                    && day.Day == Math.Min(start.Day, DateTime.DaysInMonth(day.Year, day.Month));
        }
    }

    private static bool FitsMonth(RecurrenceDefinition recurrence, DateTime day)
    {
        var length = DateTime.DaysInMonth(day.Year, day.Month);
        return recurrence.MonthDays.IsEmpty && recurrence.MonthlyOccurrences.IsEmpty
            ? day.Day == Math.Min(recurrence.StartClock.Day, length)
            : recurrence.MonthDays.Any(wanted => wanted == day.Day || wanted == day.Day - length - 1)
                || recurrence.MonthlyOccurrences.Any(wanted => wanted.Day == day.DayOfWeek
                    && (wanted.Occurrence == 0 || wanted.Occurrence == ((day.Day - 1) / 7) + 1 || wanted.Occurrence == -(((length - day.Day) / 7) + 1)));
    }

    private static DateTime Clock(RecurrenceDefinition recurrence, DateTimeOffset moment) =>
        (moment + recurrence.Zone.GetUtcOffset(moment)).DateTime;

    private static bool Whole(int distance, int interval) => distance >= 0 && distance % interval == 0;
}

/// <summary>Recurrences as authors may write them.</summary>
internal static class RecurrenceText
{
    public static string Random(Random random, string zone)
    {
        var frequency = new[] { "Minute", "Hour", "Day", "Week", "Month", "Year" }[random.Next(6)];
        var json = new JsonObject
        {
            ["frequency"] = frequency,
            ["interval"] = frequency == "Minute" ? random.Next(1, 200) : random.Next(1, 4),
            ["startTime"] = new DateTime(2024, 1, 1).AddMinutes(random.Next(0, 900_000)).AddSeconds(random.Next(0, 2) * 17)
                .ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture),
            ["timeZone"] = zone,
        };
        var schedule = new JsonObject();
        Add(schedule, "minutes", random, 0, 59);
        Add(schedule, "hours", random, 0, 23);
        if (frequency == "Week" && random.Next(2) == 0)
        {
            schedule["weekDays"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => JsonValue.Create(((DayOfWeek)random.Next(7)).ToString()))]);
        }

        if (frequency == "Month" && random.Next(2) == 0)
        {
            schedule["monthDays"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => JsonValue.Create(random.Next(1, 32) * (random.Next(2) == 0 ? 1 : -1)))]);
        }

        if (frequency == "Month" && random.Next(2) == 0)
        {
            schedule["monthlyOccurrences"] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => new JsonObject
            {
                ["day"] = ((DayOfWeek)random.Next(7)).ToString(),
                ["occurrence"] = random.Next(1, 6) * (random.Next(2) == 0 ? 1 : -1),
            })]);
        }

        json["schedule"] = schedule.Count > 0 ? schedule : null;
        return json.ToJsonString();
    }

    private static void Add(JsonObject schedule, string name, Random random, int least, int most)
    {
        if (random.Next(2) == 0)
        {
            schedule[name] = new JsonArray([.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => JsonValue.Create(random.Next(least, most + 1)))]);
        }
    }
}
