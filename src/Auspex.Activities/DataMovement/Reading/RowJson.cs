using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>Rows as the JSON that expressions see.</summary>
internal static class RowJson
{
    /// <summary>A row: numbers and booleans as such, dates as <c>2024-01-31T00:00:00Z</c>, missing values as null.</summary>
    public static JsonObject ToObject(TableBatch batch, int row)
    {
        var json = new JsonObject();
        for (var i = 0; i < batch.Columns.Length; i++)
        {
            json[batch.Schema.Fields[i].Name] = ToNode(batch.Columns[i], row);
        }

        return json;
    }

    private static JsonValue? ToNode(Column column, int row) => column.IsNull(row) ? null : column switch
    {
        BooleanColumn booleans => JsonValue.Create(booleans.Values[row]),
        Int64Column numbers => JsonValue.Create(numbers.Values[row]),
        DoubleColumn numbers when double.IsFinite(numbers.Values[row]) => JsonValue.Create(numbers.Values[row]),
        DateTimeColumn => JsonValue.Create(ColumnText.Text(column, row, CellFormat.File) + "Z"),
        _ => JsonValue.Create(ColumnText.Text(column, row, CellFormat.File)),
    };
}
