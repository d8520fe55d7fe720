using Auspex.Connectors.Files;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>
/// Reads one version of a blob in ranges: the first is handed on as it comes, those behind it are fetched in parallel and handed on
/// in order. Whoever reads only the beginning of a blob costs one request; the number of ranges ahead grows with what was read.
/// </summary>
/// <remarks>Takes the memory of the ranges ahead and of the one being read. For one reader.</remarks>
internal sealed class RangedReadStream : ForwardReadStream
{
    private readonly BlobSource _source;
    private readonly BlobTransferOptions _options;
    private readonly long _start;
    private readonly long _end;
    private readonly RangeReader _first;
    private readonly long _firstEnd;
    private readonly Queue<Ahead> _ahead = new();
    private readonly Stack<byte[]> _spare = new();
    private readonly CancellationTokenSource _disposed = new();

    private long _position;
    private long _asked;
    private int _mostAhead;
    private Ahead? _current;
    private bool _isDisposed;

    private RangedReadStream(
        BlobSource source, BlobTransferOptions options, RangeReader first, long start, long firstEnd, long end)
    {
        _source = source;
        _options = options;
        _start = start;
        _position = start;
        _end = end;
        _firstEnd = firstEnd;
        _asked = firstEnd;
        _first = first;
    }

    public override bool CanRead => !_isDisposed;

    public override long Position
    {
        get => _position - _start;
        set => throw new NotSupportedException();
    }

    /// <summary>Opens a blob for reading to its end.</summary>
    /// <exception cref="BlobStoreException">There is none, or it may not be read.</exception>
    public static async Task<Stream> OpenAsync(
        BlobSource source, BlobTransferOptions options, long offset, CancellationToken cancellationToken)
    {
        var length = options.RangesAhead == 0 ? default(long?) : options.RangeBytes;
        var first = await source.Request(offset, length, null, cancellationToken);
        if (first is { ETag: null } && first.BlobLength - offset > length)
        {
            // Without a name for the version nothing shows that two answers belong together: one has to bring it all.
            await first.Content.DisposeAsync();
            length = null;
            first = await source.Request(offset, length, null, cancellationToken);
        }

        if (first is null)
        {
            return Null;
        }

        if (first.BlobLength is not { } end)
        {
            return new TranslatingStream(first.Content, source.Translate);
        }

        if (end <= offset)
        {
            await first.Content.DisposeAsync();
            return Null;
        }

        var firstEnd = length is { } bounded ? Math.Min(end, offset + bounded) : end;
        var reader = new RangeReader(source with { ETag = first.ETag }, offset, firstEnd, first.Content);
        return new RangedReadStream(source with { ETag = first.ETag }, options, reader, offset, firstEnd, end);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (buffer.IsEmpty || _position == _end)
        {
            return 0;
        }

        FetchAhead();
        var read = _position < _firstEnd
            ? await _first.ReadAsync(buffer, cancellationToken)
            : await ReadFetchedAsync(buffer, cancellationToken);
        _position += read;
        if (_position == _firstEnd)
        {
            await _first.DisposeAsync();
        }

        return read;
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("Blobs are read asynchronously.");

    public override async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            await _disposed.CancelAsync();
            await _first.DisposeAsync();
            while (_ahead.TryDequeue(out var ahead))
            {
                try
                {
                    await ahead.Fetched;
                }
                catch (Exception failure) when (
                    failure is OperationCanceledException or BlobStoreException || _source.Translate(failure) is not null)
                {
                    // Nobody wants the range any more.
                }
            }

            _disposed.Dispose();
        }

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        // What is under way ends soon after; who wants to wait for that disposes asynchronously.
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _disposed.Cancel();
            _first.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFetchedAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_current is not { } current)
        {
            current = _ahead.Peek();
            await current.Fetched.WaitAsync(cancellationToken);
            _current = _ahead.Dequeue();
            FetchAhead();
        }

        var from = (int)(_position - current.Start);
        var read = Math.Min(buffer.Length, current.Length - from);
        current.Buffer.AsSpan(from, read).CopyTo(buffer.Span);
        if (from + read == current.Length)
        {
            _spare.Push(current.Buffer);
            _current = null;
        }

        return read;
    }

    private void FetchAhead()
    {
        // One range once a quarter of the first was read, one more with each that was finished, up to the number allowed.
        var read = _position - _start;
        if (read >= Math.Min(_options.RangeBytes / 4, _firstEnd - _start))
        {
            _mostAhead = (int)Math.Min(_options.RangesAhead, 1 + (read / _options.RangeBytes));
        }

        while (_ahead.Count < _mostAhead && _asked < _end)
        {
            var length = (int)Math.Min(_options.RangeBytes, _end - _asked);
            var buffer = _spare.TryPop(out var spare) ? spare : GC.AllocateUninitializedArray<byte>(_options.RangeBytes);
            _ahead.Enqueue(new Ahead(_asked, length, buffer, FetchAsync(_asked, buffer.AsMemory(0, length), _disposed.Token)));
            _asked += length;
        }
    }

    private async Task FetchAsync(long start, Memory<byte> buffer, CancellationToken disposed)
    {
        await using var reader = new RangeReader(_source, start, start + buffer.Length);
        while (!buffer.IsEmpty)
        {
            buffer = buffer[await reader.ReadAsync(buffer, disposed)..];
        }
    }

    private sealed record Ahead(long Start, int Length, byte[] Buffer, Task Fetched);
}
