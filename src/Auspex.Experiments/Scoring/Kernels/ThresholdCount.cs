using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>How many of sixteen thresholds are smaller than a number.</summary>
internal static class ThresholdCount
{
    /// <summary>Counts.</summary>
    /// <param name="sixteen">The first of them.</param>
    /// <param name="value">The number in every element; none is smaller than NaN.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Smaller<T>(ref T sixteen, Vector256<T> value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && Avx2.IsSupported)
        {
            // Both comparisons in one mask, two bits a threshold: taking masks out of vectors is what costs.
            var low = Vector256.GreaterThan(value, Vector256.LoadUnsafe(ref sixteen)).AsInt32();
            var high = Vector256.GreaterThan(value, Vector256.LoadUnsafe(ref sixteen, 8)).AsInt32();
            return BitOperations.PopCount(Avx2.PackSignedSaturate(low, high).AsByte().ExtractMostSignificantBits()) >> 1;
        }

        var smaller = Bits(ref sixteen, value, 0) | Bits(ref sixteen, value, 1);
        if (Vector256<T>.Count == 4)
        {
            smaller |= Bits(ref sixteen, value, 2) | Bits(ref sixteen, value, 3);
        }

        return BitOperations.PopCount(smaller);
    }

    // Which thresholds of a vector are smaller, as bits at its place among the sixteen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits<T>(ref T sixteen, Vector256<T> value, int vector)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var thresholds = Vector256.LoadUnsafe(ref sixteen, (nuint)(vector * Vector256<T>.Count));
        return Vector256.GreaterThan(value, thresholds).ExtractMostSignificantBits() << (vector * Vector256<T>.Count);
    }
}
