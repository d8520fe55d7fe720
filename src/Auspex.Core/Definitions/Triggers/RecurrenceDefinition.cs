using System.Collections.Immutable;

namespace Auspex.Definitions.Triggers;

/// <summary>The unit of a recurrence.</summary>
public enum RecurrenceFrequency
{
    /// <summary>Minutes that have passed; clocks that change do not matter.</summary>
    Minute,

    /// <summary>Hours that have passed; clocks that change do not matter.</summary>
    Hour,

    /// <summary>Days of the calendar, at times of the clock.</summary>
    Day,

    /// <summary>Weeks of the calendar, from Sunday on.</summary>
    Week,

    /// <summary>Months of the calendar.</summary>
    Month,

    /// <summary>Years of the calendar.</summary>
    Year,
}

/// <summary>A schedule trigger's <c>recurrence</c>.</summary>
public sealed record RecurrenceDefinition
{
    /// <summary>The unit.</summary>
    public required RecurrenceFrequency Frequency { get; init; }

    /// <summary>Every so many units, from 1.</summary>
    public int Interval { get; init; } = 1;

    /// <summary>The first moment that may be an occurrence, UTC.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>What the clock of <see cref="Zone"/> shows at <see cref="Start"/>, as the author wrote it.</summary>
    public required DateTime StartClock { get; init; }

    /// <summary>The last moment that may be an occurrence, UTC; null for no end.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Whose clock and calendar count.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Minutes of the hour, ascending; empty for the start's.</summary>
    public ImmutableArray<int> Minutes { get; init; } = [];

    /// <summary>Hours of the day, ascending; empty for the start's, or for all where the frequency is smaller than a day.</summary>
    public ImmutableArray<int> Hours { get; init; } = [];

    /// <summary>Days of the week, ascending; empty for the start's. Only with <see cref="RecurrenceFrequency.Week"/>.</summary>
    public ImmutableArray<DayOfWeek> WeekDays { get; init; } = [];

    /// <summary>Days of the month, -1 for its last; only with <see cref="RecurrenceFrequency.Month"/>.</summary>
    public ImmutableArray<int> MonthDays { get; init; } = [];

    /// <summary>Weekdays of the month; only with <see cref="RecurrenceFrequency.Month"/>. Days of either list count.</summary>
    public ImmutableArray<MonthlyOccurrence> MonthlyOccurrences { get; init; } = [];
}

/// <summary>A weekday of a month, such as its last Friday.</summary>
/// <param name="Day">The weekday.</param>
/// <param name="Occurrence">1 for its first, -1 for its last; 0 for every one.</param>
public readonly record struct MonthlyOccurrence(DayOfWeek Day, int Occurrence);
