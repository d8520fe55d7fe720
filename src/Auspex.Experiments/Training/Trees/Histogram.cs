using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auspex.Experiments.Training.Trees;

/// <summary>Sums gradients per bin of a column.</summary>
internal static class Histogram
{
    /// <summary>Adds rows to the bins of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">The rows, or empty for all rows in order.</param>
    /// <param name="gradients">One per row, in the order of <paramref name="rows"/>.</param>
    /// <param name="bins">One per bin.</param>
    public static void Add(BinnedColumn column, ReadOnlySpan<int> rows, ReadOnlySpan<long> gradients, Span<long> bins)
    {
        if (column.Bytes is { } bytes)
        {
            Add<byte>(bytes, rows, gradients, bins);
        }
        else
        {
            Add<ushort>(column.Words, rows, gradients, bins);
        }
    }

    // Without bounds checks: bins were numbered below BinCount and rows below the length of the column when they were made.
    private static void Add<T>(ReadOnlySpan<T> binOfRow, ReadOnlySpan<int> rows, ReadOnlySpan<long> gradients, Span<long> bins)
        where T : unmanaged
    {
        ref var bin = ref MemoryMarshal.GetReference(bins);
        ref var source = ref MemoryMarshal.GetReference(binOfRow);
        ref var gradient = ref MemoryMarshal.GetReference(gradients);
        if (rows.IsEmpty)
        {
            for (nuint i = 0; i < (nuint)gradients.Length; i++)
            {
                Unsafe.Add(ref bin, Index(ref Unsafe.Add(ref source, i))) += Unsafe.Add(ref gradient, i);
            }

            return;
        }

        ref var row = ref MemoryMarshal.GetReference(rows);
        for (nuint i = 0; i < (nuint)rows.Length; i++)
        {
            Unsafe.Add(ref bin, Index(ref Unsafe.Add(ref source, (nuint)(uint)Unsafe.Add(ref row, i)))) += Unsafe.Add(ref gradient, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Index<T>(ref T bin)
        where T : unmanaged => typeof(T) == typeof(byte) ? Unsafe.As<T, byte>(ref bin) : Unsafe.As<T, ushort>(ref bin);
}
