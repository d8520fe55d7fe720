using System.Collections.Immutable;

namespace Auspex.Connectors.Tables;

/// <summary>Makes batches out of rows, of other batches, and of sources.</summary>
public static class TableBatches
{
    /// <summary>A table without rows.</summary>
    public static TableBatch Empty(TableSchema schema) => new TableBatchBuilder(schema).Build();

    /// <summary>A table of boxed values, a row each.</summary>
    /// <exception cref="ArgumentException">A row has another number of values, or a value of another type.</exception>
    public static TableBatch FromRows(TableSchema schema, params ReadOnlySpan<object?[]> rows)
    {
        var builder = new TableBatchBuilder(schema, rows.Length);
        foreach (var row in rows)
        {
            builder.AppendRow(row);
        }

        return builder.Build();
    }

    /// <summary>The rows of all batches in order, as one table.</summary>
    /// <param name="batches">At least one. Columns must agree in number and name, compared by position.</param>
    /// <returns>
    /// A table with the first batch's roles. Integer and double columns widen to the wider; the levels of categorical columns are
    /// joined, the first batch's first; a column that is categorical in some batches only becomes a plain one.
    /// </returns>
    /// <exception cref="ArgumentException">No batch, or columns that do not agree.</exception>
    public static TableBatch Concatenate(params IReadOnlyList<TableBatch> batches)
    {
        if (batches.Count == 0)
        {
            throw new ArgumentException("Found no batches; expected at least one.", nameof(batches));
        }

        if (batches.Count == 1)
        {
            return batches[0];
        }

        var rows = batches.Aggregate(0, (sum, batch) => checked(sum + batch.RowCount));
        var schema = SchemaUnion.Of(batches);
        var columns = ImmutableArray.CreateBuilder<Column>(schema.Fields.Length);
        for (var i = 0; i < schema.Fields.Length; i++)
        {
            var builder = ColumnBuilder.For(schema.Fields[i], rows);
            foreach (var batch in batches)
            {
                var column = SchemaUnion.Widen(batch.Columns[i], batch.Schema.Fields[i], schema.Fields[i]);
                builder.AppendRange(column, 0, column.Length);
            }

            columns.Add(builder.Build());
        }

        return new TableBatch(schema, columns.MoveToImmutable(), rows);
    }

    /// <summary>Some rows in a run. Copies.</summary>
    public static TableBatch Slice(this TableBatch batch, int start, int length)
    {
        if (start == 0 && length == batch.RowCount)
        {
            return batch;
        }

        var columns = ImmutableArray.CreateBuilder<Column>(batch.Columns.Length);
        foreach (var column in batch.Columns)
        {
            columns.Add(column.Slice(start, length));
        }

        return new TableBatch(batch.Schema, columns.MoveToImmutable(), length);
    }

    /// <summary>Some rows of a column in a run. Copies.</summary>
    public static Column Slice(this Column column, int start, int length)
    {
        ColumnBuilder builder = column switch
        {
            CategoryColumn categories => new CategoryColumnBuilder(categories.Domain, length),
            BooleanColumn => new BooleanColumnBuilder(length),
            Int64Column => new Int64ColumnBuilder(length),
            DoubleColumn => new DoubleColumnBuilder(length),
            DateTimeColumn => new DateTimeColumnBuilder(length),
            TimeSpanColumn => new TimeSpanColumnBuilder(length),
            _ => new StringColumnBuilder(length),
        };
        builder.AppendRange(column, start, length);
        return builder.Build();
    }

    /// <summary>Reads all that is left of a source into one table.</summary>
    public static async Task<TableBatch> ReadAllAsync(this ITableSource source, CancellationToken cancellationToken)
    {
        var batches = new List<TableBatch>();
        await foreach (var batch in source.ReadAsync(cancellationToken))
        {
            batches.Add(batch);
        }

        return batches.Count == 0 ? Empty(source.Schema) : Concatenate(batches);
    }

    /// <summary>Copies all that is left of a source into a sink, without completing it; gives the number of rows.</summary>
    public static async Task<long> CopyToAsync(this ITableSource source, ITableSink sink, CancellationToken cancellationToken)
    {
        var rows = 0L;
        await foreach (var batch in source.ReadAsync(cancellationToken))
        {
            await sink.WriteAsync(batch, cancellationToken);
            rows += batch.RowCount;
        }

        return rows;
    }

    /// <summary>A source that gives these rows; empty batches are left out.</summary>
    /// <param name="schema">The schema of every batch.</param>
    /// <param name="batches">In order.</param>
    public static ITableSource ToSource(TableSchema schema, params IReadOnlyList<TableBatch> batches) =>
        new MemoryTableSource(schema, batches);

    private sealed class MemoryTableSource(TableSchema schema, IReadOnlyList<TableBatch> batches) : ITableSource
    {
        public TableSchema Schema => schema;

        public async IAsyncEnumerable<TableBatch> ReadAsync(
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask;
            foreach (var batch in batches)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (batch.RowCount > 0)
                {
                    yield return batch;
                }
            }
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
