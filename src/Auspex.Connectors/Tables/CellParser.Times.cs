namespace Auspex.Connectors.Tables;

public static partial class CellParser
{
    private const int FractionDigits = 7;

    /// <summary>
    /// A date as <c>yyyy-M-d</c>, <c>yyyy/M/d</c> or <c>M/d/yyyy</c>, then optionally a time as <c>H:mm</c>, <c>H:mm:ss</c>
    /// or with a fraction, AM or PM, and a zone (<c>Z</c> or <c>+hh:mm</c>), which is converted to UTC.
    /// </summary>
    /// <param name="utf8">The text.</param>
    /// <param name="value">Ticks since 0001-01-01.</param>
    public static bool TryParseDateTime(ReadOnlySpan<byte> utf8, out long value)
    {
        var rest = Trim(utf8);
        if (IsoTime.TryParse(rest, out value))
        {
            return true;
        }

        if (!TryTakeDate(ref rest, out var date))
        {
            return false;
        }

        if (rest.IsEmpty)
        {
            value = date.Ticks;
            return true;
        }

        if (rest is not [(byte)'T' or (byte)'t' or (byte)' ', ..])
        {
            return false;
        }

        rest = rest[1..].TrimStart((byte)' ');
        if (!TryTakeTime(ref rest, out var timeOfDay, out var hasHalfDay) || timeOfDay >= TimeSpan.TicksPerDay)
        {
            return false;
        }

        var offset = 0L;
        if (!rest.IsEmpty && (hasHalfDay || !TryTakeZone(ref rest, out offset) || !rest.IsEmpty))
        {
            return false;
        }

        value = date.Ticks + timeOfDay - offset;
        return value >= 0 && value <= DateTime.MaxValue.Ticks;
    }

    /// <summary>A duration as <c>[-][d.]h:mm[:ss[.fffffff]]</c>.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="value">Ticks of 100 ns.</param>
    public static bool TryParseTimeSpan(ReadOnlySpan<byte> utf8, out long value)
    {
        value = 0;
        var rest = Trim(utf8);
        var negative = rest is [(byte)'-', ..];
        if (negative)
        {
            rest = rest[1..];
        }

        var days = 0L;
        var colon = rest.IndexOf((byte)':');
        var point = rest.IndexOf((byte)'.');
        if (point >= 0 && point < colon)
        {
            var digits = rest[..point];
            if (digits.Length > 8 || !TryTakeNumber(ref digits, 1, 8, out var number) || number > TimeSpan.MaxValue.Days - 1)
            {
                return false;
            }

            days = number;
            rest = rest[(point + 1)..];
        }

        if (!TryTakeTime(ref rest, out var ticks, out var hasHalfDay) || hasHalfDay || !rest.IsEmpty)
        {
            return false;
        }

        value = (days * TimeSpan.TicksPerDay) + ticks;
        value = negative ? -value : value;
        return true;
    }

    private static bool TryTakeDate(ref ReadOnlySpan<byte> rest, out DateTime date)
    {
        date = default;
        int year, month, day;
        var separator = rest.IndexOfAny((byte)'-', (byte)'/');
        if (separator == 4)
        {
            var mark = rest[4];
            if (!TryTakeNumber(ref rest, 4, 4, out year) || !TryTakeMark(ref rest, mark)
                || !TryTakeNumber(ref rest, 1, 2, out month) || !TryTakeMark(ref rest, mark)
                || !TryTakeNumber(ref rest, 1, 2, out day))
            {
                return false;
            }
        }
        else if (separator is not (1 or 2)
            || !TryTakeNumber(ref rest, 1, 2, out month) || !TryTakeMark(ref rest, (byte)'/')
            || !TryTakeNumber(ref rest, 1, 2, out day) || !TryTakeMark(ref rest, (byte)'/')
            || !TryTakeNumber(ref rest, 4, 4, out year))
        {
            return false;
        }

        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateTime(year, month, day);
        return true;
    }

