using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Parses blocks of records: the wanted columns into a batch, and the bytes of the fields that are handed on as they are.
/// Its buffers are used again for each block.
/// </summary>
/// <remarks>
/// A block without quotes, by far the most common, is indexed in one pass and then read column by column; any other goes
/// record by record. Both give the same. One instance per thread.
/// </remarks>
public sealed partial class BlockParser
{
    // Of a column with more different texts, most come once.
    private const int MostTexts = 1024;

    private readonly DelimitedTextOptions _options;
    private readonly Dialect _dialect;
    private readonly ColumnBinding _binding;
    private readonly CellAppender _cells;
    private readonly RecordWalker _walker;
    private readonly ColumnBuilder[] _builders;
    private readonly bool[] _isParsed;
    private readonly ImmutableArray<FieldRun> _runs;
    private readonly int _fieldCount;
    private readonly int _maxRecordBytes;
    private readonly LineIndex? _index;
    private readonly List<BadRecord> _bad = [];

    private RecordBlock _block = new();
    private byte[] _unescaped = [];
    private int[] _ranges = new int[1 << 12];

    /// <summary>Prepares to parse the blocks of a file.</summary>
    /// <param name="options">As the file was opened with; its schema says what columns mean and must be given.</param>
    /// <param name="fileColumns">The file's columns.</param>
    /// <param name="isParsed">For each column of the schema whether its cells are needed; others come as <see cref="UnreadColumn"/>.</param>
    /// <param name="runs">The fields to hand on.</param>
    /// <exception cref="TableFormatException">Columns of the schema are missing.</exception>
    public BlockParser(
        DelimitedTextOptions options,
        ImmutableArray<string> fileColumns,
        ImmutableArray<bool> isParsed,
        ImmutableArray<FieldRun> runs)
    {
        ArgumentNullException.ThrowIfNull(options.Schema);
        _dialect = new Dialect(options.Delimiter, options.Quote, options.Escape);
        _options = options;
        _maxRecordBytes = options.LongestRecord;
        _binding = ColumnBinding.Of(fileColumns, options);
        _cells = new CellAppender(_binding, options);
        _walker = new RecordWalker(_dialect, _maxRecordBytes);
        _fieldCount = fileColumns.Length;
        _isParsed = [.. isParsed];
        _runs = runs;
        _builders = [.. _binding.Schema.Fields.Select((field, i) => isParsed[i] && field is { Type: ColumnType.String, IsCategorical: false } ? new CodedTextBuilder() : ColumnBuilder.For(field))];
        foreach (var builder in _builders)
        {
            builder.ReusesBuffer = true;
        }

        _index = _dialect.Delimiter.Length == 1 ? new LineIndex(_dialect.Delimiter[0]) : null;
        Batch = new TableBatch(_binding.Schema, [.. _builders.Select(builder => builder.Build())], 0);
    }

    /// <summary>The columns of the batches.</summary>
    public TableSchema Schema => _binding.Schema;

    /// <summary>The file's fields that the schema's columns are, in the order of the schema.</summary>
    public ImmutableArray<int> Fields => _binding.Fields;

    /// <summary>The rows that could be read; valid until the next block.</summary>
    public TableBatch Batch { get; private set; }

    /// <summary>All rows of the block, bad ones included.</summary>
    public int RowCount { get; private set; }

    /// <summary>How many rows of the block cannot be read.</summary>
    public int BadRowCount => _bad.Count;

    /// <summary>The bytes of a run of fields of a row of <see cref="Batch"/>, as they stand in the file.</summary>
    public ReadOnlySpan<byte> Raw(int row, int run)
    {
        var at = ((row * _runs.Length) + run) * 2;
        return _block.Bytes.AsSpan(_ranges[at], _ranges[at + 1] - _ranges[at]);
    }

    /// <summary>The text of a run of one field, without its quotes.</summary>
    public ReadOnlySpan<byte> Text(int row, int run)
    {
        var raw = Raw(row, run);
        if (_dialect.Quote < 0 || raw.Length < 2 || raw[0] != _dialect.Quote)
        {
            return raw;
        }

        var content = raw[1..^1];
        if (content.IndexOfAny((byte)_dialect.Quote, (byte)_dialect.Escape) < 0)
        {
            return content;
        }

        if (_unescaped.Length < content.Length)
        {
            _unescaped = new byte[Math.Max(content.Length, 256)];
        }

        return _unescaped.AsSpan(0, _dialect.Unescape(content, _unescaped));
    }

