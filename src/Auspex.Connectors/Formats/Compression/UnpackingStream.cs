using System.IO.Compression;
using Auspex.Connectors.Files;
using Auspex.Errors;
using ZstdSharp;

namespace Auspex.Connectors.Formats.Compression;

/// <summary>Unpacked data whose damage is told with its place, and whose end is an end: not the place where a file was cut off.</summary>
/// <param name="unpacked">What unpacks.</param>
/// <param name="packed">What it reads.</param>
/// <param name="compression">How it is packed.</param>
/// <param name="name">What to call the file in messages.</param>
internal sealed class UnpackingStream(Stream unpacked, PeekedStream packed, FileCompression compression, string name) : ForwardReadStream
{
    private static readonly byte[] EndMark = "end of the gzip data"u8.ToArray();
    private static readonly byte[] PackedEndMark = Pack(EndMark);

    private long _produced;
    private bool _isEnded;

    public override int Read(Span<byte> buffer)
    {
        try
        {
            var count = _isEnded ? 0 : unpacked.Read(buffer);
            if (count == 0 && !buffer.IsEmpty && MustProveEnd())
            {
                Span<byte> mark = stackalloc byte[EndMark.Length + 1];
                var length = unpacked.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
                CheckEnd(mark[..length]);
            }

            _produced += count;
            return count;
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw Damaged(failure);
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = _isEnded ? 0 : await unpacked.ReadAsync(buffer, cancellationToken);
            if (count == 0 && !buffer.IsEmpty && MustProveEnd())
            {
                var mark = new byte[EndMark.Length + 1];
                var length = await unpacked.ReadAtLeastAsync(mark, mark.Length, throwOnEndOfStream: false, cancellationToken);
                CheckEnd(mark.AsSpan(0, length));
            }

            _produced += count;
            return count;
        }
        catch (Exception failure) when (IsDamage(failure))
        {
            throw Damaged(failure);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await unpacked.DisposeAsync();
        await packed.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            unpacked.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>
    /// .NET ends gzip data without a word where the file ends, be it in the middle. So another member is put behind them: it is
    /// understood only if the one before it was whole.
    /// </summary>
    private bool MustProveEnd()
    {
        if (_isEnded || compression != FileCompression.Gzip)
        {
            return false;
        }

        _isEnded = true;
        packed.EndWith(PackedEndMark);
        return true;
    }

    private static void CheckEnd(ReadOnlySpan<byte> mark)
    {
        if (!mark.SequenceEqual(EndMark))
        {
            throw new EndOfStreamException();
        }
    }

    private static bool IsDamage(Exception failure) => failure is InvalidDataException or EndOfStreamException or ZstdException;

    private TableFormatException Damaged(Exception failure)
    {
        var isCut = _isEnded || failure is EndOfStreamException;
        return new TableFormatException(
            ErrorCode.DamagedTableFile,
            $"{name}: found {(isCut ? "the end of the file inside" : "damage in")} its {compression switch
            {
                FileCompression.Gzip => "gzip",
                _ => "Zstandard",
            }} data at byte {packed.Count}, after {_produced} bytes of text; expected them to be whole. Copy or write the file again.",
            inner: failure);
    }

    private static byte[] Pack(byte[] plain)
    {
        var bytes = new MemoryStream();
        using (var packing = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(plain);
        }

        return bytes.ToArray();
    }
}
