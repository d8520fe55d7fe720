using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
