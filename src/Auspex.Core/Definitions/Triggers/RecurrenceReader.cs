using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Triggers;

/// <summary>Reads a schedule trigger's <c>recurrence</c>.</summary>
internal static class RecurrenceReader
{
    public static RecurrenceDefinition? Read(TriggerMembers members)
    {
        var frequency = members.Frequency(Enum.GetValues<RecurrenceFrequency>());
        var interval = members.Integer("interval", 1, int.MaxValue) ?? 1;
        if (interval > 1000)
        {
            members.OutsideRange("interval", "The service allows 1 to 1,000.");
        }

        var zone = members.Zone("timeZone");
        var start = members.Instant("startTime", zone ?? TimeZoneInfo.Utc, isRequired: true);
        var end = members.Instant("endTime", zone ?? TimeZoneInfo.Utc, isRequired: false);
        if (end < start)
        {
            members.Wrong("endTime", "'endTime' lies before 'startTime', so that the trigger never starts anything.");
        }

        var schedule = members.Object("schedule");
        var minutes = Numbers(schedule, "minutes", 0, 59);
        var hours = Numbers(schedule, "hours", 0, 23);
        var weekDays = Days(schedule, frequency);
        var monthDays = MonthDays(schedule, frequency);
        var occurrences = Occurrences(schedule, frequency);
        return frequency is null || zone is null || start is null
            ? null
            : new RecurrenceDefinition
            {
                Frequency = frequency.Value,
                Interval = (int)interval,
                Start = start.Value,
                StartClock = (start.Value + zone.GetUtcOffset(start.Value)).DateTime,
                End = end,
                Zone = zone,
                Minutes = minutes,
                Hours = hours,
                WeekDays = weekDays,
                MonthDays = monthDays,
                MonthlyOccurrences = occurrences,
            };
    }

    private static ImmutableArray<int> Numbers(TriggerMembers schedule, string name, int least, int most)
    {
        var numbers = new SortedSet<int>();
        foreach (var entry in schedule.Array(name))
        {
            if (entry.AsInteger() is { } number && number >= least && number <= most)
            {
                numbers.Add((int)number);
            }
            else
            {
                schedule.WrongType(name, $"whole numbers from {least} to {most}");
            }
        }

        return [.. numbers];
    }

    private static ImmutableArray<DayOfWeek> Days(TriggerMembers schedule, RecurrenceFrequency? frequency)
    {
        var days = new SortedSet<DayOfWeek>();
        foreach (var entry in schedule.Array("weekDays"))
        {
            if (Day(schedule, "weekDays", entry.AsText()) is { } day)
            {
                days.Add(day);
            }
        }

        DemandFrequency(schedule, "weekDays", days.Count, RecurrenceFrequency.Week, frequency);
        return [.. days];
    }

    private static ImmutableArray<int> MonthDays(TriggerMembers schedule, RecurrenceFrequency? frequency)
    {
        var days = Numbers(schedule, "monthDays", -31, 31);
        if (days.Contains(0))
        {
            schedule.Wrong("monthDays", "Found 0 among 'monthDays', expected 1 to 31, or -1 (the last day) to -31.");
        }

        DemandFrequency(schedule, "monthDays", days.Length, RecurrenceFrequency.Month, frequency);
        return days;
    }

    private static ImmutableArray<MonthlyOccurrence> Occurrences(TriggerMembers schedule, RecurrenceFrequency? frequency)
    {
        var found = ImmutableArray.CreateBuilder<MonthlyOccurrence>();
        foreach (var entry in schedule.Array("monthlyOccurrences"))
        {
            if (entry is not JsonObject json)
            {
                schedule.WrongType("monthlyOccurrences", "an array of {\"day\", \"occurrence\"}");
                continue;
            }

            var members = schedule.In(json);
            var number = members.Integer("occurrence", -5, 5);
            if (number == 0)
            {
                members.Wrong("occurrence", "Found 0 for 'occurrence', expected 1 to 5, or -1 (the last) to -5.");
            }

            if (Day(members, "day", members.Text("day", isRequired: true)) is { } day)
            {
                found.Add(new MonthlyOccurrence(day, (int)(number ?? 0)));
            }
        }

        DemandFrequency(schedule, "monthlyOccurrences", found.Count, RecurrenceFrequency.Month, frequency);
        return found.ToImmutable();
    }

    private static DayOfWeek? Day(TriggerMembers members, string name, string? text)
    {
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            if (day.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return day;
            }
        }

        if (text is not null)
        {
            members.UnknownValue(name, text, Enum.GetNames<DayOfWeek>());
        }

        return null;
    }

    private static void DemandFrequency(
        TriggerMembers schedule, string name, int count, RecurrenceFrequency expected, RecurrenceFrequency? found)
    {
        if (count > 0 && found is not null && found != expected)
        {
            schedule.Wrong(name, $"'{name}' goes only with the frequency {expected}, found {found}.");
        }
    }
}
