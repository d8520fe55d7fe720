using System.Runtime.CompilerServices;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats.Compression;

/// <summary>Delimited text that may be packed: damage of the packed data is told with the row that it strikes.</summary>
internal sealed class PackedTextSource(DelimitedTextReader reader, string name) : ITableSource
{
    public TableSchema Schema => reader.Schema;

    public async IAsyncEnumerable<TableBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var batches = reader.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(batches))
        {
            yield return batches.Current;
        }
    }

    public ValueTask DisposeAsync() => reader.DisposeAsync();

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<TableBatch> batches)
    {
        try
        {
            return await batches.MoveNextAsync();
        }
        catch (TableFormatException damage) when (damage.Code == ErrorCode.DamagedTableFile && damage.Location is null)
        {
            var row = reader.LastRow + 1;
            var text = damage.Message.StartsWith(name, StringComparison.Ordinal) ? damage.Message[name.Length..].TrimStart(':', ' ') : damage.Message;
            throw new TableFormatException(
                damage.Code, $"{name}: row {row}: {text}", new TableLocation(row, reader.NextOffset), damage);
        }
    }
}

/// <summary>Writes delimited text and packs it; the packed data end when the table is completed.</summary>
/// <param name="stream">Where the packed bytes go; stays open.</param>
/// <param name="packing">Packs them; leaves <paramref name="stream"/> open.</param>
/// <param name="schema">The schema of all batches.</param>
/// <param name="options">How to write.</param>
internal sealed class PackedTextSink(
    Stream stream, Stream packing, TableSchema schema, DelimitedTextWriterOptions options) : ITableSink
{
    private readonly DelimitedTextWriter _writer = new(packing, schema, options, leaveOpen: true);
    private bool _isPacked;

    public Task WriteAsync(TableBatch batch, CancellationToken cancellationToken) => _writer.WriteAsync(batch, cancellationToken);

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _writer.CompleteAsync(cancellationToken);
        _isPacked = true;
        await packing.DisposeAsync();
        await stream.FlushAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        if (!_isPacked)
        {
            await packing.DisposeAsync();
        }
    }
}
