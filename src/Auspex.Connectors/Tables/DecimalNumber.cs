using System.Runtime.CompilerServices;

namespace Auspex.Connectors.Tables;

/// <summary>Numbers of any length with an optional fraction and exponent, by words of eight digits and without vectors.</summary>
internal static class DecimalNumber
{
    // More digits than these may overflow 64 bits.
    private const int MostDigits = 19;

    // Beyond, the runtime decides what a text means; it keeps the arithmetic of exponents within 32 bits.
    private const int LongestText = 1 << 16;
    private const int GreatestExponent = 100_000;

    /// <summary>Reads a number: sign, digits with an optional point, exponent.</summary>
    /// <returns>False when the text is anything else, or when more than 19 digits leave open which double is nearest.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out double value)
    {
        value = 0;
        if (utf8.IsEmpty || utf8.Length > LongestText)
        {
            return false;
        }

        var start = utf8[0] is (byte)'-' or (byte)'+' ? 1 : 0;
        var position = start;
        var number = TakeDigits(utf8, ref position);
        var digits = position - start;
        var power = 0;
        if (position < utf8.Length && utf8[position] == '.')
        {
            var point = ++position;
            number = TakeDigits(utf8, ref position, number);
            power = point - position;
            digits -= power;
        }

        var end = position;
        if (digits == 0 || (position < utf8.Length && !TryTakeExponent(utf8[position..], ref power)))
        {
            return false;
        }

        if (digits <= MostDigits)
        {
            value = DecimalRounding.ToDouble(number, power);
        }
        else if (!TryRoundLong(utf8[start..end], power, out value))
        {
            return false;
        }

        value = utf8[0] == '-' ? -value : value;
        return true;
    }

    /// <summary>Reads on for as long as there are digits; beyond 19 of them the number is meaningless.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong TakeDigits(ReadOnlySpan<byte> utf8, ref int position, ulong number = 0)
    {
        var at = position;
        while (at <= utf8.Length - 8)
        {
            var word = BitConverter.ToUInt64(utf8.Slice(at, 8));
            if (!DigitWords.AreDigits(word))
            {
                break;
            }

            number = (number * DigitWords.OneWord) + DigitWords.Number(word ^ DigitWords.Zeros);
            at += 8;
        }

        for (; at < utf8.Length; at++)
        {
            var digit = (uint)(utf8[at] - '0');
            if (digit > 9)
            {
                break;
            }

            number = (number * 10) + digit;
        }

        position = at;
        return number;
    }

    /// <summary>Adds an exponent that reaches to the end of the text.</summary>
    private static bool TryTakeExponent(ReadOnlySpan<byte> utf8, ref int power)
    {
        if (utf8 is not [(byte)'e' or (byte)'E', _, ..])
        {
            return false;
        }

        var position = utf8[1] is (byte)'-' or (byte)'+' ? 2 : 1;
        if (position == utf8.Length)
        {
            return false;
        }

        var exponent = 0;
        for (var i = position; i < utf8.Length; i++)
        {
            var digit = (uint)(utf8[i] - '0');
            if (digit > 9 || exponent >= GreatestExponent)
            {
                return false;
            }

            exponent = (exponent * 10) + (int)digit;
        }

        power += utf8[1] == '-' ? -exponent : exponent;
        return true;
    }

    /// <summary>
    /// Rounds by the first 19 digits that count. When others follow, the number lies between these and the next; only when both
    /// round to the same double is it known.
    /// </summary>
    private static bool TryRoundLong(ReadOnlySpan<byte> digits, int power, out double value)
    {
        digits = digits.TrimStart("0."u8);
        ulong number = 0;
        var taken = 0;
        var isExact = true;
        foreach (var character in digits)
        {
            if (character == '.')
            {
                continue;
            }

            if (taken++ < MostDigits)
            {
                number = (number * 10) + (uint)(character - '0');
            }
            else
            {
                power++;
                isExact &= character == '0';
            }
        }

        value = DecimalRounding.ToDouble(number, power);
        return isExact || value.Equals(DecimalRounding.ToDouble(number + 1, power));
    }
}
