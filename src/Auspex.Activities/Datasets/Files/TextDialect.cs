using Auspex.Connectors.Formats;
using Auspex.Definitions;

namespace Auspex.Activities.Datasets.Files;

/// <summary>Reads the properties of a <c>DelimitedText</c> dataset.</summary>
internal static class TextDialect
{
    /// <summary>How its files are read: every column is text, columns without names are <c>Prop_0</c>, <c>Prop_1</c> and so on.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="formatSettings">The <c>formatSettings</c> of the source.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    public static DelimitedTextOptions ReadOptions(ResolvedDataset dataset, PropertyReader formatSettings, string fileName)
    {
        var rowDelimiter = Unescaped(dataset, "rowDelimiter");
        if (rowDelimiter is { Length: > 0 } and not ("\n" or "\r" or "\r\n"))
        {
            throw ActivityFailures.Unsupported(
                $"The rowDelimiter of dataset '{dataset.Name}' is not supported for reading; supported are \\n, \\r and \\r\\n.");
        }

        var quote = Mark(dataset, "quoteChar", '"');
        var nullValue = dataset.Text("nullValue") ?? "";
        var treatsEmptyAsNull = dataset.TypeProperties.BooleanMember("treatEmptyAsNull") ?? nullValue.Length == 0;
        return DelimitedTextOptions.Csv with
        {
            Name = fileName,
            Delimiter = Delimiter(dataset),
            Quote = quote,
            Escape = EscapeOf(dataset, quote),
            HasHeader = HasHeader(dataset),
            GeneratedName = "Prop_",
            FirstGeneratedNumber = 0,
            EncodingName = dataset.Text("encodingName"),
            SkipLines = (int)(formatSettings.Integer("skipLineCount", 0, int.MaxValue)
                ?? dataset.TypeProperties.IntegerMember("skipLineCount") ?? 0),
            MissingMarkers = nullValue.Length > 0 ? [nullValue] : [],
            EmptyIsText = !treatsEmptyAsNull,
            QuotedEmptyIsText = true,
            FillShortRows = true,
            AllText = true,
        };
    }

    /// <summary>How its files are written.</summary>
    /// <param name="dataset">The dataset.</param>
    /// <param name="formatSettings">The <c>formatSettings</c> of the sink.</param>
    /// <param name="fileName">The file's name, for messages.</param>
    public static DelimitedTextWriterOptions WriteOptions(ResolvedDataset dataset, PropertyReader formatSettings, string fileName)
    {
        var quote = Mark(dataset, "quoteChar", '"');
        return DelimitedTextWriterOptions.Csv with
        {
            Name = fileName,
            Delimiter = Delimiter(dataset),
            Quote = quote,
            Escape = EscapeOf(dataset, quote),
            HasHeader = HasHeader(dataset),
            NewLine = Unescaped(dataset, "rowDelimiter") is { Length: > 0 } newLine ? newLine : "\r\n",
            NullText = dataset.Text("nullValue") ?? "",
            QuoteAllText = formatSettings.Boolean("quoteAllText", false),
        };
    }

    /// <summary>Whether the first row names the columns.</summary>
    public static bool HasHeader(ResolvedDataset dataset) =>
        dataset.TypeProperties.Member("firstRowAsHeader") is { } written
        && (written.AsBoolean() ?? throw dataset.Wrong("firstRowAsHeader", "true or false"));

    private static string Delimiter(ResolvedDataset dataset) =>
        Unescaped(dataset, "columnDelimiter") is { Length: > 0 } delimiter
            ? delimiter.AsSpan().IndexOfAny('\r', '\n') < 0 ? delimiter : throw dataset.Wrong("columnDelimiter", "characters without line ends")
            : ",";

    private static char EscapeOf(ResolvedDataset dataset, char? quote) =>
        Mark(dataset, "escapeChar", '\\') ?? quote ?? '"';

    private static char? Mark(ResolvedDataset dataset, string property, char absent)
    {
        if (Unescaped(dataset, property) is not { } text)
        {
            return absent;
        }

        return text.Length == 0 ? null
            : text.Length == 1 && char.IsAscii(text[0]) ? text[0]
            : throw dataset.Wrong(property, "one ASCII character, or no text for none");
    }

    // Some files write the escape itself: "\\n" in JSON is a backslash and an n.
    private static string? Unescaped(ResolvedDataset dataset, string property) => dataset.Text(property)?
        .Replace("\\r", "\r", StringComparison.Ordinal)
        .Replace("\\n", "\n", StringComparison.Ordinal)
        .Replace("\\t", "\t", StringComparison.Ordinal);
}