    /// <summary>Parses a block, which must not change before the results are used.</summary>
    public void Parse(RecordBlock block)
    {
        _block = block;
        _bad.Clear();
        RowCount = 0;
        if (_index is null || block.HasQuotes || block.IsCut || !IsPlainText(block))
        {
            ParseRecords(block);
        }
        else
        {
            ParseLines(block, _index);
        }
    }

    /// <summary>The bad rows of the block, in order, for whoever decides about them.</summary>
    /// <param name="rowsBefore">Rows of the file before the block, bad ones included.</param>
    public IEnumerable<BadRow> BadRows(long rowsBefore)
    {
        foreach (var (row, fault, start, length) in _bad)
        {
            yield return fault.At(
                _options.Name,
                rowsBefore + row + 1,
                _block.Offset + (start - _block.Start),
                _block.Bytes.AsMemory(start, Math.Min(length, _maxRecordBytes)));
        }
    }

    /// <summary>Whether the block is text and needs no closer look at single records.</summary>
    private static bool IsPlainText(RecordBlock block)
    {
        var bytes = block.Bytes.AsSpan(block.Start, block.Length);
        return !bytes.Contains((byte)0) && (Ascii.IsValid(bytes) || Utf8.IsValid(bytes));
    }

    private void ParseRecords(RecordBlock block)
    {
        _walker.Begin(block.Bytes, block.Start, block.End, isFinal: !block.IsCut);
        var rows = 0;
        while (_walker.MoveNext() == ScanStatus.Record)
        {
            var row = RowCount++;
            var fault = RowFault.Find(_walker, _fieldCount);
            if (fault is null && !TryAppendRecord(out var column))
            {
                fault = _cells.WrongType(column);
                foreach (var builder in _builders)
                {
                    builder.Truncate(Math.Min(builder.Count, rows));
                }
            }

            if (fault is not null)
            {
                _bad.Add(new BadRecord(row, fault, _walker.RecordStart, _walker.Record.Length));
                continue;
            }

            AddRanges(rows++);
        }

        BuildBatch(rows);
    }

    private bool TryAppendRecord(out int failedColumn)
    {
        for (var i = 0; i < _builders.Length; i++)
        {
            if (!_isParsed[i])
            {
                continue;
            }

            var text = _walker.Field(_binding.Fields[i], out var isQuoted);
            if (!_cells.TryAppend(_builders[i], text, isQuoted))
            {
                failedColumn = i;
                return false;
            }
        }

        failedColumn = -1;
        return true;
    }

    private void AddRanges(int row)
    {
        var at = ReserveRanges(row);
        var fields = _walker.Fields;
        foreach (var run in _runs)
        {
            var (first, last) = (fields[run.First], fields[run.Last]);
            _ranges[at++] = first.IsQuoted ? first.Start - 1 : first.Start;
            _ranges[at++] = last.Start + last.Length + (last.IsQuoted ? 1 : 0);
        }
    }

    /// <summary>Makes room for a row's ranges; gives where they begin.</summary>
    private int ReserveRanges(int row)
    {
        var at = row * _runs.Length * 2;
        if (_ranges.Length < at + (_runs.Length * 2))
        {
            Array.Resize(ref _ranges, Math.Max(_ranges.Length * 2, at + (_runs.Length * 2)));
        }

        return at;
    }

    private void BuildBatch(int rows)
    {
        var columns = ImmutableArray.CreateBuilder<Column>(_builders.Length);
        for (var i = 0; i < _builders.Length; i++)
        {
            columns.Add(_isParsed[i] ? _builders[i].Build() : new UnreadColumn(rows));
            if (_builders[i] is CodedTextBuilder { Levels.Count: > MostTexts })
            {
                // The next block's texts stand side by side: hardly any comes again.
                _builders[i] = new StringColumnBuilder { ReusesBuffer = true };
            }
        }

        Batch = new TableBatch(_binding.Schema, columns.MoveToImmutable(), rows);
    }
}
