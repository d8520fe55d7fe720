using System.Globalization;
using System.Numerics;

namespace Auspex.Connectors.Formats;

/// <summary>Decimals of files as the nearest double.</summary>
internal static class DecimalNumber
{
    private const long ExactDouble = 1L << 53;

    // The powers of ten that a double holds exactly.
    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    /// <summary>The double nearest to a number divided by a power of ten: the one that its text would be read as.</summary>
    public static double ToDouble(BigInteger unscaled, int scale) =>
        unscaled >= -ExactDouble && unscaled <= ExactDouble && scale >= 0 && scale < PowersOfTen.Length
            // Both are exact, and a division rounds once.
            ? (double)unscaled / PowersOfTen[scale]
            : double.Parse(
                string.Create(CultureInfo.InvariantCulture, $"{unscaled}e{-(long)scale}"), NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <inheritdoc cref="ToDouble(BigInteger, int)"/>
    public static double ToDouble(long unscaled, int scale) =>
        unscaled is >= -ExactDouble and <= ExactDouble && scale >= 0 && scale < PowersOfTen.Length
            ? unscaled / PowersOfTen[scale]
            : ToDouble(new BigInteger(unscaled), scale);
}
