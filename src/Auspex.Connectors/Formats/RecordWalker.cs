using System.Text;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Walks through the records of a buffer. Blank lines are passed over. A record with broken quotes counts as one line, so
/// that one open quote costs one row.
/// </summary>
/// <remarks>
/// Where a record ends depends on the bytes of the file alone, not on how they came into the buffer: that is what lets a
/// file be cut into blocks and read side by side.
/// </remarks>
internal sealed class RecordWalker(Dialect dialect, int maxRecordBytes)
{
    private readonly RecordScanner _scanner = new(dialect);
    private byte[] _unescaped = [];
    private bool _isFinal;
    private int _attachedAt;
    private bool? _holdsNonAscii;
    private bool? _holdsZeros;
    private int _recordStart;
    private int _recordEnd;

    /// <summary>The buffer; <see cref="RecordScanner.Slack"/> bytes follow <see cref="End"/>.</summary>
    public byte[] Bytes { get; private set; } = [];

    /// <summary>Where the buffer's content ends.</summary>
    public int End { get; private set; }

    /// <summary>Where the next record begins.</summary>
    public int Next { get; private set; }

    /// <summary>Where the current record begins.</summary>
    public int RecordStart => _recordStart;

    /// <summary>The bytes of the current record, without its line end.</summary>
    public ReadOnlyMemory<byte> RecordMemory => Bytes.AsMemory(_recordStart, _recordEnd - _recordStart);

    /// <inheritdoc cref="RecordMemory"/>
    public ReadOnlySpan<byte> Record => Bytes.AsSpan(_recordStart, _recordEnd - _recordStart);

    public int FieldCount => _scanner.FieldCount;

    public ReadOnlySpan<FieldRange> Fields => _scanner.Fields;

    public RecordFault Fault { get; private set; }

    /// <summary>Whether <see cref="Next"/> lies inside a record that is being passed over, since it is too long.</summary>
    public bool IsDiscarding { get; private set; }

    /// <summary>Whether bytes beyond ASCII are in the buffer: only then need records be looked at for them.</summary>
    public bool MayHoldNonAscii => _holdsNonAscii ??= !Ascii.IsValid(Bytes.AsSpan(_attachedAt, End - _attachedAt));

    /// <summary>Whether zeros are in the buffer: only then need records be looked at for them.</summary>
    public bool MayHoldZeros => _holdsZeros ??= Bytes.AsSpan(_attachedAt, End - _attachedAt).Contains((byte)0);

    /// <summary>Goes on in a buffer that was filled, moved or replaced.</summary>
    /// <param name="bytes">The buffer, with slack.</param>
    /// <param name="next">Where the next record begins, or the rest of one that is being passed over.</param>
    /// <param name="end">Where the content ends.</param>
    /// <param name="isFinal">Whether nothing follows.</param>
    public void Attach(byte[] bytes, int next, int end, bool isFinal)
    {
        (Bytes, End, _isFinal) = (bytes, end, isFinal);
        (_attachedAt, _holdsNonAscii, _holdsZeros) = (next, null, null);
        GoTo(next);
    }

    /// <summary>Begins with a buffer in which a record begins, whatever came before.</summary>
    /// <inheritdoc cref="Attach"/>
    public void Begin(byte[] bytes, int next, int end, bool isFinal)
    {
        IsDiscarding = false;
        Attach(bytes, next, end, isFinal);
    }

    /// <summary>Goes on at another place of the buffer.</summary>
    public void GoTo(int position)
    {
        Next = position;
        _scanner.Reset(position);
    }

    /// <summary>Goes to the next record.</summary>
    /// <returns><see cref="ScanStatus.NeedMore"/> when the buffer does not hold all of it.</returns>
    public ScanStatus MoveNext()
    {
        if (!TryEndDiscard())
        {
            return _isFinal ? ScanStatus.End : ScanStatus.NeedMore;
        }

        while (true)
        {
            var start = Next;
            var status = _scanner.Scan(Bytes, start, End, _isFinal);
            Fault = _scanner.Fault;
            // One byte more than the longest: a carriage return at the end may be the record's own line end.
            if (status == ScanStatus.NeedMore && End - start > maxRecordBytes + 1)
            {
                GiveUp(start, End);
                return ScanStatus.Record;
            }

            if (status != ScanStatus.Record)
            {
                return status;
            }

            if (Fault != RecordFault.None || _scanner.RecordEnd - start > maxRecordBytes)
            {
                GiveUp(start, _scanner.RecordEnd);
                return ScanStatus.Record;
            }

            _recordStart = start;
            _recordEnd = _scanner.RecordEnd;
            Next = _scanner.Next;
            if (_recordEnd > _recordStart)
            {
                return ScanStatus.Record;
            }
        }
    }

    /// <summary>The content of a field of the current record; valid until the next call.</summary>
    public ReadOnlySpan<byte> Field(int index, out bool isQuoted)
    {
        var field = _scanner.Fields[index];
        var raw = Bytes.AsSpan(field.Start, field.Length);
        isQuoted = field.IsQuoted;
        if (!field.IsEscaped)
        {
            return raw;
        }

        if (_unescaped.Length < raw.Length)
        {
            _unescaped = new byte[Math.Max(raw.Length, 256)];
        }

        return _unescaped.AsSpan(0, dialect.Unescape(raw, _unescaped));
    }

    /// <summary>Passes over one line, whatever its quotes. False when the buffer does not hold all of it.</summary>
    public bool TrySkipLine()
    {
        var after = AfterLine(Next);
        if (after < 0 || (after == End && !_isFinal && Bytes[after - 1] == Dialect.CarriageReturn))
        {
            if (_isFinal)
            {
                GoTo(End);
            }

            return _isFinal;
        }

        GoTo(after);
        return true;
    }

    /// <summary>Passes over the rest of a record that was too long; false when the buffer does not hold its end.</summary>
    public bool TryEndDiscard()
    {
        if (IsDiscarding)
        {
            var after = AfterLine(Next);
            GoTo(after < 0 ? End : after);
            IsDiscarding = after < 0;
        }

        return !IsDiscarding;
    }

    /// <summary>
    /// Ends a record that cannot be understood at its first line end. What is wrong with it is told by that line alone, and by no more of it than
    /// a record may be long, so that it is the same however much of the file is in the buffer.
    /// </summary>
    private void GiveUp(int start, int recordEnd)
    {
        var after = AfterLine(start);
        IsDiscarding = after < 0 && !_isFinal;
        _recordStart = start;
        _recordEnd = start + Math.Min(after < 0 ? recordEnd - start : LineLength(start, after), maxRecordBytes);
        Fault = _scanner.TextAfterQuoteAt is >= 0 and var position && position <= _recordEnd ? RecordFault.TextAfterQuote
            : dialect.Quote >= 0 && Record.Contains((byte)dialect.Quote) ? RecordFault.QuoteNotClosed
            : RecordFault.TooLong;
        GoTo(after < 0 ? End : after);
    }

    private int AfterLine(int start)
    {
        var lineEnd = Bytes.AsSpan(start, End - start).IndexOfAny(Dialect.LineFeed, Dialect.CarriageReturn);
        if (lineEnd < 0)
        {
            return -1;
        }

        var after = start + lineEnd + 1;
        return Bytes[after - 1] == Dialect.CarriageReturn && after < End && Bytes[after] == Dialect.LineFeed ? after + 1 : after;
    }

    private int LineLength(int start, int after) =>
        Bytes.AsSpan(start, after - start).TrimEnd([Dialect.LineFeed, Dialect.CarriageReturn]).Length;
}
