using System.Buffers;
using System.Text;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Writes tables as delimited text (RFC 4180): fields are quoted only where they must be, numbers are the shortest that read back
/// as the same bits. No allocation per cell. Not thread-safe.
/// </summary>
public sealed class DelimitedTextWriter : ITableSink
{
    private const int FlushSize = 256 << 10;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly DelimitedTextWriterOptions _options;
    private readonly TableSchema _schema;
    private readonly Stream _stream;
    private readonly BlobUpload? _upload;
    private readonly bool _leaveOpen;
    private readonly Dialect _dialect;
    private readonly SearchValues<byte> _quotedBytes;
    private readonly byte[] _newLine;
    private readonly byte[] _nullText;
    private readonly byte[] _emptyText;
    private readonly bool _quoteNumbers;

    private byte[] _buffer = new byte[FlushSize + (64 << 10)];
    private int _used;
    private bool _isBegun;

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Flushed on completion.</param>
    /// <param name="schema">The schema of all batches; an empty table is written by it.</param>
    /// <param name="options">How to write.</param>
    /// <param name="leaveOpen">Whether the stream stays open when the writer is disposed.</param>
    public DelimitedTextWriter(Stream stream, TableSchema schema, DelimitedTextWriterOptions options, bool leaveOpen = false)
    {
        _stream = stream;
        _schema = schema;
        _options = options;
        _leaveOpen = leaveOpen;
        _dialect = new Dialect(options.Delimiter, options.Quote, options.Escape);
        _newLine = Encoding.UTF8.GetBytes(options.NewLine);
        _nullText = Encoding.UTF8.GetBytes(options.NullText);
        _emptyText = options.Quote is null ? [] : [(byte)options.Quote, (byte)options.Quote];
        ReadOnlySpan<byte> marks =
        [
            _dialect.Delimiter[0], (byte)'\r', (byte)'\n',
            .. options.Quote is { } quote ? [(byte)quote, (byte)options.Escape] : Array.Empty<byte>(),
        ];
        _quotedBytes = SearchValues.Create(marks);

        // With the usual delimiters no number, date or boolean can need quotes.
        _quoteNumbers = !(options.Delimiter[0] is ',' or ';' or '\t' or '|' || options.Delimiter[0] >= 0x80);
    }

    /// <summary>Writes a blob; it becomes visible on completion.</summary>
    public DelimitedTextWriter(BlobUpload upload, TableSchema schema, DelimitedTextWriterOptions options)
        : this(upload.Stream, schema, options, leaveOpen: true) => _upload = upload;

    /// <summary>Bytes written so far, those not flushed yet included.</summary>
    public long Length { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="TableFormatException">A field needs quotes and there are none.</exception>
    public async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Columns.Length != _schema.Fields.Length)
        {
            throw new ArgumentException(
                $"Found a batch of {batch.Columns.Length} columns; expected {_schema.Fields.Length}.", nameof(batch));
        }

        Begin();
        for (var row = 0; row < batch.RowCount;)
        {
            row = WriteRows(batch, row);
            if (_used >= FlushSize)
            {
                await FlushAsync(cancellationToken);
            }
        }
    }

    /// <summary>Hands everything written so far to the stream.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(_buffer.AsMemory(0, _used), cancellationToken);
        _used = 0;
    }

    /// <inheritdoc/>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        Begin();
        await FlushAsync(cancellationToken);
        await _stream.FlushAsync(cancellationToken);
        if (_upload is not null)
        {
            await _upload.CommitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_upload is not null)
        {
            await _upload.DisposeAsync();
        }
        else if (!_leaveOpen)
        {
            await _stream.DisposeAsync();
        }
    }

    private void Begin()
    {
        if (_isBegun)
        {
            return;
        }

        _isBegun = true;
        if (!_options.HasHeader)
        {
            return;
        }

        for (var i = 0; i < _schema.Fields.Length; i++)
        {
            WriteDelimiter(i);
            WriteText(Encoding.UTF8.GetBytes(_schema.Fields[i].Name), isText: true);
        }

        Write(_newLine);
    }

    /// <summary>Writes rows until the buffer should be flushed; gives the next row.</summary>
    private int WriteRows(TableBatch batch, int row)
    {
        var columns = batch.Columns.AsSpan();
        Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
        for (; row < batch.RowCount && _used < FlushSize; row++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                WriteDelimiter(i);
                WriteCell(columns[i], row, scratch, isOnly: columns.Length == 1);
            }

            Write(_newLine);
        }

        return row;
    }

    private void WriteCell(Column column, int row, Span<byte> scratch, bool isOnly)
    {
        if (!ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8))
        {
            // A row that is an empty line would be passed over by whoever reads it.
            Write(isOnly && _nullText.Length == 0 && _options.Quote is not null ? _emptyText : _nullText);
        }
        else if (column is StringColumn or CategoryColumn || _quoteNumbers)
        {
            WriteText(utf8, column is StringColumn or CategoryColumn);
        }
        else
        {
            Write(utf8);
        }
    }

    private void WriteText(ReadOnlySpan<byte> utf8, bool isText)
    {
        var needsQuotes = utf8.IsEmpty
            || utf8.ContainsAny(_quotedBytes)
            || (Length == 0 && utf8.StartsWith(ByteOrderMark))
            || (_nullText.Length > 0 && utf8.SequenceEqual(_nullText));
        if (!needsQuotes && !(_options.QuoteAllText && isText))
        {
            Write(utf8);
            return;
        }

        if (_dialect.Quote < 0)
        {
            if (utf8.IsEmpty)
            {
                return;
            }

            throw new TableFormatException(
                ErrorCode.UnwritableCell,
                $"{_options.Name}: found a value that holds a delimiter or a line end; expected none, since quotes are turned off. "
                + "Choose another delimiter, or allow quotes.");
        }

        var room = Reserve(checked((utf8.Length * 2) + 2));
        var length = 0;
        room[length++] = (byte)_dialect.Quote;
        foreach (var character in utf8)
        {
            if (character == _dialect.Quote || character == _dialect.Escape)
            {
                room[length++] = (byte)_dialect.Escape;
            }

            room[length++] = character;
        }

        room[length++] = (byte)_dialect.Quote;
        Advance(length);
    }

    private void WriteDelimiter(int column)
    {
        if (column > 0)
        {
            Write(_dialect.Delimiter);
        }
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Advance(bytes.Length);
    }

    private Span<byte> Reserve(int length)
    {
        if (_buffer.Length - _used < length)
        {
            Array.Resize(ref _buffer, Math.Max(checked(_used + length), _buffer.Length * 2));
        }

        return _buffer.AsSpan(_used);
    }

    private void Advance(int length)
    {
        _used += length;
        Length += length;
    }
}
