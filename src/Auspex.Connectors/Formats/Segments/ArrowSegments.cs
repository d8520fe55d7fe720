using System.Buffers.Binary;
using Auspex.Connectors.Formats.Arrow;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Segments;

/// <summary>Arrow data: every record batch is a segment; a file's footer lists where they lie.</summary>
internal sealed class ArrowSegments : SegmentWriter
{
    // Kind, offset, length of the metadata, length of the body.
    private const int EntryBytes = sizeof(byte) + sizeof(long) + sizeof(int) + sizeof(long);

    private readonly MemoryStream _bytes = new();
    private readonly ArrowTableWriter _writer;

    public ArrowSegments(TableSchema schema, ArrowForm form, TableWriteOptions options, SegmentState? start)
        : base(start)
    {
        _writer = new ArrowTableWriter(_bytes, schema, form, options, leaveOpen: true);
        if (start is { Length: > 0 })
        {
            var blocks = start.Footer.Select(Read).ToList();
            _writer.GoOn(
                start.Length,
                blocks.Where(block => block.IsDictionary).Select(block => block.Block),
                blocks.Where(block => !block.IsDictionary).Select(block => block.Block));
        }
    }

    /// <inheritdoc/>
    public override async Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        if (batch.RowCount > 0)
        {
            await _writer.WriteAsync(batch, cancellationToken);
        }

        Take();
        Written += batch.RowCount;
        Settled = Written;
    }

    /// <inheritdoc/>
    public override async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _writer.CompleteAsync(cancellationToken);
        Take();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await base.DisposeAsync();
    }

    private void Take()
    {
        Give(_bytes.GetBuffer().AsSpan(0, (int)_bytes.Length));
        _bytes.SetLength(0);
        var (dictionaries, batches) = _writer.Blocks;
        var noted = Footer.Count;
        for (var i = noted; i < dictionaries.Count; i++)
        {
            Note(Entry(true, dictionaries[i]));
        }

        // Dictionaries come before the first batch, and never again.
        for (var i = Footer.Count - dictionaries.Count; i < batches.Count; i++)
        {
            Note(Entry(false, batches[i]));
        }
    }

    private static byte[] Entry(bool isDictionary, ArrowBlock block)
    {
        var entry = new byte[EntryBytes];
        entry[0] = isDictionary ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(1), block.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(entry.AsSpan(9), block.MetadataLength);
        BinaryPrimitives.WriteInt64LittleEndian(entry.AsSpan(13), block.BodyLength);
        return entry;
    }

    private static (bool IsDictionary, ArrowBlock Block) Read(byte[] entry) => (
        entry[0] == 1,
        new ArrowBlock(
            BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(1)),
            BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(9)),
            BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(13))));
}
