using System.Runtime.CompilerServices;

namespace Auspex.Connectors.Tables;

/// <summary>
/// The shortest decimal that reads back as a double, of these the nearest to it; by the method of R. Giulietti, "The Schubfach
/// way to render doubles" (2020): of four candidates, two with one digit less, comparisons tell the one wanted.
/// </summary>
internal static class ShortestDouble
{
    private const int FractionBits = 52;
    private const ulong LeadingBit = 1UL << FractionBits;
    private const int ExponentOffset = 1075;
    private const ulong LeastWithAllDigits = 10_000_000_000_000_000;

    /// <summary>Finds the decimal for a positive, finite double.</summary>
    /// <param name="bits">The double, without its sign.</param>
    /// <returns>Seventeen digits, zeros at the end included, and the power of ten that they are multiplied with.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (ulong Digits, int Power) Find(ulong bits)
    {
        var fraction = bits & (LeadingBit - 1);
        var biased = (int)(bits >> FractionBits);
        var significand = biased == 0 ? fraction : fraction | LeadingBit;
        var exponent = Math.Max(biased, 1) - ExponentOffset;

        // The interval of the decimals that read back, in quarters of the last place; below a power of two it is narrower.
        var isNarrow = fraction == 0 && biased > 1;
        var middle = significand << 2;
        var left = middle - (isNarrow ? 1UL : 2);
        var right = middle + 2;
        var power = FloorLog10(exponent, isNarrow);
        var shift = exponent + FloorLog2OfPowerOfTen(-power) + 1;
        var (high, low) = PowersOfFive.RoundedUp(-power);
        var below = Scale(high, low, left << shift);
        var at = Scale(high, low, middle << shift);
        var above = Scale(high, low, right << shift);

        // An even significand owns the ends of its interval, since a tie would be rounded to it.
        var odd = significand & 1;
        below += odd;
        above -= odd;

        var whole = at >> 2;
        var tens = whole / 10;
        var isTensInside = below <= 40 * tens;
        var isNextTenInside = (40 * tens) + 40 <= above;
        if (isTensInside != isNextTenInside && whole >= 10)
        {
            return WithAllDigits((tens + (isNextTenInside ? 1UL : 0)) * 10, power);
        }

        var half = (4 * whole) + 2;
        var isNextNearer = at > half | (at == half & (whole & 1) != 0);
        var isNextWanted = (4 * whole) + 4 <= above & (below > 4 * whole | isNextNearer);
        return WithAllDigits(whole + (isNextWanted ? 1UL : 0), power);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong Digits, int Power) WithAllDigits(ulong digits, int power)
    {
        var missing = digits < LeastWithAllDigits ? 1 : 0;
        digits += digits * 9 * (ulong)missing;
        power -= missing;

        // Normal numbers lack one digit at most, the smallest subnormal sixteen.
        while (digits < LeastWithAllDigits)
        {
            digits *= 10;
            power--;
        }

        return (digits, power);
    }

    /// <summary>The upper 64 bits of the product, the last of them set when anything follows, so that comparisons stay true.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Scale(ulong high, ulong low, ulong number)
    {
        var carry = PowersOfFive.HighProduct(low, number);
        var upper = PowersOfFive.HighProduct(high, number);
        var lower = (high * number) + carry;
        upper += lower < carry ? 1UL : 0;
        return upper | (lower > 1 ? 1UL : 0);
    }

    /// <summary>log10 of 2^exponent, or of three quarters of it; exact for all exponents of doubles.</summary>
    private static int FloorLog10(int exponent, bool isThreeQuarters) =>
        ((exponent * 1_262_611) - (isThreeQuarters ? 524_031 : 0)) >> 22;

    private static int FloorLog2OfPowerOfTen(int power) => (power * 1_741_647) >> 19;
}
