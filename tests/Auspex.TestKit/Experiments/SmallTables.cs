using Auspex.Connectors.Tables;

namespace Auspex.TestKit.Experiments;

/// <summary>Small tables for tests.</summary>
public static class SmallTables
{
    /// <summary>A table of doubles; NaN stays NaN, null is missing.</summary>
    public static TableBatch Numbers(string column, params double?[] values) => Of([(column, ColumnType.Double)], [.. values.Select(value => new object?[] { value })]);

    /// <summary>A table of rows.</summary>
    public static TableBatch Of((string Name, ColumnType Type)[] columns, params object?[][] rows) =>
        TableBatches.FromRows(
            new TableSchema([.. columns.Select(column => new TableField { Name = column.Name, Type = column.Type })]), rows);

    /// <summary>Every cell as text, a line per row; <c>~</c> where a value is missing.</summary>
    public static string Print(TableBatch table)
    {
        var lines = new List<string> { string.Join('|', table.Schema.Fields.Select(field => field.Name)) };
        for (var row = 0; row < table.RowCount; row++)
        {
            lines.Add(string.Join('|', table.Columns.Select(column => ColumnText.Text(column, row, CellFormat.File) ?? "~")));
        }

        return string.Join('\n', lines);
    }
}
