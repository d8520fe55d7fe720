using System.Text;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Walks through the records of a stream with a buffer that holds the current record and what was read beyond it, or takes
/// them out as whole blocks.
/// </summary>
internal sealed class RecordCursor : IAsyncDisposable
{
    private const int InitialCapacity = 1 << 20;

    private readonly Stream _stream;
    private readonly RecordWalker _walker;
    private readonly string _name;
    private readonly int _maxRecordBytes;
    private readonly bool _leaveOpen;
    private readonly bool _hasQuotes;
    private readonly byte _quote;

    private byte[] _bytes;
    private int _end;
    private int _mark = -1;
    private long _origin;
    private long _remaining;
    private bool _isFinal;

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
        _hasQuotes = dialect.Quote >= 0;
        _quote = (byte)Math.Max(dialect.Quote, 0);
        _walker = new RecordWalker(dialect, maxRecordBytes);
        _origin = offset;
        _remaining = length;
        _maxRecordBytes = maxRecordBytes;
        _name = name;
        _bytes = new byte[InitialCapacity + RecordScanner.Slack];
        _walker.Attach(_bytes, 0, 0, isFinal: false);
    }

    /// <summary>The current record.</summary>
    public RecordWalker Walker => _walker;

    /// <summary>The byte of the file at which the current record begins.</summary>
    public long RecordOffset => _origin + _walker.RecordStart;

    /// <summary>The byte of the file at which the next record begins.</summary>
    public long NextOffset => _origin + _walker.Next;

    /// <summary>Goes to the next record.</summary>
    /// <returns><see cref="ScanStatus.NeedMore"/> when <see cref="FillAsync"/> must be called first.</returns>
    public ScanStatus Next() => _walker.MoveNext();

    /// <summary>Reads more of the stream. Positions inside the buffer move; offsets in the file do not.</summary>
    public async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var next = _walker.Next;
        var keepFrom = _mark >= 0 ? _mark : next;
        if (keepFrom > 0)
        {
            _bytes.AsSpan(keepFrom, _end - keepFrom).CopyTo(_bytes);
            _origin += keepFrom;
            _end -= keepFrom;
            next -= keepFrom;
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
            await ReadAsync(_bytes.Length - RecordScanner.Slack - _end, cancellationToken);
        }
        while (mustFill && !_isFinal && _end + RecordScanner.Slack < _bytes.Length);

        _walker.Attach(_bytes, next, _end, _isFinal);
    }

    /// <summary>
    /// Takes whole records out, about <paramref name="size"/> bytes of them: the buffer itself changes hands, and what
    /// follows them moves to the block's old one.
    /// </summary>
    /// <param name="block">Gets the records; what it held is overwritten.</param>
    /// <param name="size">Bytes to take if there are so many; a longer record comes by itself.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>False when nothing is left.</returns>
    public async ValueTask<bool> TakeAsync(RecordBlock block, int size, CancellationToken cancellationToken)
    {
        for (var wanted = size; ;)
        {
            await HoldAsync(wanted, cancellationToken);

            // No more is looked at, whatever came along: so where a block ends depends on where it begins and nothing else.
            var end = Math.Min(_end, wanted);
            var isLast = _isFinal && _end < wanted;
            _walker.Attach(_bytes, 0, end, isLast);
            if (_walker.TryEndDiscard())
            {
                var start = _walker.Next;
                var boundary = FindBoundary(start, end, isLast, out var hasQuotes);
                if (boundary > start)
                {
                    Hand(block, start, boundary, hasQuotes);
                    return true;
                }

                wanted = (int)Math.Min(Array.MaxLength / 2, wanted * 2L);
            }

            if (isLast)
            {
                return false;
            }
        }
    }

    /// <summary>Passes over everything before a byte of the text, where a record begins.</summary>
    public async ValueTask SkipToAsync(long offset, CancellationToken cancellationToken)
    {
        while (NextOffset < offset)
        {
            // Never beyond the place: what follows it comes as it would to a reader that begins there.
            await HoldAsync((int)Math.Min(InitialCapacity, offset - NextOffset), cancellationToken);
            if (_end == 0)
            {
                throw new TableFormatException(
                    ErrorCode.InvalidText, $"{_name}: found the end of the text after {NextOffset} bytes; expected more than {offset}, as it had before.");
            }

            _walker.GoTo((int)Math.Min(_end, offset - _origin));
        }
    }

    /// <summary>Keeps everything from here on in the buffer, so that <see cref="Rewind"/> can come back.</summary>
    public void Mark() => _mark = _walker.Next;

    /// <summary>Goes back to the mark and lifts it.</summary>
    public void Rewind()
    {
        _walker.GoTo(_mark);
        _mark = -1;
    }

    /// <summary>Passes over one line, whatever its quotes. False when the buffer does not hold all of it.</summary>
    public bool TrySkipLine() => _walker.TrySkipLine();

    public ValueTask DisposeAsync() => _leaveOpen ? ValueTask.CompletedTask : _stream.DisposeAsync();

    /// <summary>Reads until the buffer holds so many bytes after the next record's start, or the stream ends.</summary>
    private async ValueTask HoldAsync(int wanted, CancellationToken cancellationToken)
    {
        var next = _walker.Next;
        if (next > 0)
        {
            _bytes.AsSpan(next, _end - next).CopyTo(_bytes);
            _origin += next;
            _end -= next;
        }

        if (_bytes.Length < wanted + RecordScanner.Slack)
        {
            Array.Resize(ref _bytes, wanted + RecordScanner.Slack);
        }

        while (_end < wanted && !_isFinal)
        {
            await ReadAsync(wanted - _end, cancellationToken);
        }

        _walker.Attach(_bytes, 0, _end, _isFinal);
    }

    /// <summary>Where the last complete record before <paramref name="end"/> ends; <paramref name="start"/> when none is complete.</summary>
    private int FindBoundary(int start, int end, bool isLast, out bool hasQuotes)
    {
        var content = _bytes.AsSpan(start, end - start);
        hasQuotes = _hasQuotes && content.Contains(_quote);
        if (!hasQuotes && content.Length <= _maxRecordBytes)
        {
            return start + (isLast ? content.Length : AfterLastLine(content));
        }

        var boundary = start;
        while (_walker.MoveNext() == ScanStatus.Record)
        {
            boundary = _walker.Next;
        }

        return boundary;
    }

    /// <summary>Without quotes every line is a record; a carriage return at the end may be half of a line end.</summary>
    private static int AfterLastLine(ReadOnlySpan<byte> content)
    {
        var last = content.LastIndexOfAny(Dialect.LineFeed, Dialect.CarriageReturn);
        return last == content.Length - 1 && last >= 0 && content[last] == Dialect.CarriageReturn
            ? content[..last].LastIndexOfAny(Dialect.LineFeed, Dialect.CarriageReturn) + 1
            : last + 1;
    }

    private void Hand(RecordBlock block, int start, int boundary, bool hasQuotes)
    {
        var rest = _bytes.AsSpan(boundary, _end - boundary);
        var other = block.Bytes;
        if (other.Length < rest.Length + RecordScanner.Slack)
        {
            other = new byte[Math.Max(_bytes.Length, rest.Length + RecordScanner.Slack)];
        }

        rest.CopyTo(other);
        block.Set(_bytes, start, boundary, _origin + start, hasQuotes, isCut: _walker.IsDiscarding);
        _bytes = other;
        _origin += boundary;
        _end = rest.Length;
        _walker.Attach(_bytes, 0, _end, _isFinal);
    }

    private async ValueTask ReadAsync(int room, CancellationToken cancellationToken)
    {
        room = (int)Math.Min(room, _remaining);
        try
        {
            var read = room == 0 ? 0 : await _stream.ReadAsync(_bytes.AsMemory(_end, room), cancellationToken);
            _isFinal = read == 0;
            _end += read;
            _remaining -= read;
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
}
