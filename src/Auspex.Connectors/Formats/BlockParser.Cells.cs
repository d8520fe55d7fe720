using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <content>Reads the cells of a block without quotes, column by column.</content>
public sealed partial class BlockParser
{
    /// <summary>Reads a column; gives how many rows failed first in it.</summary>
    private int ParseColumn(int column, int first, int end, byte[] bytes, ReadOnlySpan<int> marks) => _builders[column] switch
    {
        CodedTextBuilder texts => ParseCells(column, texts, new KnownText(texts.Levels), first, end, bytes, marks),
        DoubleColumnBuilder numbers when !_cells.HasNumericMarkers => ParseCells(column, numbers, default(Number), first, end, bytes, marks),
        Int64ColumnBuilder wholes when !_cells.HasNumericMarkers => ParseCells(column, wholes, new Whole(wholes), first, end, bytes, marks),
        var builder => ParseCells(column, builder, first, end, bytes, marks),
    };

    /// <summary>Reads cells of which most have a form that is read faster than any.</summary>
    // Optimized from the first call, as all that runs once per row: a file may be through before its turn would come.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ParseCells<T, TCell>(
        int column, ColumnBuilder<T> builder, TCell cell, int first, int afterLast, byte[] bytes, ReadOnlySpan<int> marks)
        where T : unmanaged
        where TCell : struct, ICell<T>
    {
        var failures = 0;
        var field = _binding.Fields[column];
        var values = builder.Reserve(_rowStarts.Length).AsSpan(0, afterLast);
        var firstMarks = _firstMarks.AsSpan(0, afterLast);
        var added = first;
        for (var row = first; row < values.Length;)
        {
            // The first cell of a block has no end before it.
            if (firstMarks[row] + field > 0)
            {
                row += cell.ReadRun(
                    ref MemoryMarshal.GetArrayDataReference(bytes),
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(marks), field),
                    firstMarks[row..],
                    ref values[row]);
            }

            for (var end = Math.Min(row + TCell.SingleCells, values.Length); row < end; row++)
            {
                var (start, length) = CellAt(row, field, marks);
                if (length > 0 && cell.TryRead(bytes, start, length, out values[row]))
                {
                    continue;
                }

                builder.AddReserved(row - added);
                failures += Append(column, builder, row, bytes.AsSpan(start, length));
                added = row + 1;
            }
        }

        builder.AddReserved(afterLast - added);
        return failures;
    }

    private int ParseCells(int column, ColumnBuilder builder, int first, int afterLast, byte[] bytes, ReadOnlySpan<int> marks)
    {
        var failures = 0;
        var field = _binding.Fields[column];
        for (var row = first; row < afterLast; row++)
        {
            var (start, length) = CellAt(row, field, marks);
            failures += Append(column, builder, row, bytes.AsSpan(start, length));
        }

        return failures;
    }

    private (int Start, int Length) CellAt(int row, int field, ReadOnlySpan<int> marks)
    {
        var mark = _firstMarks[row] + field;
        var start = field == 0 ? _rowStarts[row] : marks[mark - 1] + 1;
        return (start, marks[mark] - start);
    }

    private int Append(int column, ColumnBuilder builder, int row, ReadOnlySpan<byte> text)
    {
        if (_cells.TryAppend(builder, text, isQuoted: false))
        {
            return 0;
        }

        // So that the columns stay side by side until the row is left out.
        builder.AppendPlaceholder();
        if (_failedColumns[row] != 0)
        {
            return 0;
        }

        _failedColumns[row] = column + 1;
        return 1;
    }

    /// <summary>The most common forms of cells of a type. What they refuse may be a value, or a missing one, in another form.</summary>
    private interface ICell<T>
    {
        /// <summary>How many cells are read one by one after a run.</summary>
        static abstract int SingleCells { get; }

        /// <summary>Reads a cell of a buffer, of at least one byte.</summary>
        bool TryRead(byte[] buffer, int start, int length, out T value);

        /// <summary>Reads the cells of a column as far as all are of the very simplest form.</summary>
        /// <param name="buffer">Holds the cells, and <see cref="RecordScanner.Slack"/> bytes more.</param>
        /// <param name="ends">The positions of delimiters and line ends, from that of the first row's cell if it were the first of all; one more stands before it.</param>
        /// <param name="rows">Of each row how many of the ends precede it.</param>
        /// <param name="values">Gets the values.</param>
        /// <returns>How many rows were read.</returns>
        int ReadRun(ref byte buffer, ref int ends, ReadOnlySpan<int> rows, ref T values);
    }

    private readonly struct KnownText(TextLevels levels) : ICell<int>
    {
        public static int SingleCells => 1;

        public bool TryRead(byte[] buffer, int start, int length, out int value) => (value = levels.Find(buffer.AsSpan(start, length))) >= 0;

        public int ReadRun(ref byte buffer, ref int ends, ReadOnlySpan<int> rows, ref int values) => levels.FindRun(ref buffer, ref ends, rows, ref values);
    }

    private readonly struct Number : ICell<double>
    {
        // As many as a run takes at once.
        public static int SingleCells => 4;

        public bool TryRead(byte[] buffer, int start, int length, out double value) => CellParser.TryParseDouble(buffer, start, length, out value);

        public int ReadRun(ref byte buffer, ref int ends, ReadOnlySpan<int> rows, ref double values) =>
            PlainNumber.IsFourSupported && rows.Length >= 4 ? PlainNumber.ParseFours(ref buffer, ref ends, rows, ref values) : 0;
    }

    private readonly struct Whole(Int64ColumnBuilder builder) : ICell<long>
    {
        public static int SingleCells => 1;

        public bool TryRead(byte[] buffer, int start, int length, out long value) =>
            CellParser.TryParseInt64(buffer, start, length, out value) && builder.Takes(value);

        public int ReadRun(ref byte buffer, ref int ends, ReadOnlySpan<int> rows, ref long values) =>
            PlainNumber.IsSupported ? PlainNumber.ParseDigits(ref buffer, ref ends, rows, builder.Greatest, ref values) : 0;
    }
}
