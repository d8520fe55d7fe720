using System.Collections.Immutable;

namespace Auspex.Connectors.Tables;

/// <summary>Some rows of a table, or all of them, as typed columns. Immutable.</summary>
public sealed class TableBatch
{
    /// <summary>Puts columns under a schema.</summary>
    /// <param name="schema">One field per column, in the same order.</param>
    /// <param name="columns">All of <paramref name="rowCount"/> rows.</param>
    /// <param name="rowCount">Needed since a table may have rows and no columns.</param>
    /// <exception cref="ArgumentException">Numbers of columns or rows differ.</exception>
    public TableBatch(TableSchema schema, ImmutableArray<Column> columns, int rowCount)
    {
        if (schema.Fields.Length != columns.Length)
        {
            throw new ArgumentException(
                $"The schema has {schema.Fields.Length} columns, the data has {columns.Length}.", nameof(columns));
        }

        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Length != rowCount)
            {
                throw new ArgumentException(
                    $"Column '{schema.Fields[i].Name}' has {columns[i].Length} rows; expected {rowCount}.", nameof(columns));
            }
        }

        Schema = schema;
        Columns = columns;
        RowCount = rowCount;
    }

    /// <summary>The columns' names and types.</summary>
    public TableSchema Schema { get; }

    /// <summary>The columns, as the schema orders them.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>The number of rows.</summary>
    public int RowCount { get; }

    /// <summary>The rows at these positions, in this order; -1 gives a row of missing values.</summary>
    public TableBatch Take(ReadOnlySpan<int> rows)
    {
        var taken = ImmutableArray.CreateBuilder<Column>(Columns.Length);
        foreach (var column in Columns)
        {
            taken.Add(column.Take(rows));
        }

        return new TableBatch(Schema, taken.MoveToImmutable(), rows.Length);
    }
}
