using System.Text;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Walks through the records of a stream with a buffer that holds the current record and what was read beyond it. Blank
/// lines are passed over. A record with broken quotes counts as one line, so that one open quote costs one row.
/// </summary>
internal sealed class RecordCursor : IAsyncDisposable
{
    private const int InitialCapacity = 1 << 20;

    private readonly Stream _stream;
    private readonly Dialect _dialect;
    private readonly RecordScanner _scanner;
    private readonly string _name;
    private readonly int _maxRecordBytes;
    private readonly bool _leaveOpen;

    private byte[] _bytes;
    private byte[] _unescaped = [];
    private int _end;
    private int _next;
    private int _mark = -1;
    private int _recordStart;
    private int _recordEnd;
    private long _origin;
    private long _remaining;
    private bool _isFinal;
    private bool _isDiscarding;

    /// <summary>Prepares to read.</summary>
    /// <param name="stream">UTF-8 without a mark; disposed with the cursor unless it is left open.</param>
    /// <param name="dialect">What bytes mean.</param>
    /// <param name="offset">The byte of the file that the stream begins with.</param>
    /// <param name="length">How many bytes to read at most.</param>
    /// <param name="maxRecordBytes">The longest record.</param>
    /// <param name="name">The file in messages.</param>
    /// <param name="leaveOpen">Whether the stream is left open.</param>
    public RecordCursor(
        Stream stream, Dialect dialect, long offset, long length, int maxRecordBytes, string name, bool leaveOpen)
    {
        _leaveOpen = leaveOpen;
        _stream = stream;
        _dialect = dialect;
        _scanner = new RecordScanner(dialect);
        _origin = offset;
        _remaining = length;
        _maxRecordBytes = maxRecordBytes;
        _name = name;
        _bytes = new byte[InitialCapacity + RecordScanner.Slack];
        _scanner.Reset(0);
    }

    public int FieldCount => _scanner.FieldCount;

    public RecordFault Fault { get; private set; }

    /// <summary>The bytes of the current record, without its line end.</summary>
    public ReadOnlySpan<byte> Record => _bytes.AsSpan(_recordStart, _recordEnd - _recordStart);

    /// <inheritdoc cref="Record"/>
    public ReadOnlyMemory<byte> RecordMemory => _bytes.AsMemory(_recordStart, _recordEnd - _recordStart);

    /// <summary>The byte of the file at which the current record begins.</summary>
    public long RecordOffset => _origin + _recordStart;

    /// <summary>The byte of the file at which the next record begins.</summary>
    public long NextOffset => _origin + _next;

    /// <summary>Whether <see cref="NextOffset"/> is known to begin a record: not inside a too long one that is being passed over.</summary>
    public bool IsAtBoundary => !_isDiscarding;

    /// <summary>Whether bytes beyond ASCII, or zeros, are in the buffer: only then need records be looked at for them.</summary>
    public bool MayHoldNonAscii { get; private set; }

    /// <inheritdoc cref="MayHoldNonAscii"/>
    public bool MayHoldZeros { get; private set; }

