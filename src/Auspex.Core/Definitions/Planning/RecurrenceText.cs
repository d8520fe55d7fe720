using System.Globalization;
using Auspex.Definitions.Triggers;

namespace Auspex.Definitions.Planning;

/// <summary>Times of triggers in words.</summary>
internal static class RecurrenceText
{
    /// <summary>Such as <c>every 15 minutes</c> or <c>every day at 06:00, 18:00 (W. Europe Standard Time)</c>.</summary>
    public static string Describe(RecurrenceDefinition recurrence)
    {
        var words = new List<string> { $"every {Length(recurrence.Frequency, recurrence.Interval)}" };
        if (!recurrence.WeekDays.IsEmpty)
        {
            words.Add($"on {string.Join(", ", recurrence.WeekDays)}");
        }

        if (!recurrence.MonthDays.IsEmpty)
        {
            words.Add($"on day {string.Join(", ", recurrence.MonthDays.Select(day => day < 0 ? $"{-day} from the end" : Digits(day)))}");
        }

        if (!recurrence.MonthlyOccurrences.IsEmpty)
        {
            words.Add($"on {string.Join(", ", recurrence.MonthlyOccurrences.Select(entry => $"{entry.Day} {entry.Occurrence.ToString(CultureInfo.InvariantCulture)}"))}");
        }

        if (!recurrence.Hours.IsEmpty || !recurrence.Minutes.IsEmpty)
        {
            words.Add($"at {Times(recurrence)}");
        }
        else if (recurrence.Frequency >= RecurrenceFrequency.Day)
        {
            words.Add($"at {recurrence.StartClock.ToString("HH:mm", CultureInfo.InvariantCulture)}");
        }

        if (recurrence.Zone.Id != TimeZoneInfo.Utc.Id)
        {
            words.Add($"({recurrence.Zone.Id})");
        }

        words.Add($"from {recurrence.StartClock.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} on");
        if (recurrence.End is { } end)
        {
            words.Add($"until {end.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)}");
        }

        return string.Join(' ', words);
    }

    /// <summary>Such as <c>hour</c> or <c>15 minutes</c>.</summary>
    public static string Length(RecurrenceFrequency frequency, int interval)
    {
        var unit = frequency.ToString().ToLowerInvariant();
        return interval == 1 ? unit : $"{Digits(interval)} {unit}s";
    }

    /// <summary>How many windows have ended at a moment.</summary>
    public static long WindowsUntil(TumblingWindowTrigger window, DateTimeOffset moment)
    {
        var until = window.EndTime is { } end && end < moment ? end : moment;
        if (until <= window.StartTime)
        {
            return 0;
        }

        if (window.Frequency == RecurrenceFrequency.Month)
        {
            var months = ((until.UtcDateTime.Year - window.StartTime.UtcDateTime.Year) * 12) + until.UtcDateTime.Month - window.StartTime.UtcDateTime.Month;
            return (window.StartTime.UtcDateTime.AddMonths(months) > until.UtcDateTime ? months - 1 : months) / window.Interval;
        }

        var length = (Int128)window.Interval * (window.Frequency == RecurrenceFrequency.Minute ? TimeSpan.TicksPerMinute : TimeSpan.TicksPerHour);
        return (long)((Int128)(until - window.StartTime).Ticks / length);
    }

    private static string Times(RecurrenceDefinition recurrence)
    {
        var minutes = recurrence.Minutes.IsEmpty ? [recurrence.StartClock.Minute] : recurrence.Minutes;
        return recurrence.Hours.IsEmpty
            ? $"minute {string.Join(", ", minutes)}"
            : string.Join(", ", recurrence.Hours.SelectMany(hour => minutes.Select(minute => $"{hour:00}:{minute:00}")).Take(12));
    }

    private static string Digits(int number) => number.ToString(CultureInfo.InvariantCulture);
}
