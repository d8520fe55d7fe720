using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Writes cells as delimited text (RFC 4180) into a buffer: fields are quoted only where they must be, numbers are the
/// shortest that read back as the same bits. No allocation per cell. Not thread-safe.
/// </summary>
public sealed class DelimitedTextEncoder
{
    private const int InitialCapacity = 64 << 10;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    private readonly DelimitedTextWriterOptions _options;
    private readonly Dialect _dialect;
    private readonly SearchValues<byte> _quotedBytes;
    private readonly byte[] _newLine;
    private readonly byte[] _nullText;
    private readonly byte[] _emptyText;
    private readonly bool _quoteNumbers;

    private byte[] _buffer = new byte[InitialCapacity];
    private int _used;

    /// <summary>Prepares to write.</summary>
    /// <param name="options">How to write.</param>
    public DelimitedTextEncoder(DelimitedTextWriterOptions options)
    {
        _options = options;
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

    /// <summary>Whether the next byte is the first of a file, where some texts would be taken for a byte-order mark.</summary>
    public bool IsAtFileStart { get; set; }

    /// <summary>What was written since the buffer was cleared; valid until the next write.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _used);

    /// <summary>Empties the buffer.</summary>
    public void Clear() => _used = 0;

    /// <summary>Writes the row of column names.</summary>
    public void WriteHeader(TableSchema schema)
    {
        for (var i = 0; i < schema.Fields.Length; i++)
        {
            WriteDelimiter(i);
            WriteText(Encoding.UTF8.GetBytes(schema.Fields[i].Name));
        }

        EndRow();
    }

    /// <summary>Writes what stands before a cell: a delimiter, except before the first.</summary>
    public void WriteDelimiter(int column)
    {
        if (column > 0)
        {
            WriteFew(_dialect.Delimiter);
        }
    }

    /// <summary>Writes the line end.</summary>
    public void EndRow() => WriteFew(_newLine);

    /// <summary>Writes a cell.</summary>
    /// <param name="column">The column.</param>
    /// <param name="row">From 0.</param>
    /// <param name="isOnly">Whether the row has no other cell.</param>
    /// <exception cref="TableFormatException">The field needs quotes and there are none.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteCell(Column column, int row, bool isOnly)
    {
        if (column is DoubleColumn numbers && !_quoteNumbers && !column.IsNull(row))
        {
            Advance(NumberText.Write(numbers.Values[row], CellFormat.File, Reserve(ColumnText.ScratchSize)));
            return;
        }

        Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
        if (!ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8))
        {
            WriteMissing(isOnly);
        }
        else if (column is StringColumn or CategoryColumn || _quoteNumbers)
        {
            WriteText(utf8, column is StringColumn or CategoryColumn);
        }
        else
        {
            WriteRaw(utf8);
        }
    }

    /// <summary>Writes a missing value.</summary>
    /// <param name="isOnly">Whether the row has no other cell: a row that is an empty line would be passed over by whoever reads it.</param>
    public void WriteMissing(bool isOnly) =>
        WriteRaw(isOnly && _nullText.Length == 0 && _options.Quote is not null ? _emptyText : _nullText);

    /// <summary>Writes a text, in quotes where it needs them.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="isText">Whether it is a text and no number, so that options may ask for quotes around it.</param>
    /// <exception cref="TableFormatException">It needs quotes and there are none.</exception>
    public void WriteText(ReadOnlySpan<byte> utf8, bool isText = true)
    {
        var needsQuotes = utf8.IsEmpty
            || utf8.ContainsAny(_quotedBytes)
            || (IsAtFileStart && utf8.StartsWith(ByteOrderMark))
            || (_nullText.Length > 0 && utf8.SequenceEqual(_nullText));
        if (!needsQuotes && !(_options.QuoteAllText && isText))
        {
            WriteRaw(utf8);
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

    /// <summary>Writes bytes as they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Advance(bytes.Length);
    }

    // A byte or two, mostly: a loop is over before a copy is called.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void WriteFew(byte[] bytes)
    {
        var room = Reserve(bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            room[i] = bytes[i];
        }

        Advance(bytes.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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
        IsAtFileStart &= length == 0;
    }
}
