using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// The head of an ARFF file: names and types of its columns. What follows <c>@data</c> is delimited text with single
/// quotes, where a question mark is a missing value.
/// </summary>
internal static class Arff
{
    private const int MostHeadLines = 100_000;

    /// <summary>How to read the rows that follow the head; the columns come in file order.</summary>
    /// <exception cref="TableFormatException">The head is not one.</exception>
    public static async Task<DelimitedTextOptions> ReadHeadAsync(Stream stream, string file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var fields = new List<TableField>();
        for (var line = 1; line <= MostHeadLines; line++)
        {
            var text = (await reader.ReadLineAsync(cancellationToken))?.Trim()
                ?? throw Broken(file, line, "the end of the file", "a line '@data'");
            if (text.StartsWith("@data", StringComparison.OrdinalIgnoreCase))
            {
                return fields.Count > 0
                    ? DelimitedTextOptions.Csv with
                    {
                        Name = file,
                        HasHeader = false,
                        SkipLines = line,
                        Quote = '\'',
                        Escape = '\\',
                        MissingMarkers = ["?"],
                        Schema = new TableSchema([.. fields]),
                    }
                    : throw Broken(file, line, "'@data' without columns", "'@attribute NAME TYPE' before it");
            }

            if (text.StartsWith("@attribute", StringComparison.OrdinalIgnoreCase))
            {
                fields.Add(ReadAttribute(text["@attribute".Length..].TrimStart(), file, line));
            }
            else if (text.Length > 0 && text[0] != '%' && !text.StartsWith("@relation", StringComparison.OrdinalIgnoreCase))
            {
                throw Broken(file, line, "another line", "'@relation', '@attribute', '@data' or a comment");
            }
        }

        throw Broken(file, MostHeadLines, "no '@data' so far", "a shorter head");
    }

    /// <summary>Writes the head of a table's file.</summary>
    public static byte[] WriteHead(TableSchema schema, string relation)
    {
        var text = new StringBuilder($"@relation {Quote(relation)}\n\n");
        foreach (var field in schema.Fields)
        {
            var type = field.Categories is { } categories
                ? "{" + string.Join(',', categories.Levels.Select(Quote)) + "}"
                : field.IsNumeric ? "numeric"
                : field.Type == ColumnType.Boolean ? "{True,False}"
                : field.Type == ColumnType.DateTime ? "date \"yyyy-MM-dd'T'HH:mm:ss\""
                : "string";
            text.Append("@attribute ").Append(Quote(field.Name)).Append(' ').Append(type).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.Append("\n@data\n").ToString());
    }

    /// <summary>How to write the rows that follow the head.</summary>
    public static DelimitedTextWriterOptions WriterOptions(string file) => DelimitedTextWriterOptions.Csv with
    {
        Name = file,
        HasHeader = false,
        Quote = '\'',
        Escape = '\\',
        NullText = "?",
        QuoteAllText = true,
    };

    private static TableField ReadAttribute(string text, string file, int line)
    {
        int end;
        string name;
        if (text.Length > 0 && text[0] is '\'' or '"')
        {
            end = text.IndexOf(text[0], 1);
            name = end < 0 ? "" : text[1..end];
            end++;
        }
        else
        {
            end = text.AsSpan().IndexOfAny(' ', '\t');
            name = end < 0 ? "" : text[..end];
        }

        if (end <= 0 || name.Length == 0)
        {
            throw Broken(file, line, "an '@attribute' without name or type", "'@attribute NAME TYPE'");
        }

        var type = text[end..].TrimStart();
        return new TableField
        {
            Name = name,
            Type = type.ToUpperInvariant() switch
            {
                "NUMERIC" or "REAL" => ColumnType.Double,
                "INTEGER" => ColumnType.Int64,
                _ when type.StartsWith("date", StringComparison.OrdinalIgnoreCase) => ColumnType.DateTime,
                _ => ColumnType.String,
            },
        };
    }

    private static string Quote(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    private static TableFormatException Broken(string file, int line, string found, string expected) =>
        new(ErrorCode.NoHeader, $"{file}, line {line}: found {found}; expected {expected}.");
}
