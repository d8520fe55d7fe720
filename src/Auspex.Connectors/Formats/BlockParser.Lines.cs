using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

public sealed partial class BlockParser
{
    // Columns are read from so much of the block at a time: with its marks it fits the first-level cache, in which the next
    // column finds it again.
    private const int BytesAtOnce = 12 << 10;
    private const int FewestRowsAtOnce = 16;

    // Of each good row: its first mark, and where it begins.
    private int[] _firstMarks = new int[1 << 12];
    private int[] _rowStarts = new int[1 << 12];

    // Of each good row: its number in the block, and the column that could not be read, from 1; 0 for none.
    private int[] _rowNumbers = new int[1 << 12];
    private int[] _failedColumns = [];
    private readonly List<int> _failedRows = [];

    // The bad rows without as many fields as there are columns: found before the others, which go between them.
    private readonly List<BadRecord> _ragged = [];

    private void ParseLines(RecordBlock block, LineIndex index)
    {
        index.Build(block.Bytes, block.Start, block.End);
        var rows = FindRows(block, index);
        if (_failedColumns.Length < rows)
        {
            _failedColumns = new int[_rowStarts.Length];
        }

        _failedColumns.AsSpan(0, rows).Clear();
        var failures = 0;
        var rowsAtOnce = Math.Max(FewestRowsAtOnce, (int)((long)BytesAtOnce * rows / Math.Max(1, block.Length)));
        for (var first = 0; first < rows; first += rowsAtOnce)
        {
            var end = Math.Min(rows, first + rowsAtOnce);
            for (var i = 0; i < _builders.Length; i++)
            {
                if (_isParsed[i])
                {
                    failures += ParseColumn(i, first, end, block.Bytes, index.Marks);
                }
            }
        }

        if (failures > 0)
        {
            LeaveOutFailed(rows, index.Marks);
            rows -= failures;
        }
        else
        {
            BuildBatch(rows);
        }

        for (var row = 0; row < rows; row++)
        {
            AddRanges(row, index.Marks);
        }
    }

    /// <summary>Sorts the lines into rows with as many fields as there are columns, bad rows and blank lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FindRows(RecordBlock block, LineIndex index)
    {
        var marks = index.Marks;
        var rows = 0;
        var firstMark = 0;
        var start = block.Start;
        foreach (var lineEnd in index.LineEnds)
        {
            var end = marks[lineEnd];
            var fields = lineEnd - firstMark + 1;
            if (end > start)
            {
                var number = RowCount++;
                if (fields == _fieldCount && end - start <= _maxRecordBytes)
                {
                    if (rows == _rowStarts.Length)
                    {
                        Array.Resize(ref _firstMarks, rows * 2);
                        Array.Resize(ref _rowStarts, rows * 2);
                        Array.Resize(ref _rowNumbers, rows * 2);
                    }

                    _firstMarks[rows] = firstMark;
                    _rowStarts[rows] = start;
                    _rowNumbers[rows++] = number;
                }
                else
                {
                    var fault = end - start > _maxRecordBytes ? RowFault.TooLong : RowFault.Ragged(fields, _fieldCount);
                    _bad.Add(new BadRecord(number, fault, start, end - start));
                }
            }

            firstMark = lineEnd + 1;
            start = end + 1;
        }

        return rows;
    }

    /// <summary>Reads a column; gives how many rows failed first in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ParseColumn(int column, int first, int end, byte[] bytes, ReadOnlySpan<int> marks)
    {
        var field = _binding.Fields[column];
        var builder = _builders[column];
        if (builder is DoubleColumnBuilder numbers && !_cells.HasNumericMarkers)
        {
            return ParseNumbers(column, field, numbers, first, end, bytes, marks);
        }

        var failures = 0;
        for (var row = first; row < end; row++)
        {
            var mark = _firstMarks[row] + field;
            var start = field == 0 ? _rowStarts[row] : marks[mark - 1] + 1;
            failures += Append(column, builder, row, bytes.AsSpan(start, marks[mark] - start));
        }

        return failures;
    }

    // Optimized from the first call, as all that runs once per row: a file may be through before its turn would come.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int ParseNumbers(
        int column, int field, DoubleColumnBuilder builder, int first, int afterLast, byte[] bytes, ReadOnlySpan<int> marks)
    {
        var failures = 0;
        var values = builder.Reserve(_rowStarts.Length).AsSpan(0, afterLast);
        var firstMarks = _firstMarks.AsSpan(0, afterLast);
        var added = first;
        for (var row = first; row < values.Length;)
        {
            // The first cell of a block has no end before it.
            if (PlainNumber.IsFourSupported && field > 0 && row <= values.Length - 4)
            {
                row += PlainNumber.ParseFours(
                    ref MemoryMarshal.GetArrayDataReference(bytes),
                    ref Unsafe.Add(ref MemoryMarshal.GetReference(marks), field),
                    firstMarks[row..],
                    ref values[row]);
            }

            for (var end = Math.Min(row + 4, values.Length); row < end; row++)
            {
                var mark = firstMarks[row] + field;
                var cellEnd = marks[mark];
                var start = field == 0 ? _rowStarts[row] : marks[mark - 1] + 1;
                if (CellParser.TryParsePlainDouble(bytes, start, cellEnd, out var value))
                {
                    values[row] = value;
                    continue;
                }

                builder.AddReserved(row - added);
                failures += AppendNumber(column, builder, row, bytes.AsSpan(start, cellEnd - start));
                added = row + 1;
            }
        }

        builder.AddReserved(afterLast - added);
        return failures;
    }

    // A number of any other form, or none at all.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int AppendNumber(int column, DoubleColumnBuilder builder, int row, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !CellParser.TryParseDouble(text, out var value))
        {
            return Append(column, builder, row, text);
        }

        builder.Append(value);
        return 0;
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

    /// <summary>Builds the batch without the rows that have cells that could not be read.</summary>
    private void LeaveOutFailed(int rows, ReadOnlySpan<int> marks)
    {
        _failedRows.Clear();
        var kept = 0;
        var ragged = 0;
        _ragged.Clear();
        _ragged.AddRange(_bad);
        _bad.Clear();
        for (var row = 0; row < rows; row++)
        {
            if (_failedColumns[row] is > 0 and var failed)
            {
                var start = _rowStarts[row];
                var length = marks[_firstMarks[row] + _fieldCount - 1] - start;
                while (ragged < _ragged.Count && _ragged[ragged].Row < _rowNumbers[row])
                {
                    _bad.Add(_ragged[ragged++]);
                }

                _bad.Add(new BadRecord(_rowNumbers[row], _cells.WrongType(failed - 1), start, length));
                _failedRows.Add(row);
                continue;
            }

            (_firstMarks[kept], _rowStarts[kept]) = (_firstMarks[row], _rowStarts[row]);
            kept++;
        }

        _bad.AddRange(CollectionsMarshal.AsSpan(_ragged)[ragged..]);
        var leftOut = CollectionsMarshal.AsSpan(_failedRows);
        for (var i = 0; i < _builders.Length; i++)
        {
            if (_isParsed[i])
            {
                _builders[i].Remove(leftOut);
            }
        }

        BuildBatch(kept);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddRanges(int row, ReadOnlySpan<int> marks)
    {
        var at = ReserveRanges(row);
        var firstMark = _firstMarks[row];
        foreach (var run in _runs)
        {
            _ranges[at++] = run.First == 0 ? _rowStarts[row] : marks[firstMark + run.First - 1] + 1;
            _ranges[at++] = marks[firstMark + run.Last];
        }
    }
}
