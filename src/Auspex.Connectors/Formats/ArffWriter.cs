using System.Buffers;
using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Writes a table as ARFF: numbers are numeric, categories and Booleans nominal, dates have a format, all else is a string. A
/// missing value is a question mark.
/// </summary>
public static class ArffWriter
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" ,{}%'\"\\\t\r\n@");

    private const int FlushChars = 1 << 16;

    /// <summary>Writes the whole table; the stream stays open.</summary>
    public static async Task WriteAsync(Stream stream, string relation, TableBatch table, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        text.Append("@relation ").Append(Quote(relation)).Append("\n\n");
        foreach (var field in table.Schema.Fields)
        {
            text.Append("@attribute ").Append(Quote(field.Name)).Append(' ').Append(TypeOf(field)).Append('\n');
        }

        text.Append("\n@data\n");
        for (var row = 0; row < table.RowCount; row++)
        {
            for (var i = 0; i < table.Columns.Length; i++)
            {
                var column = table.Columns[i];
                var value = ColumnText.Text(column, row, CellFormat.File);
                text.Append(i == 0 ? "" : ",")
                    .Append(value is null ? "?" : column is DoubleColumn or Int64Column ? value : Quote(value));
            }

            text.Append('\n');
            if (text.Length > FlushChars)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
                text.Clear();
            }
        }

        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellationToken);
    }

    private static string TypeOf(TableField field) => field switch
    {
        { Categories: { } domain } => $"{{{string.Join(",", domain.Levels.Select(Quote))}}}",
        { Type: ColumnType.Boolean } => "{False,True}",
        { Type: ColumnType.Int32 or ColumnType.Int64 } => "integer",
        { Type: ColumnType.Double } => "numeric",
        { Type: ColumnType.DateTime } => "date 'yyyy-MM-ddTHH:mm:ss'",
        _ => "string",
    };

    private static string Quote(string text)
    {
        var isPlain = text.Length > 0 && text != "?"
            && !text.AsSpan().ContainsAny(Special) && !text.Any(char.IsWhiteSpace);
        return isPlain
            ? text
            : "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("'", "\\'", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal)
                .Replace("\r", "\\r", StringComparison.Ordinal)
                .Replace("\t", "\\t", StringComparison.Ordinal) + "'";
    }
}
