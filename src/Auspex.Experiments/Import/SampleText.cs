using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;

namespace Auspex.Experiments.Import;

/// <summary>The table of a web-service input as CSV: its columns, and the rows of the example request.</summary>
internal static class SampleText
{
    /// <param name="input">The input's name.</param>
    /// <param name="properties">The definition, in one spelling.</param>
    public static string Of(string input, JsonObject properties)
    {
        var columns = ((properties["input"] as JsonObject)?["properties"] as JsonObject)?.ObjectMember(input)?["properties"] as JsonObject ?? [];
        var names = columns.Select(column => column.Key).ToList();
        var rows = ((properties["exampleRequest"] as JsonObject)?["inputs"] as JsonObject)?.ArrayMember(input)?
            .OfType<JsonArray>().Where(row => row.Count == names.Count).ToList() ?? [];
        var text = new StringBuilder();
        AppendRow(text, names.Count == 0 ? ["Col1"] : names);
        foreach (var row in rows)
        {
            AppendRow(text, row.Select((cell, i) => Cell(cell, columns[names[i]] as JsonObject)));
        }

        if (rows.Count == 0)
        {
            AppendRow(text, names.Count == 0 ? ["0"] : names.Select(name => Cell(null, columns[name] as JsonObject)));
        }

        return text.ToString();
    }

    // The types of the columns are taken from these cells, so that one stands for each type where the example has none.
    private static string Cell(JsonNode? cell, JsonObject? column)
    {
        if (ServiceDefinition.TextOf(cell) is { } text)
        {
            return text;
        }

        var isTime = column?.TextMember("format")?.StartsWith("date-time", StringComparison.OrdinalIgnoreCase) == true;
        return column?.TextMember("type")?.ToUpperInvariant() switch
        {
            "INTEGER" => "0",
            "NUMBER" => "0.5",
            "BOOLEAN" => "False",
            _ when isTime => "2000-01-01T00:00:00",
            _ => "text",
        };
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells)
    {
        var isFirst = true;
        foreach (var cell in cells)
        {
            if (!isFirst)
            {
                text.Append(',');
            }

            isFirst = false;
            text.Append(cell.AsSpan().IndexOfAny(",\"\r\n") < 0
                ? cell
                : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        text.Append('\n');
    }
}
