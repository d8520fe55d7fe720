using System.Collections.Immutable;

namespace Auspex.Connectors.Tables;

/// <summary>Collects rows into batches of one schema. Not thread-safe.</summary>
public sealed class TableBatchBuilder
{
    private readonly ColumnBuilder[] _columns;

    /// <summary>Starts a batch.</summary>
    /// <param name="schema">Categorical fields take their own levels only.</param>
    /// <param name="capacity">Rows to make room for.</param>
    public TableBatchBuilder(TableSchema schema, int capacity = 0)
    {
        Schema = schema;
        _columns = [.. schema.Fields.Select(field => ColumnBuilder.For(field, capacity))];
    }

    /// <summary>The schema of the batches.</summary>
    public TableSchema Schema { get; }

    /// <summary>A builder per column; whoever appends to one appends to all.</summary>
    public ReadOnlySpan<ColumnBuilder> Columns => _columns;

    /// <summary>The complete rows appended since the last <see cref="Build"/>.</summary>
    public int RowCount { get; private set; }

    /// <summary>Appends a row of boxed values; see <see cref="ColumnBuilder.Append(object?)"/>.</summary>
    /// <exception cref="ArgumentException">Another number of values than columns, or a value of another type; nothing was appended.</exception>
    public void AppendRow(params ReadOnlySpan<object?> cells)
    {
        if (cells.Length != _columns.Length)
        {
            throw new ArgumentException($"Found {cells.Length} values; expected {_columns.Length}.", nameof(cells));
        }

        for (var i = 0; i < cells.Length; i++)
        {
            try
            {
                _columns[i].Append(cells[i]);
            }
            catch (ArgumentException wrongType)
            {
                RollBackRow();
                throw new ArgumentException(
                    $"Row {RowCount}, column '{Schema.Fields[i].Name}': {wrongType.Message}", nameof(cells), wrongType);
            }
        }

        RowCount++;
    }

    /// <summary>Counts a row whose cells were appended through <see cref="Columns"/>.</summary>
    public void CompleteRow() => RowCount++;

    /// <summary>Takes back the cells of a row that was begun through <see cref="Columns"/> and cannot be completed.</summary>
    public void RollBackRow()
    {
        foreach (var column in _columns)
        {
            if (column.Count > RowCount)
            {
                column.Truncate(RowCount);
            }
        }
    }

    /// <summary>Hands over the rows and starts anew.</summary>
    public TableBatch Build()
    {
        var columns = ImmutableArray.CreateBuilder<Column>(_columns.Length);
        foreach (var column in _columns)
        {
            columns.Add(column.Build());
        }

        var batch = new TableBatch(Schema, columns.MoveToImmutable(), RowCount);
        RowCount = 0;
        return batch;
    }
}
