using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;

namespace Auspex.Cli.Output;

/// <summary>The first rows of a table for people, columns aligned.</summary>
internal static class TableView
{
    private const int WidestCell = 32;
    private const int MostColumns = 16;

    /// <summary>Writes up to so many rows.</summary>
    public static void Write(TextWriter writer, TableBatch table, int rows)
    {
        var shownRows = Math.Min(rows, table.RowCount);
        var shownColumns = Math.Min(MostColumns, table.Columns.Length);
        var cells = new string[shownRows + 1][];
        cells[0] = [.. table.Schema.Fields.Take(shownColumns).Select(field => Shorten(field.Name))];
        for (var row = 0; row < shownRows; row++)
        {
            cells[row + 1] =
            [
                .. table.Columns.Take(shownColumns).Select(column => Shorten(ColumnText.Text(column, row, CellFormat.Wire) ?? "")),
            ];
        }

        var widths = Enumerable.Range(0, shownColumns).Select(column => cells.Max(line => line[column].Length)).ToArray();
        foreach (var line in cells)
        {
            writer.WriteLine("  " + string.Join("  ", line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }

        if (table.RowCount > shownRows || table.Columns.Length > shownColumns)
        {
            writer.WriteLine("  ...");
        }
    }

    /// <summary>The first row as JSON text by column; null for an empty table.</summary>
    public static JsonObject? FirstRow(TableBatch table)
    {
        if (table.RowCount == 0)
        {
            return null;
        }

        var row = new JsonObject();
        for (var i = 0; i < table.Columns.Length; i++)
        {
            row[table.Schema.Fields[i].Name] = ColumnText.Text(table.Columns[i], 0, CellFormat.Wire);
        }

        return row;
    }

    private static string Shorten(string text) => text.Length <= WidestCell ? text : text[..(WidestCell - 3)] + "...";
}
