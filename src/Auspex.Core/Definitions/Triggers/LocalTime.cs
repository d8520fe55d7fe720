using System.Globalization;
using Auspex.Expressions;

namespace Auspex.Definitions.Triggers;

/// <summary>Clocks and calendars of time zones.</summary>
public static class LocalTime
{
    // No zone was ever further from UTC, nor moved twice within the span of two such days.
    private static readonly TimeSpan Farthest = TimeSpan.FromHours(26);

    /// <summary>A zone by its Windows or IANA id; null when there is none, or this machine has no rules for it.</summary>
    public static TimeZoneInfo? FindZone(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (WindowsTimeZones.Find(id, out var zone) == WindowsTimeZones.Outcome.Found)
        {
            return zone;
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out zone) ? zone : null;
    }

    /// <summary>
    /// The moment at which a clock of the zone shows a time. A time shown twice, when clocks are set back, is the first of the
    /// two; a time that is left out, when clocks are set forward, is as far into the new time as it would have been: 02:30
    /// becomes 03:30.
    /// </summary>
    /// <remarks>
    /// Asks the zone only for its offset at moments: the framework's own test for times left out knows daylight saving, but
    /// not zones that changed sides of the date line.
    /// </remarks>
    public static DateTimeOffset ToInstant(DateTime clock, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var utc = DateTime.SpecifyKind(clock, DateTimeKind.Utc);
        var before = zone.GetUtcOffset(Shift(utc, -Farthest));
        var after = zone.GetUtcOffset(Shift(utc, Farthest));
        var early = Shift(utc, -before);
        if (zone.GetUtcOffset(early) == before)
        {
            return new DateTimeOffset(early);
        }

        var late = Shift(utc, -after);
        return new DateTimeOffset(zone.GetUtcOffset(late) == after ? late : early);
    }

    /// <summary>What a clock of the zone shows at a moment.</summary>
    public static DateTime ToClock(DateTimeOffset instant, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return DateTime.SpecifyKind(Shift(instant.UtcDateTime, zone.GetUtcOffset(instant)), DateTimeKind.Unspecified);
    }

    /// <summary>Reads a time in ISO 8601; without <c>Z</c> or offset by the clock of a zone.</summary>
    internal static bool TryParse(string? text, TimeZoneInfo zone, out DateTimeOffset instant)
    {
        instant = default;
        text = text?.Trim();
        if (text is null || text.Length < 8 || !DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read))
        {
            return false;
        }

        instant = SaysItsOffset(text) ? read : ToInstant(read.DateTime, zone);
        return true;
    }

    private static bool SaysItsOffset(string text)
    {
        var time = text.AsSpan(Math.Max(text.IndexOf('T', StringComparison.OrdinalIgnoreCase), text.IndexOf(' ', StringComparison.Ordinal)) + 1);
        return time.Length < text.Length
            && (text.EndsWith('Z') || text.EndsWith('z') || text.EndsWith("GMT", StringComparison.OrdinalIgnoreCase) || time.ContainsAny('+', '-'));
    }

    private static DateTime Shift(DateTime utc, TimeSpan by)
    {
        var ticks = Math.Clamp(utc.Ticks + by.Ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        return new DateTime(ticks, utc.Kind);
    }
}
