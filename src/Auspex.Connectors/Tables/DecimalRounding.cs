using System.Numerics;
using System.Runtime.CompilerServices;

namespace Auspex.Connectors.Tables;

/// <summary>The double nearest to a decimal number.</summary>
internal static class DecimalRounding
{
    /// <summary>Up to here every whole number is a double.</summary>
    public const ulong GreatestExactInteger = 1UL << 53;

    private const int GreatestExactPower = 22;
    private const int FractionBits = 52;
    private const int ExponentBias = 1023;
    private const int InfiniteExponent = 0x7FF;
    private const int GreatestPower = 308;

    // Between these powers of ten, and only there, a decimal of up to 64 bits may lie halfway between two doubles.
    private const int LeastHalfwayPower = -4;
    private const int GreatestHalfwayPower = 23;

    private static ReadOnlySpan<double> PowersOfTen =>
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>
    /// The double nearest to <paramref name="number"/> times ten to the <paramref name="power"/>, ties to even. Where both are
    /// exact doubles one operation rounds correctly (Clinger 1990); anything else is one product with a power of five of 128 bits
    /// (Lemire, "Number parsing at a gigabyte per second", 2021), which decides every case of 64 bits (Mushtak and Lemire, "Fast
    /// number parsing without fallback", 2023).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double ToDouble(ulong number, int power)
    {
        if (number <= GreatestExactInteger && (uint)(power + GreatestExactPower) <= 2 * GreatestExactPower)
        {
            return power < 0 ? (long)number / PowersOfTen[-power] : (long)number * PowersOfTen[power];
        }

        return BitConverter.UInt64BitsToDouble(number == 0 ? 0 : Nearest(number, power));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Nearest(ulong number, int power)
    {
        if (power < PowersOfFive.Least)
        {
            return 0;
        }

        if (power > GreatestPower)
        {
            return (ulong)InfiniteExponent << FractionBits;
        }

        var shift = BitOperations.LeadingZeroCount(number);
        var (high, low) = Product(number << shift, power);

        // Fifty-two bits of fraction, the leading one, one to round by.
        var leading = (int)(high >> 63);
        var discarded = leading + 64 - FractionBits - 3;
        var fraction = high >> discarded;
        var exponent = BinaryExponent(power) + leading - shift + ExponentBias;
        if (exponent <= 0)
        {
            return Subnormal(fraction, 1 - exponent);
        }

        // Exactly halfway, the bit below the rounding one tells the even neighbour: drop the rounding bit when it is below.
        if (low <= 1 && power is >= LeastHalfwayPower and <= GreatestHalfwayPower && (fraction & 3) == 1 && fraction << discarded == high)
        {
            fraction &= ~1UL;
        }

        fraction = (fraction + (fraction & 1)) >> 1;
        if (fraction >> (FractionBits + 1) != 0)
        {
            fraction >>= 1;
            exponent++;
        }

        return exponent >= InfiniteExponent
            ? (ulong)InfiniteExponent << FractionBits
            : (fraction & ((1UL << FractionBits) - 1)) | ((ulong)exponent << FractionBits);
    }

    private static ulong Subnormal(ulong fraction, int shift)
    {
        if (shift >= 64)
        {
            return 0;
        }

        // A fraction that rounds up to its fifty-third bit is the smallest normal number: the bits say so by themselves.
        fraction >>= shift;
        return (fraction + (fraction & 1)) >> 1;
    }

    /// <summary>The upper 128 bits of the product; the lower half of the power is used only where it could matter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong High, ulong Low) Product(ulong number, int power)
    {
        const ulong Undecided = ulong.MaxValue >> (FractionBits + 3);
        var (upper, lower) = PowersOfFive.Truncated(power);
        var high = PowersOfFive.HighProduct(number, upper);
        var low = number * upper;
        if ((high & Undecided) == Undecided)
        {
            var carry = PowersOfFive.HighProduct(number, lower);
            low += carry;
            high += low < carry ? 1UL : 0;
        }

        return (high, low);
    }

    /// <summary>The binary exponent of a power of ten, plus 63; the factor is log2(10) in sixteenths of 4096.</summary>
    private static int BinaryExponent(int powerOfTen) => ((217_706 * powerOfTen) >> 16) + 63;
}
