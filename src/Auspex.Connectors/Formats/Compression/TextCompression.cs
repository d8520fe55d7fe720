using System.IO.Compression;
using ZstdSharp;

namespace Auspex.Connectors.Formats.Compression;

/// <summary>How a whole file is compressed.</summary>
public enum FileCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>gzip: <c>.gz</c>.</summary>
    Gzip,

    /// <summary>Zstandard: <c>.zst</c>, <c>.zstd</c>.</summary>
    Zstd,
}

/// <summary>Wraps streams of delimited text in gzip or Zstandard, by the file's first bytes when reading and by its name when writing.</summary>
public static class TextCompression
{
    private const int MagicLength = 4;

    /// <summary>The compression that a file name says, and the name without that ending.</summary>
    /// <param name="path">Such as <c>data.csv.gz</c>.</param>
    public static (FileCompression Compression, string Plain) ForPath(string path)
    {
        foreach (var (ending, compression) in new[]
        {
            (".gz", FileCompression.Gzip), (".zst", FileCompression.Zstd), (".zstd", FileCompression.Zstd),
        })
        {
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return (compression, path[..^ending.Length]);
            }
        }

        return (FileCompression.None, path);
    }

    /// <summary>Unpacks a stream if its first bytes are those of gzip or Zstandard, else gives what it holds.</summary>
    /// <param name="stream">Disposed with the stream that is given back.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <param name="cancellationToken">Stops looking at the first bytes.</param>
    /// <returns>Reading it throws a <see cref="TableFormatException"/> where the packed data are damaged or cut off.</returns>
    public static async Task<Stream> OpenReadAsync(Stream stream, string name, CancellationToken cancellationToken)
    {
        try
        {
            var first = new byte[MagicLength];
            var count = await stream.ReadAtLeastAsync(first, MagicLength, throwOnEndOfStream: false, cancellationToken);
            var whole = new PeekedStream(first.AsMemory(0, count), stream);
            return first.AsSpan(0, count) switch
            {
                [0x1F, 0x8B, ..] => new UnpackingStream(
                    new GZipStream(whole, CompressionMode.Decompress), whole, FileCompression.Gzip, name),
                [0x28, 0xB5, 0x2F, 0xFD] => new UnpackingStream(
                    new DecompressionStream(whole, checkEndOfStream: true, leaveOpen: false), whole, FileCompression.Zstd, name),
                _ => whole,
            };
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    /// <summary>Packs what is written; the packed data end when the stream that is given back is disposed.</summary>
    /// <param name="stream">Where the packed bytes go.</param>
    /// <param name="compression">How to pack.</param>
    /// <param name="level">How hard.</param>
    /// <param name="leaveOpen">Whether <paramref name="stream"/> stays open.</param>
    public static Stream OpenWrite(Stream stream, FileCompression compression, CompressionLevel level, bool leaveOpen) => compression switch
    {
        FileCompression.Gzip => new GZipStream(stream, level, leaveOpen),
        FileCompression.Zstd => Zstd(stream, level, leaveOpen),
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "There is nothing to pack."),
    };

    private static CompressionStream Zstd(Stream stream, CompressionLevel level, bool leaveOpen)
    {
        var packing = new CompressionStream(stream, ZstdLevel.Of(level), leaveOpen: leaveOpen);

        // Without it a changed bit may go unnoticed; gzip has a checksum always.
        packing.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return packing;
    }
}
