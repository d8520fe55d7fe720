using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>A table in memory, read with the wanted columns and types.</summary>
internal sealed class TypedTableSource : ITableSource
{
    private readonly TableBatch _table;
    private readonly TableReadOptions _options;
    private readonly TypedRows _rows;

    public TypedTableSource(TableBatch table, TableReadOptions options)
    {
        _table = table;
        _options = options;
        _rows = TypedRows.Bind([.. table.Schema.Fields.Select(field => new FileColumn(field.Name, field, null))], options);
    }

    public TableSchema Schema => _rows.Schema;

    public async IAsyncEnumerable<TableBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var start = 0; start < _table.RowCount; start += _options.BatchRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var piece = _table.Slice(start, Math.Min(_options.BatchRows, _table.RowCount - start));
            ImmutableArray<Column> columns = [.. _rows.Positions.Select(position => piece.Columns[position])];
            if (_rows.Convert(columns, piece.RowCount) is { } batch)
            {
                yield return batch;
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Collects a table, since an ARFF file is written whole.</summary>
internal sealed class ArffTableSink(Stream stream, TableSchema schema, string relation) : ITableSink
{
    private readonly List<TableBatch> _batches = [];

    public Task WriteAsync(TableBatch batch, CancellationToken cancellationToken)
    {
        _batches.Add(batch);
        return Task.CompletedTask;
    }

    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        var table = _batches.Count == 0 ? TableBatches.Empty(schema) : TableBatches.Concatenate(_batches);
        await ArffWriter.WriteAsync(stream, relation, table, cancellationToken);
        await stream.FlushAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
