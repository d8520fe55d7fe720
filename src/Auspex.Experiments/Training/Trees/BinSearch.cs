using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auspex.Experiments.Training.Trees;

/// <summary>Finds the bins of a column's numbers.</summary>
internal static class BinSearch
{
    /// <summary>Counts, for each number, the thresholds below it; a missing one gets one more than there are thresholds.</summary>
    /// <param name="thresholds">Ascending, 254 at most.</param>
    /// <param name="values">The numbers; NaN is a missing one.</param>
    /// <param name="bins">Receives a bin per number.</param>
    /// <returns>Whether any is missing.</returns>
    public static bool Find(ReadOnlySpan<float> thresholds, ReadOnlySpan<float> values, Span<byte> bins)
    {
        // One less than a power of two, so that each search takes as many steps, none of which depends on a branch.
        var size = 1;
        while (size <= thresholds.Length)
        {
            size *= 2;
        }

        Span<int> keys = stackalloc int[256];
        keys.Fill(int.MaxValue);
        for (var i = 0; i < thresholds.Length; i++)
        {
            // Adding zero makes 0 and -0 one value.
            keys[i] = FloatOrder.Key(thresholds[i] + 0f);
        }

        ref var first = ref MemoryMarshal.GetReference(keys);
        var missing = thresholds.Length + 1;
        var anyMissing = false;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            if (float.IsNaN(value))
            {
                bins[i] = (byte)missing;
                anyMissing = true;
                continue;
            }

            long key = FloatOrder.Key(value + 0f);
            nint bin = 0;
            for (var half = size >> 1; half > 0; half >>= 1)
            {
                bin += (nint)((Unsafe.Add(ref first, bin + half - 1) - key) >> 63) & half;
            }

            bins[i] = (byte)bin;
        }

        return anyMissing;
    }
}