    /// <summary>Goes to the next record.</summary>
    /// <returns><see cref="ScanStatus.NeedMore"/> when <see cref="FillAsync"/> must be called first.</returns>
    public ScanStatus Next()
    {
        if (_isDiscarding && !EndDiscard())
        {
            return _isFinal ? ScanStatus.End : ScanStatus.NeedMore;
        }

        while (true)
        {
            var start = _next;
            var status = _scanner.Scan(_bytes, start, _end, _isFinal);
            Fault = _scanner.Fault;
            if (status == ScanStatus.NeedMore && _end - start >= _maxRecordBytes)
            {
                Fault = RecordFault.TooLong;
                GiveUp(start, _end);
                return ScanStatus.Record;
            }

            if (status != ScanStatus.Record)
            {
                return status;
            }

            if (Fault == RecordFault.None && _scanner.RecordEnd - start > _maxRecordBytes)
            {
                Fault = RecordFault.TooLong;
            }

            if (Fault != RecordFault.None)
            {
                GiveUp(start, _scanner.RecordEnd);
                return ScanStatus.Record;
            }

            _recordStart = start;
            _recordEnd = _scanner.RecordEnd;
            _next = _scanner.Next;
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
        var raw = _bytes.AsSpan(field.Start, field.Length);
        isQuoted = field.IsQuoted;
        if (!field.IsEscaped)
        {
            return raw;
        }

        if (_unescaped.Length < raw.Length)
        {
            _unescaped = new byte[Math.Max(raw.Length, 256)];
        }

        return _unescaped.AsSpan(0, _dialect.Unescape(raw, _unescaped));
    }

    /// <summary>Reads more of the stream. Positions inside the buffer move; offsets in the file do not.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var keepFrom = _mark >= 0 ? _mark : _next;
        if (keepFrom > 0)
        {
            _bytes.AsSpan(keepFrom, _end - keepFrom).CopyTo(_bytes);
            _origin += keepFrom;
            _end -= keepFrom;
            _next -= keepFrom;
            _mark = _mark >= 0 ? 0 : -1;
        }

        var mustFill = keepFrom == 0;
        if (_end + RecordScanner.Slack == _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, ((_bytes.Length - RecordScanner.Slack) * 2L) + RecordScanner.Slack));
        }

        // A record that fills the buffer is scanned again from its start after each fill: filling all of the doubled
        // buffer first keeps that linear.
        do
        {
            var room = (int)Math.Min(_bytes.Length - RecordScanner.Slack - _end, _remaining);
            var read = room == 0 ? 0 : await ReadAsync(_bytes.AsMemory(_end, room), cancellationToken);
            _isFinal = read == 0;
            _end += read;
            _remaining -= read;
        }
        while (mustFill && !_isFinal && _end + RecordScanner.Slack < _bytes.Length);

        var filled = _bytes.AsSpan(0, _end);
        MayHoldNonAscii = !Ascii.IsValid(filled);
        MayHoldZeros = filled.Contains((byte)0);
        _scanner.Reset(_next);
    }

    /// <summary>Keeps everything from here on in the buffer, so that <see cref="Rewind"/> can come back.</summary>
    public void Mark() => _mark = _next;

    /// <summary>Goes back to the mark and lifts it.</summary>
    public void Rewind()
    {
        _next = _mark;
        _mark = -1;
        _scanner.Reset(_next);
    }

    /// <summary>Bytes between the mark and the next record.</summary>
    public int BytesSinceMark => _next - _mark;

    /// <summary>Passes over one line, whatever its quotes. False when the buffer does not hold all of it.</summary>
    public bool TrySkipLine()
    {
        var after = AfterLine(_next, _end);
        if (after < 0 || (after == _end && !_isFinal && _bytes[after - 1] == Dialect.CarriageReturn))
        {
            if (_isFinal)
            {
                GoTo(_end);
            }

            return _isFinal;
        }

        GoTo(after);
        return true;
    }

    public ValueTask DisposeAsync() => _leaveOpen ? ValueTask.CompletedTask : _stream.DisposeAsync();

    private async ValueTask<int> ReadAsync(Memory<byte> room, CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.ReadAsync(room, cancellationToken);
        }
        catch (DecoderFallbackException wrongBytes)
        {
            throw new TableFormatException(
                ErrorCode.InvalidText,
                $"{_name}: found bytes that are no text in the file's encoding, after byte {_origin + _end} of the text; "
                + "name the encoding that the file was written in.",
                inner: wrongBytes);
        }
    }

    /// <summary>Ends a record that cannot be understood at its first line end.</summary>
    private void GiveUp(int start, int recordEnd)
    {
        var after = AfterLine(start, _end);
        _isDiscarding = after < 0 && !_isFinal;
        _recordStart = start;
        _recordEnd = after < 0 ? recordEnd : start + LineLength(start, after);
        GoTo(after < 0 ? _end : after);
    }

    private bool EndDiscard()
    {
        var after = AfterLine(_next, _end);
        GoTo(after < 0 ? _end : after);
        _isDiscarding = after < 0;
        return !_isDiscarding;
    }

    private int AfterLine(int start, int end)
    {
        var lineEnd = _bytes.AsSpan(start, end - start).IndexOfAny(Dialect.LineFeed, Dialect.CarriageReturn);
        if (lineEnd < 0)
        {
            return -1;
        }

        var after = start + lineEnd + 1;
        return _bytes[after - 1] == Dialect.CarriageReturn && after < end && _bytes[after] == Dialect.LineFeed ? after + 1 : after;
    }

    private int LineLength(int start, int after) =>
        _bytes.AsSpan(start, after - start).TrimEnd([Dialect.LineFeed, Dialect.CarriageReturn]).Length;

    private void GoTo(int position)
    {
        _next = position;
        _scanner.Reset(position);
    }
}