    /// <summary>Takes a time of day, or hours of a duration, which may exceed 23.</summary>
    private static bool TryTakeTime(ref ReadOnlySpan<byte> rest, out long ticks, out bool hasHalfDay)
    {
        ticks = 0;
        hasHalfDay = false;
        if (!TryTakeNumber(ref rest, 1, 4, out var hours) || !TryTakeMark(ref rest, (byte)':')
            || !TryTakeNumber(ref rest, 2, 2, out var minutes) || minutes > 59)
        {
            return false;
        }

        var seconds = 0;
        var fraction = 0L;
        if (TryTakeMark(ref rest, (byte)':'))
        {
            if (!TryTakeNumber(ref rest, 2, 2, out seconds) || seconds > 59)
            {
                return false;
            }

            if (TryTakeMark(ref rest, (byte)'.') && !TryTakeFraction(ref rest, out fraction))
            {
                return false;
            }
        }

        if (!TryTakeHalfDay(ref rest, ref hours, out hasHalfDay))
        {
            return false;
        }

        ticks = (((((hours * 60L) + minutes) * 60) + seconds) * TimeSpan.TicksPerSecond) + fraction;
        return true;
    }

    private static bool TryTakeHalfDay(ref ReadOnlySpan<byte> rest, ref int hours, out bool hasHalfDay)
    {
        hasHalfDay = false;
        var word = rest.TrimStart((byte)' ');
        if (word is not [(byte)'A' or (byte)'a' or (byte)'P' or (byte)'p', (byte)'M' or (byte)'m'])
        {
            return true;
        }

        if (hours is < 1 or > 12)
        {
            return false;
        }

        hasHalfDay = true;
        hours = (hours % 12) + (word[0] is (byte)'P' or (byte)'p' ? 12 : 0);
        rest = default;
        return true;
    }

    private static bool TryTakeZone(ref ReadOnlySpan<byte> rest, out long offset)
    {
        offset = 0;
        rest = rest.TrimStart((byte)' ');
        if (TryTakeMark(ref rest, (byte)'Z') || TryTakeMark(ref rest, (byte)'z'))
        {
            return true;
        }

        var negative = TryTakeMark(ref rest, (byte)'-');
        if ((!negative && !TryTakeMark(ref rest, (byte)'+')) || !TryTakeNumber(ref rest, 2, 2, out var hours))
        {
            return false;
        }

        TryTakeMark(ref rest, (byte)':');
        if (!TryTakeNumber(ref rest, 2, 2, out var minutes) || hours > 14 || minutes > 59)
        {
            return false;
        }

        offset = ((hours * 60L) + minutes) * TimeSpan.TicksPerMinute * (negative ? -1 : 1);
        return true;
    }

    /// <summary>Takes a fraction of a second; digits beyond 100 ns are dropped.</summary>
    private static bool TryTakeFraction(ref ReadOnlySpan<byte> rest, out long ticks)
    {
        ticks = 0;
        var taken = 0;
        while (taken < rest.Length && (uint)(rest[taken] - '0') <= 9)
        {
            if (taken < FractionDigits)
            {
                ticks = (ticks * 10) + (rest[taken] - '0');
            }

            taken++;
        }

        for (var i = taken; i < FractionDigits; i++)
        {
            ticks *= 10;
        }

        rest = rest[taken..];
        return taken > 0;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<byte> rest, int fewest, int most, out int number)
    {
        number = 0;
        var taken = 0;
        while (taken < rest.Length && taken < most && (uint)(rest[taken] - '0') <= 9)
        {
            number = (number * 10) + (rest[taken] - '0');
            taken++;
        }

        rest = rest[taken..];
        return taken >= fewest;
    }

    private static bool TryTakeMark(ref ReadOnlySpan<byte> rest, byte mark)
    {
        if (rest.IsEmpty || rest[0] != mark)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }
}
