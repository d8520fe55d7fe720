using System.Buffers.Binary;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>What a message holds.</summary>
internal enum ArrowMessageKind : byte
{
    None = 0,
    Schema = 1,
    DictionaryBatch = 2,
    RecordBatch = 3,
}

/// <summary>A message whose body is next in the stream.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Header">The table that describes it.</param>
/// <param name="BodyLength">Bytes of its body.</param>
/// <param name="IsBeforeVersion5">Whether it follows version 4 of the metadata.</param>
internal sealed record ArrowMessage(ArrowMessageKind Kind, FlatTable Header, long BodyLength, bool IsBeforeVersion5);

/// <summary>Takes the messages of the streaming format out of a stream, one after another.</summary>
/// <param name="stream">Read forwards; seeks past what is not wanted where it can.</param>
internal sealed class ArrowMessages(Stream stream)
{
    private const uint Continuation = 0xFFFFFFFF;
    private const int MostMetadataBytes = 64 << 20;
    private const int FirstRead = 1 << 20;
    private const short Version4 = 3;
    private const short Version5 = 4;

    private byte[] _returned = [];

    /// <summary>Bytes taken so far.</summary>
    public long Position { get; private set; }

    /// <summary>Gives back the first bytes, once they have been looked at; they are read again by <see cref="NextAsync"/>.</summary>
    public void Return(byte[] first) => _returned = first;

    /// <summary>The next message; null at the mark that ends the stream.</summary>
    /// <exception cref="EndOfStreamException">Here and below: the stream ends too early.</exception>
    /// <exception cref="InvalidDataException">Here and below: the bytes are no such messages.</exception>
    public async Task<ArrowMessage?> NextAsync(CancellationToken cancellationToken)
    {
        // Before version 0.15 of Arrow, messages had no continuation mark.
        var start = _returned.Length > 0 ? _returned : await ReadAsync(sizeof(uint), cancellationToken);
        _returned = [];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(start);
        if (length == Continuation)
        {
            length = BinaryPrimitives.ReadUInt32LittleEndian(await ReadAsync(sizeof(uint), cancellationToken));
        }

        if (length == 0)
        {
            return null;
        }

        if (length > MostMetadataBytes)
        {
            throw new InvalidDataException("found no beginning of a message");
        }

        var message = FlatTable.Root(await ReadAsync(length, cancellationToken));
        var version = message.Int16(0);
        if (version is not (Version4 or Version5))
        {
            throw new InvalidDataException($"found metadata version {version + 1}; expected 4 or 5");
        }

        var bodyLength = message.Int64(3);
        if (bodyLength < 0 || message.Table(2) is not { } header)
        {
            throw new InvalidDataException("found a message without a header");
        }

        return new ArrowMessage((ArrowMessageKind)message.UInt8(1), header, bodyLength, version == Version4);
    }

    /// <summary>Reads some ranges of a body, and passes over the rest of it.</summary>
    /// <param name="bodyLength">The body's length.</param>
    /// <param name="ranges">Offset and length of each; in any order.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task<byte[][]> ReadBodyAsync(
        long bodyLength, IReadOnlyList<(long Offset, long Length)> ranges, CancellationToken cancellationToken)
    {
        var read = new byte[ranges.Count][];
        var end = Position + bodyLength;
        var start = Position;
        foreach (var index in Enumerable.Range(0, ranges.Count).OrderBy(index => ranges[index].Offset))
        {
            var (offset, length) = ranges[index];
            if (length == 0)
            {
                read[index] = [];
                continue;
            }

            if (offset < 0 || length < 0 || offset > bodyLength - length || start + offset < Position)
            {
                throw new InvalidDataException("found buffers that do not fit the body of their message");
            }

            await SkipAsync(start + offset - Position, cancellationToken);
            read[index] = await ReadAsync(length, cancellationToken);
        }

        await SkipAsync(end - Position, cancellationToken);
        return read;
    }

    /// <summary>Reads to the end; gives the last bytes, at most <paramref name="last"/>.</summary>
    public async Task<byte[]> ReadTailAsync(int last, CancellationToken cancellationToken)
    {
        var tail = new byte[last];
        var kept = 0;
        var buffer = new byte[FirstRead];
        while (await stream.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            Position += count;
            var fresh = Math.Min(count, last);
            var old = Math.Min(kept, last - fresh);
            tail.AsSpan(kept - old, old).CopyTo(tail);
            buffer.AsSpan(count - fresh, fresh).CopyTo(tail.AsSpan(old));
            kept = old + fresh;
        }

        return tail[..kept];
    }

    /// <summary>Reads so many bytes; memory is taken only as they come, since a length may be anything.</summary>
    public async Task<byte[]> ReadAsync(long length, CancellationToken cancellationToken)
    {
        if (length > Array.MaxLength)
        {
            throw new NotSupportedException($"it has a buffer of {length} bytes, more than fit one array; write it in smaller batches");
        }

        if (stream.CanSeek && length > stream.Length - stream.Position)
        {
            throw new EndOfStreamException();
        }

        var bytes = new byte[stream.CanSeek ? length : Math.Min(length, FirstRead)];
        for (var used = 0; used < length;)
        {
            if (used == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(length, bytes.Length * 2L));
            }

            var count = await stream.ReadAsync(bytes.AsMemory(used), cancellationToken);
            if (count == 0)
            {
                throw new EndOfStreamException();
            }

            used += count;
            Position += count;
        }

        return bytes;
    }

    private async Task SkipAsync(long count, CancellationToken cancellationToken)
    {
        if (stream.CanSeek)
        {
            if (count > stream.Length - stream.Position)
            {
                throw new EndOfStreamException();
            }

            stream.Seek(count, SeekOrigin.Current);
            Position += count;
            return;
        }

        var buffer = new byte[Math.Min(count, FirstRead)];
        while (count > 0)
        {
            var skipped = await stream.ReadAtLeastAsync(
                buffer.AsMemory(0, (int)Math.Min(count, buffer.Length)), (int)Math.Min(count, buffer.Length), true, cancellationToken);
            count -= skipped;
            Position += skipped;
        }
    }
}
