using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

public sealed partial class BlockParser
{
    // Of each good row: its first mark, and where it begins.
    private int[] _firstMarks = new int[1 << 12];
    private int[] _rowStarts = new int[1 << 12];

    // Of each good row: its number in the block, and the column that could not be read, from 1; 0 for none.
    private int[] _rowNumbers = new int[1 << 12];
    private int[] _failedColumns = [];

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
        for (var i = 0; i < _builders.Length; i++)
        {
            if (_isParsed[i])
            {
                failures += ParseColumn(i, rows, block.Bytes, index.Marks);
            }
        }

        BuildBatch(rows);
        if (failures > 0)
        {
            rows = LeaveOutFailed(rows, index.Marks);
        }

        for (var row = 0; row < rows; row++)
        {
            AddRanges(row, index.Marks);
        }
    }

    /// <summary>Sorts the lines into rows with as many fields as there are columns, bad rows and blank lines.</summary>
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
    private int ParseColumn(int column, int rows, byte[] bytes, ReadOnlySpan<int> marks)
    {
        var field = _binding.Fields[column];
        var builder = _builders[column];
        if (builder is DoubleColumnBuilder numbers && !_cells.HasNumericMarkers)
        {
            return ParseNumbers(column, field, numbers, rows, bytes, marks);
        }

        var failures = 0;
        for (var row = 0; row < rows; row++)
        {
            var mark = _firstMarks[row] + field;
            var start = field == 0 ? _rowStarts[row] : marks[mark - 1] + 1;
            failures += Append(column, builder, row, bytes.AsSpan(start, marks[mark] - start));
        }

        return failures;
    }

    private int ParseNumbers(
        int column, int field, DoubleColumnBuilder builder, int rows, byte[] bytes, ReadOnlySpan<int> marks)
    {
        var failures = 0;
        var values = builder.Reserve(rows);
        for (var row = 0; row < rows; row++)
        {
            var mark = _firstMarks[row] + field;
            var start = field == 0 ? _rowStarts[row] : marks[mark - 1] + 1;
            var length = marks[mark] - start;
            if (length > 0 && CellParser.TryParseDouble(bytes, start, length, out var value))
            {
                builder.Add(values, value);
            }
            else
            {
                failures += Append(column, builder, row, bytes.AsSpan(start, length));
            }
        }

        return failures;
    }

    private int Append(int column, ColumnBuilder builder, int row, ReadOnlySpan<byte> text)
    {
        if (_cells.TryAppend(builder, text, isQuoted: false))
        {
            return 0;
        }

        // Keeps the place, so that the columns stay side by side until the row is left out.
        builder.AppendNull();
        if (_failedColumns[row] != 0)
        {
            return 0;
        }

        _failedColumns[row] = column + 1;
        return 1;
    }

    /// <summary>Takes rows with cells that could not be read out of the batch; gives how many are left.</summary>
    private int LeaveOutFailed(int rows, ReadOnlySpan<int> marks)
    {
        var kept = new List<int>(rows);
        for (var row = 0; row < rows; row++)
        {
            if (_failedColumns[row] is > 0 and var failed)
            {
                var start = _rowStarts[row];
                var length = marks[_firstMarks[row] + _fieldCount - 1] - start;
                _bad.Add(new BadRecord(_rowNumbers[row], _cells.WrongType(failed - 1), start, length));
                continue;
            }

            (_firstMarks[kept.Count], _rowStarts[kept.Count]) = (_firstMarks[row], _rowStarts[row]);
            kept.Add(row);
        }

        _bad.Sort((left, right) => left.Row.CompareTo(right.Row));
        Batch = Batch.Take(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept));
        return kept.Count;
    }

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
