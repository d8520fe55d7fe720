namespace Auspex.Connectors.Tables;

/// <summary>
/// The forms in which programs write dates, <c>yyyy-MM-dd</c> and <c>yyyy-MM-ddTHH:mm:ss</c>, whose digits stand where they always do.
/// </summary>
internal static class IsoTime
{
    private const int DateLength = 10;
    private const int SecondsLength = 19;

    /// <summary>Reads a date or a date and time.</summary>
    /// <returns>False when the text is anything else, a time in another form perhaps.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out long ticks)
    {
        ticks = 0;
        if (utf8.Length is not (DateLength or SecondsLength) || utf8[4] != '-' || utf8[7] != '-')
        {
            return false;
        }

        // A pair that is not of digits is so far below zero that no other brings it back.
        var century = Pair(utf8, 0);
        var month = Pair(utf8, 5);
        var day = Pair(utf8, 8);
        var year = (century * 100) + Pair(utf8, 2);
        if (year is < 1 or > 9999 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        var seconds = 0;
        if (utf8.Length == SecondsLength && !TryTime(utf8[DateLength..], out seconds))
        {
            return false;
        }

        ticks = new DateTime(year, month, day).Ticks + (seconds * TimeSpan.TicksPerSecond);
        return true;
    }

    private static bool TryTime(ReadOnlySpan<byte> utf8, out int seconds)
    {
        var hour = Pair(utf8, 1);
        var minute = Pair(utf8, 4);
        var second = Pair(utf8, 7);
        seconds = (((hour * 60) + minute) * 60) + second;
        return utf8[0] is (byte)'T' or (byte)' ' && utf8[3] == ':' && utf8[6] == ':'
            && (uint)hour < 24 && (uint)minute < 60 && (uint)second < 60;
    }

    /// <summary>The number that two digits mean; far from any when they are none.</summary>
    private static int Pair(ReadOnlySpan<byte> utf8, int at)
    {
        const int None = -1_000_000;
        var tens = (uint)(utf8[at] - '0');
        var ones = (uint)(utf8[at + 1] - '0');
        return tens > 9 | ones > 9 ? None : (int)((tens * 10) + ones);
    }
}
