using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>A cleaning plan bound to a schema.</summary>
internal sealed class CleaningRowTransform : IRowTransform
{
    private readonly ImmutableArray<int> _required;
    private readonly BoundImputer? _imputer;
    private readonly ColumnwiseTransform _columns;

    public CleaningRowTransform(CleaningPlan plan, TableSchema input)
    {
        _required = [.. plan.RequiredColumns.Select(name => ColumnNames.Find(input, name))];
        _imputer = plan.Imputer?.Bind(input);

        var columns = ColumnwiseTransform.PassThrough(input);
        foreach (var fill in plan.Fills)
        {
            if (!fill.IsLabel || input.IndexOf(fill.Column) >= 0)
            {
                var index = ColumnNames.Find(input, fill.Column);
                columns[index] = FilledColumn.Create(index, input.Fields[index], fill);
            }
        }

        foreach (var (index, slot, domain) in _imputer?.Slots ?? [])
        {
            columns[index] = new OutputColumn(
                input.Fields[index] with { IsNullable = false, Categories = domain },
                new ImputedColumn(slot, _imputer!.Slots.Select(other => other.Index)));
        }

        foreach (var index in _required)
        {
            columns[index] = columns[index] with { Field = columns[index].Field with { IsNullable = false } };
        }

        var taken = input.Fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in plan.Indicators.Where(name => input.IndexOf(name) >= 0))
        {
            columns.Add(new OutputColumn(
                new TableField
                {
                    Name = ColumnNames.MakeUnique(name + "_IsMissing", 1, taken),
                    Type = ColumnType.Boolean,
                    IsNullable = false,
                },
                new MissingIndicator(input.IndexOf(name))));
        }

        var removed = plan.RemovedColumns.ToHashSet(StringComparer.Ordinal);
        columns.RemoveAll(column => removed.Contains(column.Field.Name));
        _columns = new ColumnwiseTransform(columns, input.Fields.Length);
    }

    public TableSchema Output => _columns.Output;

    public ColumnFlow Flow => _columns.Flow;

    public TableBatch Apply(TableBatch batch)
    {
        if (!_required.IsEmpty)
        {
            batch = WithoutIncompleteRows(batch);
        }

        return _imputer is null ? _columns.Apply(batch) : Impute(batch);
    }

    private TableBatch Impute(TableBatch batch)
    {
        var imputed = _imputer!.Impute(batch);
        var made = ImmutableArray.CreateBuilder<Column>(_columns.Columns.Length);
        foreach (var column in _columns.Columns)
        {
            made.Add(column.Function is ImputedColumn { Slot: var slot } ? imputed[slot] : column.Function.Apply(batch));
        }

        return new TableBatch(Output, made.MoveToImmutable(), batch.RowCount);
    }

    private TableBatch WithoutIncompleteRows(TableBatch batch)
    {
        if (_required.All(index => batch.Columns[index].Validity is null))
        {
            return batch;
        }

        var kept = new List<int>(batch.RowCount);
        for (var row = 0; row < batch.RowCount; row++)
        {
            var isComplete = true;
            foreach (var index in _required)
            {
                isComplete &= !batch.Columns[index].IsNull(row);
            }

            if (isComplete)
            {
                kept.Add(row);
            }
        }

        return kept.Count == batch.RowCount
            ? batch
            : batch.Take(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(kept));
    }

    /// <summary>Marks an output column that the imputer makes.</summary>
    private sealed class ImputedColumn(int slot, IEnumerable<int> inputs) : ColumnFunction
    {
        public int Slot => slot;

        public override IEnumerable<int> Inputs => inputs;

        public override Column Apply(TableBatch batch) =>
            throw new InvalidOperationException("Imputed columns are made together.");
    }

    private sealed class MissingIndicator(int index) : ColumnFunction
    {
        public override IEnumerable<int> Inputs => [index];

        public override Column Apply(TableBatch batch)
        {
            var column = batch.Columns[index];
            var values = new bool[column.Length];
            if (column.Validity is not null)
            {
                for (var row = 0; row < values.Length; row++)
                {
                    values[row] = column.IsNull(row);
                }
            }

            return new BooleanColumn(values, values.Length, null);
        }
    }
}
