using System.Collections.Immutable;
using System.Text.Json;
using Auspex.Connectors.Tables;

namespace Auspex.Server.WebServices.Scoring;

/// <summary>How a request-response answer is laid out.</summary>
/// <param name="Rows">An array of row objects instead of a table (<c>format=swagger</c>).</param>
/// <param name="Details">Column names and types beside the values.</param>
internal readonly record struct ScoreFormat(bool Rows, bool Details);

/// <summary>Writes request-response answers. Every cell is text, as in the original, and a missing value null.</summary>
internal static class ScoreResponseWriter
{
    public static void Write(
        Utf8JsonWriter writer, ImmutableArray<KeyValuePair<string, TableBatch>> outputs, ScoreFormat format)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("Results");
        foreach (var (name, table) in outputs)
        {
            writer.WritePropertyName(name);
            if (format.Rows)
            {
                WriteRows(writer, table);
            }
            else
            {
                WriteTable(writer, table, format.Details);
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteTable(Utf8JsonWriter writer, TableBatch table, bool details)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "table");
        writer.WriteStartObject("value");
        if (details)
        {
            writer.WriteStartArray("ColumnNames");
            foreach (var field in table.Schema.Fields)
            {
                writer.WriteStringValue(field.Name);
            }

            writer.WriteEndArray();
            writer.WriteStartArray("ColumnTypes");
            foreach (var field in table.Schema.Fields)
            {
                writer.WriteStringValue(field.Type.ToString());
            }

            writer.WriteEndArray();
        }

        writer.WriteStartArray("Values");
        Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
        for (var row = 0; row < table.RowCount; row++)
        {
            writer.WriteStartArray();
            foreach (var column in table.Columns)
            {
                WriteCell(writer, column, row, scratch);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteRows(Utf8JsonWriter writer, TableBatch table)
    {
        var names = table.Schema.Fields.Select(field => JsonEncodedText.Encode(field.Name, Api.Json.WriterOptions.Encoder)).ToArray();
        writer.WriteStartArray();
        Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
        for (var row = 0; row < table.RowCount; row++)
        {
            writer.WriteStartObject();
            for (var i = 0; i < names.Length; i++)
            {
                writer.WritePropertyName(names[i]);
                WriteCell(writer, table.Columns[i], row, scratch);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCell(Utf8JsonWriter writer, Column column, int row, Span<byte> scratch)
    {
        if (ColumnText.TryGetUtf8(column, row, CellFormat.Wire, scratch, out var text))
        {
            writer.WriteStringValue(text);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
