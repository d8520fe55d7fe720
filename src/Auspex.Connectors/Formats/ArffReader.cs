using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>
/// Reads an ARFF file: numeric attributes (numeric, real, integer), string, date with an optional format, and nominal ones, which
/// become categorical columns in the order listed. A question mark is a missing value; rows may be sparse
/// (<c>{index value, ...}</c>, others being 0 or the first level) and may end in a weight, which is left out.
/// </summary>
public static class ArffReader
{
    /// <summary>Reads the whole file.</summary>
    /// <param name="stream">Disposed afterwards.</param>
    /// <param name="name">What to call the file in messages.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="TableFormatException">The file breaks the format; the message says the line.</exception>
    public static async Task<TableBatch> ReadAsync(Stream stream, string name, CancellationToken cancellationToken)
    {
        using var lines = await LineReader.OpenAsync(stream, null, name, cancellationToken);
        var attributes = await ReadHeaderAsync(lines, name, cancellationToken);
        TableBatchBuilder rows;
        try
        {
            rows = new TableBatchBuilder(new TableSchema([.. attributes.Select(attribute => attribute.Field)]));
        }
        catch (ArgumentException exception)
        {
            throw Broken(name, lines.Line, exception.Message);
        }

        while (await lines.NextAsync(cancellationToken) is { } line)
        {
            if (!IsBlank(line))
            {
                AddRow(line, attributes, rows, name, lines.Line);
            }
        }

        return rows.Build();
    }

    private static async Task<List<ArffAttribute>> ReadHeaderAsync(
        LineReader lines, string name, CancellationToken cancellationToken)
    {
        var attributes = new List<ArffAttribute>();
        while (await lines.NextAsync(cancellationToken) is { } line)
        {
            if (IsBlank(line))
            {
                continue;
            }

            var tokens = new ArffTokens(line.Trim());
            var keyword = tokens.Word();
            if (keyword.Equals("@data", StringComparison.OrdinalIgnoreCase))
            {
                return attributes.Count > 0 ? attributes : throw Broken(name, lines.Line, "@data comes before any @attribute");
            }

            if (keyword.Equals("@attribute", StringComparison.OrdinalIgnoreCase))
            {
                attributes.Add(ArffAttribute.Parse(tokens) ?? throw Broken(
                    name, lines.Line, "expected @attribute NAME and numeric, real, integer, string, date or {level, ...}"));
            }
            else if (!keyword.Equals("@relation", StringComparison.OrdinalIgnoreCase))
            {
                throw Broken(name, lines.Line, "expected @relation, @attribute or @data");
            }
        }

        throw Broken(name, lines.Line, "the file ends before @data");
    }

    private static bool IsBlank(string line) => line.AsSpan().TrimStart() is [] or ['%', ..];

    private static void AddRow(string line, List<ArffAttribute> attributes, TableBatchBuilder rows, string name, int number)
    {
        var tokens = new ArffTokens(line.Trim());
        if (tokens.Take('{'))
        {
            AddSparseRow(tokens, attributes, rows, name, number);
            return;
        }

        for (var i = 0; i < attributes.Count; i++)
        {
            if (i > 0 && !tokens.TakeComma())
            {
                throw Broken(name, number, $"found {i} values; expected {attributes.Count}");
            }

            var (text, isQuoted) = tokens.Value(name, number);
            Append(attributes[i], rows.Columns[i], text, isQuoted, name, number);
        }

        // What may follow is a row's weight.
        if (!tokens.IsAtEnd && !(tokens.TakeComma() && tokens.Take('{')))
        {
            throw Broken(name, number, $"found more than {attributes.Count} values");
        }

        rows.CompleteRow();
    }

    private static void AddSparseRow(
        ArffTokens tokens, List<ArffAttribute> attributes, TableBatchBuilder rows, string name, int number)
    {
        var next = 0;
        while (!tokens.Take('}'))
        {
            if (next > 0)
            {
                tokens.TakeComma();
            }

            var (position, _) = tokens.Value(name, number);
            if (!int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                || index < next || index >= attributes.Count)
            {
                throw Broken(name, number, $"a sparse row's indexes must ascend from 0 to {attributes.Count - 1}");
            }

            for (; next < index; next++)
            {
                AppendDefault(attributes[next], rows.Columns[next]);
            }

            var (text, isQuoted) = tokens.Value(name, number);
            Append(attributes[next], rows.Columns[next], text, isQuoted, name, number);
            next++;
        }

        for (; next < attributes.Count; next++)
        {
            AppendDefault(attributes[next], rows.Columns[next]);
        }

        rows.CompleteRow();
    }

    private static void AppendDefault(ArffAttribute attribute, ColumnBuilder column)
    {
        var text = attribute.Field.Categories is { Levels: [var first, ..] } ? first : "0";
        if (attribute.Field.Type is not (ColumnType.Double or ColumnType.Int64) && !attribute.Field.IsCategorical)
        {
            column.AppendNull();
        }
        else
        {
            column.TryAppendText(Encoding.UTF8.GetBytes(text));
        }
    }

    private static void Append(
        ArffAttribute attribute, ColumnBuilder column, string text, bool isQuoted, string name, int number)
    {
        if (text == "?" && !isQuoted)
        {
            column.AppendNull();
        }
        else if (column is DateTimeColumnBuilder dates && attribute.DateFormat is { } format
            && DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            dates.Append(date.Ticks);
        }
        else if (!column.TryAppendText(Encoding.UTF8.GetBytes(text)))
        {
            throw Broken(
                name,
                number,
                attribute.Field.IsCategorical
                    ? $"the value of '{attribute.Field.Name}' is none of its {attribute.Field.Categories!.Levels.Length} levels"
                    : $"the value of '{attribute.Field.Name}' is no {attribute.Field.Type}");
        }
    }

    internal static TableFormatException Broken(string name, int line, string why) =>
        new(ErrorCode.ArffInvalid, $"{name}, line {line}: {why}.", new TableLocation(line, 0));
}
