using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;

namespace Auspex.Experiments.Execution;

/// <summary>
/// What stands beside a table, as hidden columns of its file: no author can name a column with the sign they begin with.
/// </summary>
internal static class TableExtras
{
    private const string Folds = "\0folds";
    private const string Visualization = "\0visualization";

    public static TableBatch Attach(TableValue value)
    {
        var (fields, columns) = (value.Table.Schema.Fields.ToBuilder(), value.Table.Columns.ToBuilder());
        if (value.Folds is { } folds)
        {
            fields.Add(new TableField { Name = Folds, Type = ColumnType.Int64 });
            columns.Add(new Int64Column([.. folds.Of.Select(fold => ((long)folds.Count << 32) | (uint)fold)], folds.Of.Length, null));
        }

        if (value.Visualization is { } text && value.Table.RowCount > 0)
        {
            var texts = new StringColumnBuilder(value.Table.RowCount);
            texts.Append(text);
            while (texts.Count < value.Table.RowCount)
            {
                texts.AppendNull();
            }

            fields.Add(new TableField { Name = Visualization, Type = ColumnType.String });
            columns.Add(texts.Build());
        }

        return columns.Count == value.Table.Columns.Length
            ? value.Table
            : new TableBatch(new TableSchema(fields.ToImmutable()), columns.ToImmutable(), value.Table.RowCount);
    }

    public static TableValue Detach(TableBatch stored)
    {
        var (fields, columns) = (stored.Schema.Fields, stored.Columns);
        string? visualization = null;
        FoldAssignment? folds = null;
        if (fields.Length > 0 && fields[^1].Name == Visualization)
        {
            visualization = ((StringColumn)columns[^1]).Text(0);
            (fields, columns) = (fields[..^1], columns[..^1]);
        }

        if (fields.Length > 0 && fields[^1].Name == Folds)
        {
            var packed = ((Int64Column)columns[^1]).Values;
            folds = new FoldAssignment([.. packed.ToArray().Select(fold => (int)fold)], packed.IsEmpty ? 0 : (int)(packed[0] >> 32));
            (fields, columns) = (fields[..^1], columns[..^1]);
        }

        return new TableValue(
            columns.Length == stored.Columns.Length ? stored : new TableBatch(new TableSchema(fields), columns, stored.RowCount))
        {
            Folds = folds,
            Visualization = visualization,
        };
    }
}
