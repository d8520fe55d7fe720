using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats.Segments;

/// <summary>The parts of a delimited text, packed or not: blocks of whole records, each parsed into columns.</summary>
internal sealed class TextPartSource : ITablePartSource
{
    private const int BlockBytes = 256 << 10;

    private readonly DelimitedBlockReader _reader;
    private readonly DelimitedTextOptions _options;
    private readonly long _rowsBefore;
    private readonly ConcurrentBag<Buffers> _free = [];

    /// <param name="reader">Disposed with this.</param>
    /// <param name="options">With the schema of the rows.</param>
    /// <param name="rowsBefore">Rows before the place at which the reader stands.</param>
    public TextPartSource(DelimitedBlockReader reader, DelimitedTextOptions options, long rowsBefore)
    {
        _reader = reader;
        _options = options;
        _rowsBefore = rowsBefore;
        var first = NewBuffers();
        Schema = first.Parser.Schema;
        _free.Add(first);
    }

    public TableSchema Schema { get; }

    public ImmutableArray<string> FileColumns => _reader.FileColumns;

    public long? TotalRows => null;

    public ReadOnlyMemory<byte> HeaderRecord => _reader.HeaderRecord;

    public async IAsyncEnumerable<TablePart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var before = _rowsBefore; ;)
        {
            var buffers = _free.TryTake(out var used) ? used : NewBuffers();
            if (!await _reader.ReadAsync(buffers.Block, BlockBytes, cancellationToken))
            {
                yield break;
            }

            var (block, parser) = (buffers.Block, buffers.Parser);
            parser.Parse(block);
            ImmutableArray<BadRow> bad = parser.BadRowCount == 0
                ? []
                : [.. parser.BadRows(before).Select(row => row with { Record = row.Record.ToArray() })];
            before += parser.RowCount;
            yield return new TablePart(
                parser.Batch.RowCount == 0 ? null : parser.Batch,
                bad,
                parser.RowCount,
                new TablePlace(0, block.Offset + block.Length),
                !block.IsCut)
            {
                OnReleased = () => _free.Add(buffers),
            };
        }
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private Buffers NewBuffers()
    {
        ImmutableArray<bool> all = [.. Enumerable.Repeat(true, _options.Schema!.Fields.Length)];
        return new Buffers(new RecordBlock(), new BlockParser(_options, FileColumns, all, []));
    }

    private sealed record Buffers(RecordBlock Block, BlockParser Parser);
}
