using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>How one output column is made from a batch, whole column at a time. Immutable and thread-safe.</summary>
internal abstract class ColumnFunction
{
    /// <summary>The input columns that the values depend on.</summary>
    public abstract IEnumerable<int> Inputs { get; }

    /// <summary>The column for a batch; as many rows as the batch.</summary>
    public abstract Column Apply(TableBatch batch);
}

/// <summary>Passes an input column through, shared and not copied.</summary>
internal sealed class SourceColumn(int index) : ColumnFunction
{
    /// <summary>The input column's index.</summary>
    public int Index { get; } = index;

    public override IEnumerable<int> Inputs => [Index];

    public override Column Apply(TableBatch batch) => batch.Columns[Index];
}

/// <summary>An output column: its field, and how it is made.</summary>
internal readonly record struct OutputColumn(TableField Field, ColumnFunction Function)
{
    /// <summary>The flow of a transform that makes these columns.</summary>
    /// <param name="columns">The output columns.</param>
    /// <param name="inputs">How many input columns there are.</param>
    public static ColumnFlow Flow(IReadOnlyCollection<OutputColumn> columns, int inputs)
    {
        var reads = new bool[inputs];
        foreach (var column in columns)
        {
            if (column.Function is not SourceColumn)
            {
                foreach (var input in column.Function.Inputs)
                {
                    reads[input] = true;
                }
            }
        }

        return new ColumnFlow(
            [.. columns.Select(column => column.Function is SourceColumn source ? source.Index : -1)], [.. reads]);
    }
}

/// <summary>A row transform whose output columns are each made from columns of the input.</summary>
internal sealed class ColumnwiseTransform : IRowTransform
{
    private readonly ImmutableArray<OutputColumn> _columns;

    /// <param name="columns">The output columns.</param>
    /// <param name="inputs">How many input columns there are.</param>
    public ColumnwiseTransform(IEnumerable<OutputColumn> columns, int inputs)
    {
        _columns = [.. columns];
        Flow = OutputColumn.Flow(_columns, inputs);
        Output = new TableSchema([.. _columns.Select(column => column.Field)]);
    }

    public TableSchema Output { get; }

    public ColumnFlow Flow { get; }

    /// <summary>The output columns; a plan looks here for columns that merely pass through.</summary>
    public ImmutableArray<OutputColumn> Columns => _columns;

    public TableBatch Apply(TableBatch batch)
    {
        var columns = ImmutableArray.CreateBuilder<Column>(_columns.Length);
        foreach (var column in _columns)
        {
            columns.Add(column.Function.Apply(batch));
        }

        return new TableBatch(Output, columns.MoveToImmutable(), batch.RowCount);
    }

    /// <summary>All columns of a schema, each passing through: where building a transform begins.</summary>
    public static List<OutputColumn> PassThrough(TableSchema schema)
    {
        var columns = new List<OutputColumn>(schema.Fields.Length);
        for (var i = 0; i < schema.Fields.Length; i++)
        {
            columns.Add(new OutputColumn(schema.Fields[i], new SourceColumn(i)));
        }

        return columns;
    }
}

/// <summary>Gives back what it gets: the transform of modules that only mark a place.</summary>
internal sealed class IdentityTransform(TableSchema schema) : IRowTransform
{
    public TableSchema Output => schema;

    public ColumnFlow Flow { get; } = ColumnFlow.Identity(schema.Fields.Length);

    public TableBatch Apply(TableBatch batch) => batch;
}
