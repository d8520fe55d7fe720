using System.Buffers.Binary;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>Where the pages of a column lie in a row group.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct ParquetChunk(long Start, long Length);

/// <summary>
/// What a file says of itself, held against limits: a schema of bounded depth, row groups with a chunk for each column, and chunks that
/// lie in the file. The library that decodes the pages trusts these.
/// </summary>
/// <param name="Chunks">By row group, then by column.</param>
internal sealed record ParquetFooter(ParquetChunk[][] Chunks)
{
    private const int TailLength = 8;
    private const int DeepestSchema = 64;
    private const int MostSchemaElements = 1_000_000;
    private const int FewestChunkBytes = 8;

    /// <summary>The first and the last bytes of a file.</summary>
    internal static readonly byte[] Magic = "PAR1"u8.ToArray();

    private static readonly byte[] EncryptedMagic = "PARE"u8.ToArray();

    /// <summary>Reads and checks the end of a file.</summary>
    /// <exception cref="InvalidDataException">The file is no Parquet file, or is damaged.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    /// <exception cref="NotSupportedException">It is encrypted.</exception>
    public static async Task<ParquetFooter> ReadAsync(Stream stream, long maxBlockBytes, CancellationToken cancellationToken)
    {
        var start = new byte[Magic.Length];
        stream.Position = 0;
        var read = await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        if (start.AsSpan().SequenceEqual(EncryptedMagic))
        {
            throw new NotSupportedException("its footer is encrypted");
        }

        if (read < start.Length || !start.AsSpan().SequenceEqual(Magic))
        {
            throw new InvalidDataException("found no magic bytes PAR1 at the start");
        }

        if (stream.Length < Magic.Length + TailLength)
        {
            throw new EndOfStreamException();
        }

        var tail = new byte[TailLength];
        stream.Position = stream.Length - TailLength;
        await stream.ReadExactlyAsync(tail, cancellationToken);
        if (!tail.AsSpan(sizeof(int)).SequenceEqual(Magic))
        {
            throw new EndOfStreamException();
        }

        var length = (long)BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (length > stream.Length - TailLength - Magic.Length)
        {
            throw new InvalidDataException("found a footer longer than the file");
        }

        if (length > maxBlockBytes)
        {
            throw new BlockTooLargeException(length, maxBlockBytes);
        }

        var footer = new byte[length];
        stream.Position = stream.Length - TailLength - length;
        await stream.ReadExactlyAsync(footer, cancellationToken);
        return Parse(footer, stream.Length - TailLength - length);
    }

    private static ParquetFooter Parse(ReadOnlySpan<byte> bytes, long dataEnd)
    {
        var reader = new ThriftReader(bytes);
        var leaves = -1;
        ParquetChunk[][]? chunks = null;
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            switch (field, type)
            {
                case (2, ThriftType.List):
                    leaves = CountLeaves(ref reader);
                    break;
                case (4, ThriftType.List):
                    chunks = ReadRowGroups(ref reader, leaves, dataEnd, bytes.Length);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return leaves < 0 || chunks is null
            ? throw new InvalidDataException("its footer has no schema or no row groups")
            : new ParquetFooter(chunks);
    }

    /// <summary>The schema comes as its elements in order of depth first; each says how many children follow.</summary>
    private static int CountLeaves(ref ThriftReader reader)
    {
        var count = reader.ListHeader(out _);
        if (count is 0 or > MostSchemaElements)
        {
            throw new InvalidDataException("its schema has no columns or too many");
        }

        var leaves = 0;
        var open = new Stack<long>();
        for (var i = 0; i < count; i++)
        {
            var children = ReadSchemaElement(ref reader);
            while (open.Count > 0 && open.Peek() == 0)
            {
                open.Pop();
            }

            if (i > 0)
            {
                if (open.Count == 0)
                {
                    throw new InvalidDataException("its schema does not close");
                }

                open.Push(open.Pop() - 1);
            }

            if (i > 0 && children == 0)
            {
                leaves++;
            }
            else
            {
                open.Push(children);
            }

            if (open.Count > DeepestSchema)
            {
                throw new InvalidDataException($"its schema is nested deeper than {DeepestSchema} levels");
            }
        }

        return open.All(left => left == 0) ? leaves : throw new InvalidDataException("its schema lacks columns");
    }

    private static long ReadSchemaElement(ref ThriftReader reader)
    {
        var children = 0L;
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            if (field == 5 && type == ThriftType.Int32)
            {
                children = reader.Int();
            }
            else
            {
                reader.Skip(type);
            }
        }

        return children >= 0 ? children : throw new InvalidDataException("its schema is damaged");
    }

    private static ParquetChunk[][] ReadRowGroups(ref ThriftReader reader, int leaves, long dataEnd, int footerLength)
    {
        var count = reader.ListHeader(out _);
        if (leaves < 0 || (long)count * leaves * FewestChunkBytes > footerLength)
        {
            throw new InvalidDataException("its footer has more row groups than it has room for");
        }

        var groups = new ParquetChunk[count][];
        for (var i = 0; i < count; i++)
        {
            var field = 0;
            while (reader.NextField(ref field, out var type))
            {
                if (field == 1 && type == ThriftType.List)
                {
                    groups[i] = ReadChunks(ref reader, leaves, dataEnd);
                }
                else
                {
                    reader.Skip(type);
                }
            }

            if (groups[i] is null)
            {
                throw new InvalidDataException($"its row group {i + 1} has no columns");
            }
        }

        return groups;
    }

    private static ParquetChunk[] ReadChunks(ref ThriftReader reader, int leaves, long dataEnd)
    {
        var count = reader.ListHeader(out _);
        if (count != leaves)
        {
            throw new InvalidDataException($"a row group has {count} columns; expected {leaves} as its schema has");
        }

        var chunks = new ParquetChunk[count];
        for (var i = 0; i < count; i++)
        {
            var field = 0;
            while (reader.NextField(ref field, out var type))
            {
                if (field == 3 && type == ThriftType.Struct)
                {
                    chunks[i] = ReadChunk(ref reader);
                }
                else
                {
                    reader.Skip(type);
                }
            }

            if (chunks[i].Start < 0 || chunks[i].Length < 0 || chunks[i].Start > dataEnd - chunks[i].Length)
            {
                throw new InvalidDataException("a column lies outside the file");
            }
        }

        return chunks;
    }

    private static ParquetChunk ReadChunk(ref ThriftReader reader)
    {
        var (length, data, dictionary) = (0L, 0L, 0L);
        var field = 0;
        while (reader.NextField(ref field, out var type))
        {
            switch (field, type)
            {
                case (7, ThriftType.Int64): length = reader.Int(); break;
                case (9, ThriftType.Int64): data = reader.Int(); break;
                case (11, ThriftType.Int64): dictionary = reader.Int(); break;
                default: reader.Skip(type); break;
            }
        }

        return new ParquetChunk(dictionary > 0 && dictionary < data ? dictionary : data, length);
    }
}
