using System.IO.Compression;
using ZstdSharp;

namespace Auspex.Connectors.Formats.Compression;

/// <summary>Unpacks and packs blocks in the Zstandard format whose plain length is known. Not thread-safe.</summary>
/// <param name="level">How hard to pack.</param>
internal sealed class ZstdBlock(CompressionLevel level = CompressionLevel.Fastest) : IDisposable
{
    private Decompressor? _unpacker;
    private Compressor? _packer;

    /// <summary>Unpacks a block.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or not of this length.</exception>
    public byte[] Unpack(ReadOnlySpan<byte> packed, int length)
    {
        try
        {
            // The most that the block can unpack to is known before memory is taken for it.
            if (Decompressor.GetDecompressedSize(packed) < (ulong)length)
            {
                throw new InvalidDataException("Zstandard data are of another length than stated");
            }

            var plain = new byte[length];
            _unpacker ??= new Decompressor();
            return _unpacker.Unwrap(packed, plain) == length
                ? plain
                : throw new InvalidDataException("Zstandard data are of another length than stated");
        }
        catch (ZstdException damaged)
        {
            throw new InvalidDataException("Zstandard data are damaged", damaged);
        }
    }

    /// <summary>Packs a block.</summary>
    public ReadOnlySpan<byte> Pack(ReadOnlySpan<byte> plain) => (_packer ??= new Compressor(ZstdLevel.Of(level))).Wrap(plain);

    public void Dispose()
    {
        _unpacker?.Dispose();
        _packer?.Dispose();
    }
}

/// <summary>Zstandard's levels.</summary>
internal static class ZstdLevel
{
    public static int Of(CompressionLevel level) => level switch
    {
        CompressionLevel.SmallestSize => 19,
        CompressionLevel.Optimal => 6,
        _ => 1,
    };
}
