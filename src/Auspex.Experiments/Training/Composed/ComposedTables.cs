using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Training.Composed;

/// <summary>Tables with another label in the place of their own.</summary>
internal static class ComposedTables
{
    /// <summary>The table with a label of true and false; rows for which it is null have none.</summary>
    public static TableBatch WithLabel(TableBatch table, int labelIndex, Func<int, bool?> label)
    {
        var values = new bool[table.RowCount];
        var validity = Column.AllValid(table.RowCount);
        for (var row = 0; row < values.Length; row++)
        {
            if (label(row) is { } value)
            {
                values[row] = value;
            }
            else
            {
                validity[row >> 6] &= ~(1UL << (row & 63));
            }
        }

        var field = new TableField { Name = table.Schema.Fields[labelIndex].Name, Type = ColumnType.Boolean, Role = ColumnRole.Label };
        return new TableBatch(
            new TableSchema(table.Schema.Fields.SetItem(labelIndex, field)),
            table.Columns.SetItem(labelIndex, new BooleanColumn(values, values.Length, validity)),
            table.RowCount);
    }
}
