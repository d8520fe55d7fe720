using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Auspex.Experiments.Training.Trees;

/// <summary>
/// The bins of all columns a row after the other, beside the columns themselves. Where a leaf has a small part of the rows, its bins
/// then lie in a few lines of memory for each row, and not in one for each row and column.
/// </summary>
internal sealed class BinRows
{
    /// <summary>How many columns are looked at together.</summary>
    public const int Group = 4;

    // With more columns a row fills many lines of memory in either way, and the copy costs more than it saves.
    private const int MostColumns = 1000;
    private const int ChunkRows = 16_384;

    private readonly byte[] _bins;
    private readonly int[] _starts;
    private readonly int _stride;

    private BinRows(byte[] bins, int[] starts, int stride)
    {
        _bins = bins;
        _starts = starts;
        _stride = stride;
    }

    /// <summary>Groups of columns.</summary>
    public int Groups => _stride / Group;

    /// <summary>Copies the bins of columns; null where it would not pay.</summary>
    /// <param name="columns">The columns; those whose bins do not fit into a byte are left out.</param>
    /// <param name="binStarts">Where each column's bins begin in a histogram; the last element, behind all, is where sums nobody reads go.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="parallel">How many threads.</param>
    public static BinRows? Create(BinnedColumn[] columns, int[] binStarts, int rows, ParallelOptions parallel)
    {
        var stride = (columns.Length + Group - 1) / Group * Group;
        if (columns.Length is < 2 or > MostColumns || (long)rows * stride > Array.MaxLength)
        {
            return null;
        }

        var bins = new byte[rows * stride];
        var starts = new int[stride];
        for (var column = 0; column < stride; column++)
        {
            starts[column] = column < columns.Length && columns[column].Bytes is not null ? binStarts[column] : binStarts[^1];
        }

        Parallel.For(0, (rows + ChunkRows - 1) / ChunkRows, parallel, chunk =>
        {
            var end = Math.Min(rows, (chunk + 1) * ChunkRows);
            for (var column = 0; column < columns.Length; column++)
            {
                if (columns[column].Bytes is { } source)
                {
                    var at = (chunk * ChunkRows * stride) + column;
                    for (var row = chunk * ChunkRows; row < end; row++, at += stride)
                    {
                        bins[at] = source[row];
                    }
                }
            }
        });
        return new BinRows(bins, starts, stride);
    }

    /// <summary>Adds rows to the bins of some groups of columns.</summary>
    /// <param name="firstGroup">The first group.</param>
    /// <param name="endGroup">The group behind the last.</param>
    /// <param name="rows">The rows, or empty for all rows in order.</param>
    /// <param name="gradients">One per row, in the order of <paramref name="rows"/>.</param>
    /// <param name="histogram">The bins of all columns, and one more.</param>
    public void Add(int firstGroup, int endGroup, ReadOnlySpan<int> rows, ReadOnlySpan<long> gradients, Span<long> histogram)
    {
        // Without bounds checks: bins were numbered below each column's BinCount, and rows below the rows that were copied.
        ref var bin = ref MemoryMarshal.GetReference(histogram);
        ref var bytes = ref MemoryMarshal.GetArrayDataReference(_bins);
        ref var starts = ref MemoryMarshal.GetArrayDataReference(_starts);
        ref var gradient = ref MemoryMarshal.GetReference(gradients);
        ref var row = ref MemoryMarshal.GetReference(rows);
        var isAll = rows.IsEmpty;
        var first = (nuint)(firstGroup * Group);
        var end = (nuint)(endGroup * Group);
        for (nuint i = 0; i < (nuint)gradients.Length; i++)
        {
            var value = Unsafe.Add(ref gradient, i);
            ref var ofRow = ref Unsafe.Add(ref bytes, (isAll ? i : (nuint)(uint)Unsafe.Add(ref row, i)) * (nuint)_stride);
            for (var column = first; column < end; column += Group)
            {
                var four = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref ofRow, column));
                Unsafe.Add(ref bin, (uint)Unsafe.Add(ref starts, column) + (four & 0xFF)) += value;
                Unsafe.Add(ref bin, (uint)Unsafe.Add(ref starts, column + 1) + ((four >> 8) & 0xFF)) += value;
                Unsafe.Add(ref bin, (uint)Unsafe.Add(ref starts, column + 2) + ((four >> 16) & 0xFF)) += value;
                Unsafe.Add(ref bin, (uint)Unsafe.Add(ref starts, column + 3) + (four >> 24)) += value;
            }
        }
    }
}
