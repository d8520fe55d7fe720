using Auspex.Errors;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>Reads part of a blob; where a connection breaks, it asks for the rest of the same version.</summary>
internal sealed class RangeReader : IAsyncDisposable, IDisposable
{
    // Counted anew after each byte that came: a link that breaks often is slow, one that brings nothing is dead.
    private const int MostFailures = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private readonly BlobSource _source;
    private readonly long _end;
    private long _position;
    private Stream? _content;
    private int _failures;

    /// <param name="source">What is read.</param>
    /// <param name="start">The offset of the first byte.</param>
    /// <param name="end">The offset behind the last one.</param>
    /// <param name="content">The answer to the first request, if it was made already.</param>
    public RangeReader(BlobSource source, long start, long end, Stream? content = null)
    {
        _source = source;
        _position = start;
        _end = end;
        _content = content;
    }

    /// <summary>Reads at least a byte, or 0 at the end of the part.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.IsEmpty || _position == _end)
        {
            return 0;
        }

        buffer = buffer[..(int)Math.Min(buffer.Length, _end - _position)];
        while (true)
        {
            _content ??= await AskAsync(cancellationToken);
            try
            {
                var read = await _content.ReadAsync(buffer, cancellationToken);
                if (read == 0)
                {
                    throw new EndOfStreamException("The answer ended before the part did.");
                }

                _position += read;
                _failures = 0;
                return read;
            }
            catch (Exception failure) when (
                !cancellationToken.IsCancellationRequested && _source.Translate(failure) is { } translated)
            {
                await DisposeAsync();
                if (!translated.IsTransient || translated.Code == ErrorCode.BlobChanged
                    || _source.ETag is null || ++_failures >= MostFailures)
                {
                    throw translated;
                }
            }

            await Task.Delay(FirstDelay * (1 << (_failures - 1)), _source.Clock, cancellationToken);
        }
    }

    public void Dispose() => _content?.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (_content is { } content)
        {
            _content = null;
            await content.DisposeAsync();
        }
    }

    private async Task<Stream> AskAsync(CancellationToken cancellationToken)
    {
        var range = await _source.Request(_position, _end - _position, _source.ETag, cancellationToken);
        return range?.Content ?? throw _source.Changed();
    }
}

/// <summary>A version of a blob, and how to get parts of it.</summary>
internal sealed record BlobSource(
    string Path, string? ETag, BlobRangeRequest Request, Func<Exception, BlobStoreException?> Translate, TimeProvider Clock)
{
    public BlobStoreException Changed() => new(
        ErrorCode.BlobChanged, BlobError.Unavailable, $"Blob '{Path}' was replaced while it was read. Run again.");
}
