using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auspex.Experiments.Training.Trees;

/// <summary>Divides the rows of a boosted tree's leaf in two, each half in its old order.</summary>
internal static class LeafPartition
{
    /// <summary>Copies the rows that go left to the front of a target, the others behind them.</summary>
    /// <param name="column">The column to divide by.</param>
    /// <param name="split">How.</param>
    /// <param name="rows">Words of the rows.</param>
    /// <param name="target">As many words.</param>
    /// <param name="leftCount">How many rows go left, which the leaf's histogram knows.</param>
    /// <param name="parallel">Null for one thread; otherwise two take part.</param>
    public static void Divide(
        BinnedColumn column, Split split, ReadOnlyMemory<long> rows, Memory<long> target, int leftCount, ParallelOptions? parallel)
    {
        var goesRight = RowPartition.Directions(column, split);
        if (parallel is null)
        {
            Forward(column, goesRight, rows.Span, target.Span, 0, leftCount);
            return;
        }

        // One thread fills both halves from their fronts, the other from their backs: neither needs to know where the other ends.
        var middle = rows.Length / 2;
        Parallel.For(0, 2, parallel, part =>
        {
            if (part == 0)
            {
                Forward(column, goesRight, rows.Span[..middle], target.Span, 0, leftCount);
            }
            else
            {
                Backward(column, goesRight, rows.Span[middle..], target.Span, leftCount - 1, target.Length - 1);
            }
        });
    }

    private static void Forward(BinnedColumn column, byte[] goesRight, ReadOnlySpan<long> rows, Span<long> target, int left, int right)
    {
        if (column.Bytes is { } bytes)
        {
            Forward<byte>(bytes, goesRight, rows, target, left, right);
        }
        else
        {
            Forward<ushort>(column.Words, goesRight, rows, target, left, right);
        }
    }

    private static void Backward(BinnedColumn column, byte[] goesRight, ReadOnlySpan<long> rows, Span<long> target, int left, int right)
    {
        if (column.Bytes is { } bytes)
        {
            Backward<byte>(bytes, goesRight, rows, target, left, right);
        }
        else
        {
            Backward<ushort>(column.Words, goesRight, rows, target, left, right);
        }
    }

    // Which way a row goes cannot be foreseen, so that nothing branches on it. Without bounds checks: as many rows go left as the
    // histogram has counted, bins were numbered below BinCount, and rows below the length of the column.
    private static void Forward<T>(
        ReadOnlySpan<T> binOfRow, ReadOnlySpan<byte> goesRight, ReadOnlySpan<long> rows, Span<long> target, int left, int right)
        where T : unmanaged
    {
        ref var direction = ref MemoryMarshal.GetReference(goesRight);
        ref var bin = ref MemoryMarshal.GetReference(binOfRow);
        ref var to = ref MemoryMarshal.GetReference(target);
        nint first = left;
        nint second = right;
        foreach (var word in rows)
        {
            nint goes = Unsafe.Add(ref direction, Histogram.Bin(ref bin, word));
            Unsafe.Add(ref to, first + ((second - first) & -goes)) = word;
            second += goes;
            first += 1 - goes;
        }
    }

    private static void Backward<T>(
        ReadOnlySpan<T> binOfRow, ReadOnlySpan<byte> goesRight, ReadOnlySpan<long> rows, Span<long> target, int left, int right)
        where T : unmanaged
    {
        ref var direction = ref MemoryMarshal.GetReference(goesRight);
        ref var bin = ref MemoryMarshal.GetReference(binOfRow);
        ref var to = ref MemoryMarshal.GetReference(target);
        nint first = left;
        nint second = right;
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            var word = rows[i];
            nint goes = Unsafe.Add(ref direction, Histogram.Bin(ref bin, word));
            Unsafe.Add(ref to, first + ((second - first) & -goes)) = word;
            second -= goes;
            first -= 1 - goes;
        }
    }
}
