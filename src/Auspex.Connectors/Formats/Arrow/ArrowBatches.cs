using System.Buffers.Binary;
using Auspex.Connectors.Formats.Compression;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>Reads the columns of record batches and dictionary batches, those that are wanted only.</summary>
/// <param name="messages">Stands at a body.</param>
/// <param name="maxBlockBytes">The most that the wanted columns of a batch may take when they are unpacked.</param>
internal sealed class ArrowBatches(ArrowMessages messages, long maxBlockBytes)
{
    private const byte Lz4 = 0;
    private const byte Zstd = 1;
    private const int LengthPrefix = sizeof(long);
    private const long NotCompressed = -1;

    /// <summary>Reads the buffers of a record batch.</summary>
    /// <param name="message">Whose body is next.</param>
    /// <param name="batch">The batch's table.</param>
    /// <param name="fields">All columns of the schema.</param>
    /// <param name="wanted">The indexes of the columns to read.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>The rows, and the buffers of each wanted column.</returns>
    public async Task<(int Rows, byte[][][] Columns)> ReadAsync(
        ArrowMessage message, FlatTable batch, IReadOnlyList<ArrowField> fields, IReadOnlyList<int> wanted, CancellationToken cancellationToken)
    {
        var rows = batch.Int64(0);
        if (rows is < 0 or > int.MaxValue - 64)
        {
            throw new InvalidDataException($"found a batch of {rows} rows");
        }

        var layouts = ArrowLayout.Of(fields, batch.Int64s(4, 1), message.IsBeforeVersion5);
        var places = batch.Int64s(2, 2);
        var nodes = batch.Int64s(1, 2);
        var ranges = new List<(long Offset, long Length)>();
        foreach (var index in wanted)
        {
            var layout = layouts[index];
            if ((layout.Node * 2) + 1 >= nodes.Length || (layout.Buffer + layout.Buffers) * 2 > places.Length)
            {
                throw new InvalidDataException("found fewer buffers than the columns of the schema need");
            }

            if (nodes[layout.Node * 2] != rows)
            {
                throw new InvalidDataException($"column '{fields[index].Name}': found {nodes[layout.Node * 2]} rows; expected {rows} as its batch has");
            }

            for (var buffer = layout.Buffer; buffer < layout.Buffer + layout.Buffers; buffer++)
            {
                ranges.Add((places[buffer * 2], places[(buffer * 2) + 1]));
            }
        }

        var total = ranges.Sum(range => Math.Max(0, (decimal)range.Length));
        RequireWithin((long)Math.Min(total, long.MaxValue));
        var buffers = await messages.ReadBodyAsync(message.BodyLength, ranges, cancellationToken);
        if (batch.Table(3) is { } compression)
        {
            Unpack(buffers, compression);
        }

        var columns = new byte[wanted.Count][][];
        var next = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = buffers[next..(next += layouts[wanted[i]].Buffers)];
        }

        return ((int)rows, columns);
    }

    private void Unpack(byte[][] buffers, FlatTable compression)
    {
        var codec = compression.UInt8(0);
        if (codec is not (Lz4 or Zstd) || compression.UInt8(1) != 0)
        {
            throw new NotSupportedException("it is compressed in a way that is unknown here");
        }

        var total = 0L;
        using var zstd = codec == Zstd ? new ZstdBlock() : null;
        for (var i = 0; i < buffers.Length; i++)
        {
            if (buffers[i].Length == 0)
            {
                continue;
            }

            if (buffers[i].Length < LengthPrefix)
            {
                throw new InvalidDataException("found a compressed buffer without its length");
            }

            var packed = buffers[i].AsSpan(LengthPrefix);
            var length = BinaryPrimitives.ReadInt64LittleEndian(buffers[i]);
            if (length == NotCompressed)
            {
                buffers[i] = packed.ToArray();
                continue;
            }

            if (length is < 0 or > int.MaxValue - 64)
            {
                throw new InvalidDataException("found a compressed buffer whose length cannot be");
            }

            RequireWithin(total += length);
            buffers[i] = codec == Zstd ? zstd!.Unpack(packed, (int)length) : UnpackLz4(packed, (int)length);
        }
    }

    private static byte[] UnpackLz4(ReadOnlySpan<byte> packed, int length)
    {
        // A byte of LZ4 stands for at most 255.
        if (length / 255 > packed.Length)
        {
            throw new InvalidDataException("found a compressed buffer whose length cannot be");
        }

        var plain = new byte[length];
        Lz4Frame.Unpack(packed, plain);
        return plain;
    }

    private void RequireWithin(long bytes)
    {
        if (bytes > maxBlockBytes)
        {
            throw new BlockTooLargeException(bytes, maxBlockBytes);
        }
    }
}
