using Auspex.Connectors.Files;

namespace Auspex.Activities.Datasets.Files;

/// <summary>Reads what a decompressor gives, and makes its complaints ours.</summary>
internal sealed class DecompressionStream(Stream inner, Func<Exception, Exception> translate) : ForwardReadStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException broken)
        {
            throw translate(broken);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        catch (InvalidDataException broken)
        {
            throw translate(broken);
        }
    }

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
}
