using System.Buffers.Binary;

namespace Auspex.Connectors.Formats.Compression;

/// <summary>Unpacks data in the LZ4 frame format, as Arrow files hold it. Checksums are passed over: the caller knows the length.</summary>
internal static class Lz4Frame
{
    private const uint Magic = 0x184D2204;
    private const uint Uncompressed = 0x80000000;
    private const int HasBlockChecksum = 0x10;
    private const int HasContentSize = 0x08;
    private const int HasContentChecksum = 0x04;
    private const int HasDictionary = 0x01;
    private const int ShortestMatch = 4;

    /// <summary>Fills a buffer with the unpacked data.</summary>
    /// <exception cref="InvalidDataException">The data are damaged, or are not as long as the buffer.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, Span<byte> plain)
    {
        var written = 0;
        while (!packed.IsEmpty)
        {
            packed = UnpackFrame(packed, plain, ref written);
        }

        if (written != plain.Length)
        {
            throw Damaged();
        }
    }

    private static ReadOnlySpan<byte> UnpackFrame(ReadOnlySpan<byte> packed, Span<byte> plain, scoped ref int written)
    {
        if (TakeUInt32(ref packed) != Magic)
        {
            throw Damaged();
        }

        var flags = Take(ref packed, 1)[0];
        if (flags >> 6 != 1 || (flags & HasDictionary) != 0)
        {
            throw Damaged();
        }

        Take(ref packed, 1 + ((flags & HasContentSize) != 0 ? sizeof(long) : 0) + 1);
        while (TakeUInt32(ref packed) is var size and not 0)
        {
            var block = Take(ref packed, size & ~Uncompressed);
            if ((size & Uncompressed) == 0)
            {
                UnpackBlock(block, plain, ref written);
            }
            else
            {
                Append(block, plain, ref written);
            }

            Take(ref packed, (flags & HasBlockChecksum) != 0 ? sizeof(uint) : 0);
        }

        Take(ref packed, (flags & HasContentChecksum) != 0 ? sizeof(uint) : 0);
        return packed;
    }

    /// <summary>A run of literals, then a match with what was written before; the last run has no match.</summary>
    private static void UnpackBlock(ReadOnlySpan<byte> block, Span<byte> plain, scoped ref int written)
    {
        while (!block.IsEmpty)
        {
            var token = Take(ref block, 1)[0];
            Append(Take(ref block, Length(ref block, token >> 4)), plain, ref written);
            if (block.IsEmpty)
            {
                return;
            }

            var distance = BinaryPrimitives.ReadUInt16LittleEndian(Take(ref block, sizeof(ushort)));
            var length = Length(ref block, token & 15) + ShortestMatch;
            if (distance == 0 || distance > written || length > plain.Length - written)
            {
                throw Damaged();
            }

            var match = plain.Slice(written - distance, Math.Min(distance, (int)length));
            for (var left = (int)length; left > 0; left -= match.Length)
            {
                // A match may reach into what it writes, and repeats then.
                Append(match[..Math.Min(match.Length, left)], plain, ref written);
            }
        }
    }

    private static long Length(ref ReadOnlySpan<byte> block, long start)
    {
        var length = start;
        if (start == 15)
        {
            byte more;
            do
            {
                more = Take(ref block, 1)[0];
                length += more;
            }
            while (more == byte.MaxValue);
        }

        return length;
    }

    private static void Append(ReadOnlySpan<byte> bytes, Span<byte> plain, scoped ref int written)
    {
        if (bytes.Length > plain.Length - written)
        {
            throw Damaged();
        }

        bytes.CopyTo(plain[written..]);
        written += bytes.Length;
    }

    private static uint TakeUInt32(ref ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, sizeof(uint)));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, long count)
    {
        if (count > bytes.Length)
        {
            throw Damaged();
        }

        var taken = bytes[..(int)count];
        bytes = bytes[(int)count..];
        return taken;
    }

    private static InvalidDataException Damaged() => new("LZ4 data are damaged");
}
