namespace Auspex.Connectors.Formats.Parquet;

/// <summary>
/// Looks at the headers of a column's pages before they are decoded: a page of a few bytes may say that it unpacks to gigabytes, and
/// the library takes the memory that a page asks for.
/// </summary>
internal static class ParquetPages
{
    private const int FirstGuess = 256;
    private const int LongestHeader = 16 << 20;

    /// <exception cref="BlockTooLargeException">A page is larger than allowed.</exception>
    /// <exception cref="InvalidDataException">A header is damaged.</exception>
    public static void Check(Stream stream, ParquetChunk chunk, long maxBlockBytes)
    {
        var position = chunk.Start;
        var end = chunk.Start + chunk.Length;
        var buffer = new byte[FirstGuess];
        while (position < end)
        {
            var page = ReadHeader(stream, position, end, ref buffer);
            if (Math.Max(page.Unpacked, page.Packed) > maxBlockBytes)
            {
                throw new BlockTooLargeException(Math.Max(page.Unpacked, page.Packed), maxBlockBytes);
            }

            position += page.HeaderLength + page.Packed;
        }
    }

    private static Page ReadHeader(Stream stream, long position, long end, ref byte[] buffer)
    {
        while (true)
        {
            stream.Position = position;
            var read = stream.ReadAtLeast(buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - position)), 1, throwOnEndOfStream: false);
            read += stream.ReadAtLeast(
                buffer.AsSpan(read, (int)Math.Min(buffer.Length, end - position) - read), 0, throwOnEndOfStream: false);
            try
            {
                return Parse(buffer.AsSpan(0, read));
            }
            catch (EndOfStreamException) when (read == buffer.Length && read < LongestHeader)
            {
                // Statistics in a header may hold long texts.
                buffer = new byte[buffer.Length * 4];
            }
        }
    }

    private static Page Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new ThriftReader(bytes);
        var (unpacked, packed) = (-1L, -1L);
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            switch (field, type)
            {
                case (2, ThriftType.Int32): unpacked = reader.Int(); break;
                case (3, ThriftType.Int32): packed = reader.Int(); break;
                default: reader.Skip(type); break;
            }
        }

        return unpacked >= 0 && packed >= 0
            ? new Page(reader.Position, unpacked, packed)
            : throw new InvalidDataException("a page does not say how long it is");
    }

    private readonly record struct Page(int HeaderLength, long Unpacked, long Packed);
}
