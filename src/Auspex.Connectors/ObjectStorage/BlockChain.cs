using System.Buffers.Binary;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>Bytes of an upload that are staged as one block.</summary>
internal readonly record struct StagedBlock(long Offset, int Length)
{
    public long End => Offset + Length;
}

/// <summary>The blocks of an upload, and the ids that the service knows them by.</summary>
/// <remarks>
/// An id holds upload, offset and length. Since the bytes at an offset are the same whoever writes them, two processes that write one
/// upload can only replace a block by its equal, and which blocks there are is known from the service alone.
/// </remarks>
internal static class BlockChain
{
    private const int GuidLength = 16;
    private const int IdLength = GuidLength + sizeof(long) + sizeof(int);

    /// <summary>A block's id. All ids of a blob must be equally long, and those of two uploads must differ.</summary>
    public static string IdOf(Guid uploadId, StagedBlock block)
    {
        Span<byte> id = stackalloc byte[IdLength];
        uploadId.TryWriteBytes(id);
        BinaryPrimitives.WriteInt64BigEndian(id[GuidLength..], block.Offset);
        BinaryPrimitives.WriteInt32BigEndian(id[(GuidLength + sizeof(long))..], block.Length);
        return Convert.ToBase64String(id);
    }

    /// <summary>The blocks of one upload among those of a blob; the others are left out.</summary>
    public static IEnumerable<StagedBlock> Of(Guid uploadId, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            if (TryRead(id, uploadId, out var block))
            {
                yield return block;
            }
        }
    }

    /// <summary>Blocks that follow one another from the beginning to exactly <paramref name="length"/>; null when there are none.</summary>
    /// <remarks>There may be more blocks than that, and several ways through them: processes cut where they stood.</remarks>
    public static List<StagedBlock>? Find(IEnumerable<StagedBlock> blocks, long length)
    {
        var last = new Dictionary<long, StagedBlock>();
        foreach (var block in blocks.OrderBy(block => block.Offset).ThenByDescending(block => block.Length))
        {
            if (block.Offset == 0 || last.ContainsKey(block.Offset))
            {
                last.TryAdd(block.End, block);
            }
        }

        var chain = new List<StagedBlock>();
        for (var end = length; end > 0;)
        {
            if (!last.TryGetValue(end, out var block))
            {
                return null;
            }

            chain.Add(block);
            end = block.Offset;
        }

        chain.Reverse();
        return chain;
    }

    private static bool TryRead(string id, Guid uploadId, out StagedBlock block)
    {
        Span<byte> bytes = stackalloc byte[IdLength];
        block = default;
        if (!Convert.TryFromBase64String(id, bytes, out var length) || length != IdLength || new Guid(bytes[..GuidLength]) != uploadId)
        {
            return false;
        }

        block = new StagedBlock(
            BinaryPrimitives.ReadInt64BigEndian(bytes[GuidLength..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[(GuidLength + sizeof(long))..]));
        return block is { Offset: >= 0, Length: > 0 };
    }
}
