using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Auspex.Experiments.Training.Trees;

/// <summary>
/// The bins of all columns a row after the other, beside the columns themselves. A row's bins then lie in one or a few lines of memory,
/// and not in one for each column.
/// </summary>
internal sealed class BinRows
{
    /// <summary>Distance between the bins of two columns where <see cref="IsEven"/>.</summary>
    public const int Pitch = 256;

    /// <summary>How many columns are looked at together.</summary>
    public const int Group = 4;

    // With more columns a row fills many lines of memory in either way, and the copy costs more than it saves.
    private const int MostColumns = 1000;
    private const int ChunkRows = 16_384;
    private const int Line = 64;

    // Rows are asked for that long before their turn: they are in ascending order but far from each other.
    private const int Ahead = 16;

    // Pinned, so that rows start where a line of memory does.
    private readonly byte[] _bins;
    private readonly int _offset;
    private readonly int[] _starts;
    private readonly int _stride;
    private readonly int _columns;

    private BinRows(byte[] bins, int offset, int[] starts, int stride, bool isEven)
    {
        _bins = bins;
        _offset = offset;
        _starts = starts;
        _stride = stride;
        _columns = starts.Length;
        IsEven = isEven;
    }

    /// <summary>Whether each column's bins begin <see cref="Pitch"/> behind the last's, which saves looking up where.</summary>
    public bool IsEven { get; }

    /// <summary>Copies the bins of columns; null where it would not pay.</summary>
    /// <param name="columns">The columns; those whose bins do not fit into a byte are left out.</param>
    /// <param name="binStarts">Where each column's bins begin in a histogram; the last element, behind all, is where sums nobody reads go.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="parallel">How many threads.</param>
    public static unsafe BinRows? Create(BinnedColumn[] columns, int[] binStarts, int rows, ParallelOptions parallel)
    {
        var padded = (columns.Length + Group - 1) / Group * Group;
        var stride = Stride(padded);
        if (columns.Length is < 2 or > MostColumns || ((long)rows * stride) + Line > Array.MaxLength)
        {
            return null;
        }

        var bins = GC.AllocateArray<byte>((rows * stride) + Line, pinned: true);
        var offset = (int)(-(nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(bins)) & (Line - 1));
        var starts = new int[padded];
        for (var column = 0; column < padded; column++)
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
                    var at = offset + (chunk * ChunkRows * stride) + column;
                    for (var row = chunk * ChunkRows; row < end; row++, at += stride)
                    {
                        bins[at] = source[row];
                    }
                }
            }
        });
        var isEven = starts.AsSpan(0, columns.Length).SequenceEqual([.. Enumerable.Range(0, columns.Length).Select(column => column * Pitch)]);
        return new BinRows(bins, offset, starts, stride, isEven);
    }

    /// <summary>Adds rows to the bins of all columns.</summary>
    /// <param name="rows">Words of the rows.</param>
    /// <param name="countBits">How many bits of a sum are the count.</param>
    /// <param name="histogram">The bins of all columns, and room for those of a group more.</param>
    public unsafe void Add(ReadOnlySpan<long> rows, int countBits, Span<long> histogram)
    {
        // Without bounds checks: bins were numbered below each column's BinCount, and rows below the rows that were copied.
        var source = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bins)) + _offset;
        fixed (long* words = rows)
        fixed (long* bins = histogram)
        fixed (int* starts = _starts)
        {
            if (IsEven)
            {
                AddEven(words, rows.Length, source, countBits, bins);
            }
            else
            {
                Add(words, rows.Length, source, countBits, bins, starts);
            }
        }

        GC.KeepAlive(_bins);
    }

    private unsafe void AddEven(long* words, int count, byte* source, int countBits, long* bins)
    {
        var stride = (nuint)_stride;
        var columns = (nuint)_columns;
        for (var i = 0; i < count; i++)
        {
            Prefetch(source + ((uint)Gradients.Row(words[Math.Min(i + Ahead, count - 1)]) * stride), columns);
            var word = words[i];
            var value = Gradients.Summand(word, countBits);
            var row = source + ((uint)Gradients.Row(word) * stride);
            var bin = bins;
            for (nuint column = 0; column < columns; column += Group, bin += Group * Pitch)
            {
                var four = *(uint*)(row + column);
                bin[(nuint)(byte)four] += value;
                bin[(nuint)(byte)(four >> 8) + Pitch] += value;
                bin[(nuint)(byte)(four >> 16) + (2 * Pitch)] += value;
                bin[(nuint)(four >> 24) + (3 * Pitch)] += value;
            }
        }
    }

    private unsafe void Add(long* words, int count, byte* source, int countBits, long* bins, int* starts)
    {
        var stride = (nuint)_stride;
        var columns = (nuint)_columns;
        for (var i = 0; i < count; i++)
        {
            Prefetch(source + ((uint)Gradients.Row(words[Math.Min(i + Ahead, count - 1)]) * stride), columns);
            var word = words[i];
            var value = Gradients.Summand(word, countBits);
            var row = source + ((uint)Gradients.Row(word) * stride);
            for (nuint column = 0; column < columns; column += Group)
            {
                var four = *(uint*)(row + column);
                bins[(uint)starts[column] + (four & 0xFF)] += value;
                bins[(uint)starts[column + 1] + ((four >> 8) & 0xFF)] += value;
                bins[(uint)starts[column + 2] + ((four >> 16) & 0xFF)] += value;
                bins[(uint)starts[column + 3] + (four >> 24)] += value;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(byte* row, nuint length)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(row);
            for (nuint at = Line; at < length; at += Line)
            {
                Sse.Prefetch0(row + at);
            }
        }
    }

    // No row over more lines than it needs.
    private static int Stride(int columns)
    {
        var stride = Group;
        while (stride < columns && stride < Line)
        {
            stride *= 2;
        }

        return stride >= columns ? stride : (columns + Line - 1) / Line * Line;
    }
}
