namespace Auspex.Engine.Triggers;

/// <summary>Arithmetic that stops at the calendar's end, where nothing happens any more.</summary>
internal static class Moment
{
    /// <summary>A moment later by a span; the last of all when that is beyond the year 9999.</summary>
    public static DateTimeOffset Plus(this DateTimeOffset moment, TimeSpan span) =>
        DateTimeOffset.MaxValue - moment > span ? moment + span : DateTimeOffset.MaxValue;

    /// <summary>A moment earlier by a span; the first of all when that is before the year 1.</summary>
    public static DateTimeOffset Minus(this DateTimeOffset moment, TimeSpan span) =>
        moment - DateTimeOffset.MinValue > span ? moment - span : DateTimeOffset.MinValue;
}
