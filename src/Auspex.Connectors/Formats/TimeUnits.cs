using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Instants and durations of other systems in ticks of 100 ns.</summary>
internal static class TimeUnits
{
    public const long NanosecondsPerTick = 100;

    private static readonly long LastTick = DateTime.MaxValue.Ticks;

    /// <summary>A duration in ticks; finer units are rounded down. False when it cannot be held.</summary>
    /// <param name="count">How many units.</param>
    /// <param name="perSecond">Units in a second: 1, 1,000, 1,000,000 or 1,000,000,000.</param>
    /// <param name="ticks">The duration.</param>
    public static bool TryTicks(long count, long perSecond, out long ticks)
    {
        if (perSecond > TimeSpan.TicksPerSecond)
        {
            var perTick = perSecond / TimeSpan.TicksPerSecond;
            ticks = FloorDivide(count, perTick);
            return true;
        }

        var factor = TimeSpan.TicksPerSecond / perSecond;
        var high = Math.BigMul(count, factor, out ticks);
        return high == (ticks < 0 ? -1 : 0);
    }

    /// <summary>An instant since 1970 as ticks since year 1. False when it lies outside the years 1 to 9999.</summary>
    public static bool TryInstant(long count, long perSecond, out long ticks)
    {
        var isHeld = TryTicks(count, perSecond, out ticks) && ticks >= -DateTime.UnixEpoch.Ticks && ticks <= LastTick - DateTime.UnixEpoch.Ticks;
        ticks = isHeld ? ticks + DateTime.UnixEpoch.Ticks : 0;
        return isHeld;
    }

    /// <summary>Days since 1970 as ticks since year 1.</summary>
    public static bool TryDate(long days, out long ticks)
    {
        var isHeld = days is >= -719_162 and <= 2_932_896;
        ticks = isHeld ? DateTime.UnixEpoch.Ticks + (days * TimeSpan.TicksPerDay) : 0;
        return isHeld;
    }

    /// <summary>Ticks in microseconds, the last digit dropped, or in nanoseconds.</summary>
    /// <exception cref="TableFormatException">So many nanoseconds cannot be held.</exception>
    public static long FromTicks(long ticks, bool isNanoseconds, string column, string file)
    {
        if (!isNanoseconds)
        {
            return FloorDivide(ticks, TimeSpan.TicksPerMicrosecond);
        }

        return ticks is >= long.MinValue / NanosecondsPerTick and <= long.MaxValue / NanosecondsPerTick
            ? ticks * NanosecondsPerTick
            : throw new TableFormatException(
                ErrorCode.UnwritableCell,
                $"{file}: column '{column}': found a date or duration that nanoseconds cannot count in 64 bits; expected one of the years 1678 to 2261, or up to 292 years. Write microseconds.");
    }

    /// <summary>Rounds towards the past, before 1970 too.</summary>
    public static long FloorDivide(long number, long by)
    {
        var quotient = number / by;
        return number % by < 0 ? quotient - 1 : quotient;
    }
}
