using Auspex.Connectors.Files;

namespace Auspex.Connectors.Formats.Compression;

/// <summary>A stream with bytes before it that were read from it already, and more behind it once they are asked for. Counts what is read.</summary>
internal sealed class PeekedStream(ReadOnlyMemory<byte> first, Stream inner) : ForwardReadStream
{
    private ReadOnlyMemory<byte> _before = first;
    private bool _isAtEnd;

    /// <summary>Bytes of the inner stream that were given so far.</summary>
    public long Count { get; private set; }

    /// <summary>Gives these bytes next. Nothing of the inner stream follows.</summary>
    public void EndWith(ReadOnlyMemory<byte> last) => (_before, _isAtEnd) = (last, true);

    public override int Read(Span<byte> buffer) => Counted(!_before.IsEmpty || _isAtEnd ? Take(buffer) : inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(!_before.IsEmpty || _isAtEnd ? Take(buffer.Span) : await inner.ReadAsync(buffer, cancellationToken));

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Counted(int count)
    {
        Count += _isAtEnd ? 0 : count;
        return count;
    }

    private int Take(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _before.Length);
        _before.Span[..length].CopyTo(buffer);
        _before = _before[length..];
        return length;
    }
}
