using System.Numerics;
using System.Runtime.CompilerServices;

namespace Auspex.Connectors.Tables;

/// <summary>Eight decimal digits in a word, the first in its lowest byte, all handled at once by a few multiplications.</summary>
internal static class DigitWords
{
    public const uint OneWord = 100_000_000;

    /// <summary>What turns eight digits into eight characters and back.</summary>
    public const ulong Zeros = 0x3030303030303030;

    private const ulong HighBits = 0x8080808080808080;

    /// <summary>Whether all eight characters are digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreDigits(ulong characters) =>
        (((characters + 0x4646464646464646) | (characters - Zeros)) & HighBits) == 0;

    /// <summary>The number that eight digits (0 to 9, not characters) mean.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Number(ulong digits)
    {
        const ulong EveryFourth = 0x000000FF000000FF;
        const ulong FirstAndThird = 100 + (1_000_000UL << 32);
        const ulong SecondAndFourth = 1 + (10_000UL << 32);
        var pairs = (digits * 10) + (digits >> 8);
        return (uint)((((pairs & EveryFourth) * FirstAndThird) + (((pairs >> 16) & EveryFourth) * SecondAndFourth)) >> 32);
    }

    /// <summary>The eight digits of a number below <see cref="OneWord"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Digits(uint number)
    {
        // Each step splits every lane in two: by 10,000, by 100, by 10. The factors are reciprocals that are exact in their range.
        var upper = number / 10_000;
        ulong fours = upper | ((ulong)(number - (upper * 10_000)) << 32);
        var hundreds = ((fours * 10_486) >> 20) & 0x0000007F0000007F;
        var twos = hundreds | ((fours - (hundreds * 100)) << 16);
        var tens = ((twos * 103) >> 10) & 0x000F000F000F000F;
        return tens | ((twos - (tens * 10)) << 8);
    }

    /// <summary>How many of the digits at the end are zero, up to 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TrailingZeros(ulong digits) => BitOperations.LeadingZeroCount(digits) >> 3;
}
