using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Auspex.Connectors.Tables;

/// <summary>
/// The leading 128 bits of the powers of five, with which doubles are read (Eisel-Lemire) and written (Schubfach). Each is
/// scaled to fill 128 bits and, unless exact, rounded up.
/// </summary>
internal static partial class PowersOfFive
{
    public const int Least = -342;
    public const int Greatest = 326;

    // 5^55 is the last that fits 128 bits.
    private const int GreatestExact = 55;

    /// <summary>The power, rounded up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong High, ulong Low) RoundedUp(int power)
    {
        // The callers bound the power; the table has exactly these entries.
        ref var entry = ref Unsafe.Add(ref MemoryMarshal.GetReference(Table), 2 * (power - Least));
        return (entry, Unsafe.Add(ref entry, 1));
    }

    /// <summary>
    /// The power as Eisel-Lemire is proven for: negative ones rounded up, others down. No inexact one has a low half of zero,
    /// so that taking one off touches the low half alone.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (ulong High, ulong Low) Truncated(int power)
    {
        var (high, low) = RoundedUp(power);
        return (high, power > GreatestExact ? low - 1 : low);
    }

    /// <summary>
    /// The upper half of a product. <c>Math.BigMul</c> gives both halves by way of memory on x64, which costs more than another
    /// multiplication for the lower one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong HighProduct(ulong left, ulong right) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(left, right) : Math.BigMul(left, right, out _);
}
