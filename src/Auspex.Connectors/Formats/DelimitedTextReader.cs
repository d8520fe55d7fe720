using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Reads delimited text as a table. Line ends may be <c>\n</c>, <c>\r\n</c> or <c>\r</c>, mixed; blank lines are passed over;
/// quoted fields may hold delimiters, line ends and doubled quotes. Memory does not grow with the file.
/// </summary>
/// <remarks>
/// What makes a row bad: another number of fields than the file has columns, quotes that do not fit, bytes that are no
/// text, a text that is no value of its column's type. Not thread-safe.
/// </remarks>
public sealed partial class DelimitedTextReader : ITableSource
{
    private readonly DelimitedTextOptions _options;
    private readonly RecordCursor _cursor;
    private readonly ColumnBinding _binding;
    private readonly TableBatchBuilder _rows;
    private readonly CellAppender _cells;
    private long _row;
    private long _batchBytes;
    private bool _isStarted;

    private DelimitedTextReader(Opened opened, ColumnBinding binding, DelimitedTextOptions options)
    {
        _cursor = opened.Cursor;
        _binding = binding;
        _options = options;
        FileColumns = opened.Columns;
        Renames = opened.Renames;
        HeaderRecord = opened.HeaderRecord;
        _rows = new TableBatchBuilder(binding.Schema);
        _cells = new CellAppender(binding, options);
        _row = (options.Part?.FirstRow ?? 1) - 1;
    }

    /// <inheritdoc/>
    public TableSchema Schema => _binding.Schema;

    /// <summary>The names of all columns of the file, in file order, whether they are read or not.</summary>
    public ImmutableArray<string> FileColumns { get; }

    /// <summary>The header as it stands in the file, without its line end; empty when there is none.</summary>
    public ReadOnlyMemory<byte> HeaderRecord { get; }

    /// <summary>A sentence per column that had no name in the header, or one that an earlier column bears.</summary>
    public ImmutableArray<string> Renames { get; }

    /// <summary>The byte of the file that follows the rows given so far: where a reader could continue.</summary>
    public long NextOffset => _cursor.NextOffset;

    /// <summary>The data row, from 1, of the last row read: those of the file before this part, given and skipped ones.</summary>
    public long LastRow => _row;

    /// <summary>The bad rows left out so far.</summary>
    public long SkippedRows { get; private set; }

    /// <inheritdoc/>
    public async IAsyncEnumerable<TableBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("A delimited text can be read once; open it again.");
        }

        _isStarted = true;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var status = ReadRows();
            if (status == ScanStatus.NeedMore)
            {
                await _cursor.FillAsync(cancellationToken);
                continue;
            }

            if (_rows.RowCount > 0)
            {
                yield return _rows.Build();
            }

            if (status == ScanStatus.End)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _cursor.DisposeAsync();
}
