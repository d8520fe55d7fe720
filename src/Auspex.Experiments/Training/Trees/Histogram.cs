using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auspex.Experiments.Training.Trees;

/// <summary>Sums gradients per bin of a column.</summary>
internal static class Histogram
{
    /// <summary>Adds rows to the bins of a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="rows">Words of the rows.</param>
    /// <param name="countBits">How many bits of a sum are the count.</param>
    /// <param name="bins">One per bin.</param>
    public static void Add(BinnedColumn column, ReadOnlySpan<long> rows, int countBits, Span<long> bins)
    {
        if (column.Bytes is { } bytes)
        {
            Add<byte>(bytes, rows, countBits, bins);
        }
        else
        {
            Add<ushort>(column.Words, rows, countBits, bins);
        }
    }

    // Without bounds checks: bins were numbered below BinCount and rows below the length of the column when they were made.
    private static void Add<T>(ReadOnlySpan<T> binOfRow, ReadOnlySpan<long> rows, int countBits, Span<long> bins)
        where T : unmanaged
    {
        ref var bin = ref MemoryMarshal.GetReference(bins);
        ref var source = ref MemoryMarshal.GetReference(binOfRow);
        foreach (var word in rows)
        {
            Unsafe.Add(ref bin, Bin(ref source, word)) += Gradients.Summand(word, countBits);
        }
    }

    /// <summary>The bin of a word's row.</summary>
    /// <param name="bins">The bins of a column's rows: bytes or words of two.</param>
    /// <param name="word">A row's word.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Bin<T>(ref T bins, long word)
        where T : unmanaged
    {
        ref var bin = ref Unsafe.Add(ref bins, (nuint)(uint)Gradients.Row(word));
        return typeof(T) == typeof(byte) ? Unsafe.As<T, byte>(ref bin) : Unsafe.As<T, ushort>(ref bin);
    }
}
