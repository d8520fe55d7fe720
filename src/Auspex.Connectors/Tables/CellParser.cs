using System.Globalization;
using System.Text;

namespace Auspex.Connectors.Tables;

/// <summary>Reads the text of cells in invariant culture. Blanks around a value are skipped; nothing here throws.</summary>
public static partial class CellParser
{
    private const int LargestExactPower = 22;
    private const int MostDigits = 19;
    private const ulong LargestExactInteger = 1UL << 53;
    private const int StackBytes = 256;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>One of the methods of this type.</summary>
    public delegate bool Utf8Parse<T>(ReadOnlySpan<byte> utf8, out T value);

    /// <summary>Applies one of the methods of this type to text that is not UTF-8 yet.</summary>
    public static bool TryParse<T>(string text, Utf8Parse<T> parse, out T value)
    {
        var room = Encoding.UTF8.GetMaxByteCount(text.Length);
        var utf8 = room <= StackBytes ? stackalloc byte[StackBytes] : new byte[room];
        return parse(utf8[..Encoding.UTF8.GetBytes(text, utf8)], out value);
    }

    /// <summary><c>true</c> or <c>false</c> in any case, <c>1</c> or <c>0</c>.</summary>
    public static bool TryParseBoolean(ReadOnlySpan<byte> utf8, out bool value)
    {
        utf8 = Trim(utf8);
        value = utf8 is [(byte)'1'];
        return value || utf8 is [(byte)'0'] || TryParseWord(utf8, out value);
    }

    /// <summary>A whole number with an optional sign, and nothing but digits.</summary>
    public static bool TryParseInt64(ReadOnlySpan<byte> utf8, out long value)
    {
        utf8 = Trim(utf8);
        value = 0;
        var negative = false;
        if (utf8 is [(byte)'-' or (byte)'+', ..])
        {
            negative = utf8[0] == '-';
            utf8 = utf8[1..];
        }

        if (utf8.IsEmpty || utf8.Length > MostDigits)
        {
            // Longer texts may still fit, thanks to leading zeros; they are rare enough for the slow way.
            return !utf8.IsEmpty && TryParseLong(utf8, negative, out value);
        }

        ulong magnitude = 0;
        foreach (var character in utf8)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            magnitude = (magnitude * 10) + digit;
        }

        if (magnitude > (negative ? 1UL << 63 : long.MaxValue))
        {
            return false;
        }

        value = negative ? (long)(0 - magnitude) : (long)magnitude;
        return true;
    }

    /// <summary>A number with an optional fraction and exponent; <c>NaN</c>, <c>Infinity</c> and <c>inf</c> in any case.</summary>
    public static bool TryParseDouble(ReadOnlySpan<byte> utf8, out double value)
    {
        utf8 = Trim(utf8);
        return TryParsePlain(utf8, out value)
            || double.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            || TryParseInfinity(utf8, out value);
    }

    internal static bool TryParseWord(ReadOnlySpan<byte> trimmed, out bool value)
    {
        value = Ascii.EqualsIgnoreCase(trimmed, "true"u8);
        return value || Ascii.EqualsIgnoreCase(trimmed, "false"u8);
    }

    internal static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> utf8) =>
        utf8 is [> (byte)' ', .., > (byte)' '] or [> (byte)' '] ? utf8 : utf8.Trim(" \t"u8);

    /// <summary>
    /// Numbers without an exponent whose digits fit 53 bits, by far the most common: both the digits and the power of ten
    /// are then exact doubles, so that one division rounds correctly (Clinger's fast path).
    /// </summary>
    private static bool TryParsePlain(ReadOnlySpan<byte> utf8, out double value)
    {
        value = 0;
        var position = 0;
        var negative = false;
        if (utf8 is [(byte)'-' or (byte)'+', ..])
        {
            negative = utf8[0] == '-';
            position = 1;
        }

        var digitsEnd = Math.Min(utf8.Length, position + MostDigits + 1);
        ulong mantissa = 0;
        var digits = 0;
        var pointAt = -1;
        for (; position < digitsEnd; position++)
        {
            var digit = (uint)(utf8[position] - '0');
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
                digits++;
            }
            else if (utf8[position] == '.' && pointAt < 0)
            {
                pointAt = position;
            }
            else
            {
                return false;
            }
        }

        var decimals = pointAt < 0 ? 0 : position - pointAt - 1;
        if (position != utf8.Length || digits is 0 or > MostDigits || mantissa > LargestExactInteger || decimals > LargestExactPower)
        {
            return false;
        }

        value = mantissa / PowersOfTen[decimals];
        if (negative)
        {
            value = -value;
        }

        return true;
    }

    private static bool TryParseInfinity(ReadOnlySpan<byte> utf8, out double value)
    {
        var negative = utf8 is [(byte)'-', ..];
        var word = negative || utf8 is [(byte)'+', ..] ? utf8[1..] : utf8;
        value = negative ? double.NegativeInfinity : double.PositiveInfinity;
        return Ascii.EqualsIgnoreCase(word, "inf"u8);
    }

    private static bool TryParseLong(ReadOnlySpan<byte> digits, bool negative, out long value)
    {
        value = 0;
        var significant = digits.TrimStart((byte)'0');
        return digits.Length <= StackBytes
            && significant.Length <= MostDigits
            && !significant.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && (significant.IsEmpty || TryParseInt64(significant, out value))
            && Negate(ref value, negative);
    }

    private static bool Negate(ref long value, bool negative)
    {
        value = negative ? -value : value;
        return true;
    }
}
