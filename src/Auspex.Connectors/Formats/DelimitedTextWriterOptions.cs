using Auspex.Connectors.Formats.Compression;

namespace Auspex.Connectors.Formats;

/// <summary>How a table is written as delimited text, in UTF-8 without byte-order mark. Immutable; change with <c>with</c>.</summary>
public sealed record DelimitedTextWriterOptions
{
    /// <summary>Comma-separated, with a header row.</summary>
    public static DelimitedTextWriterOptions Csv { get; } = new();

    /// <summary>Tab-separated, with a header row.</summary>
    public static DelimitedTextWriterOptions Tsv { get; } = new() { Delimiter = "\t" };

    /// <summary>What to call the file in messages.</summary>
    public string Name { get; init; } = "the text";

    /// <summary>What stands between fields.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Encloses fields that hold delimiters, line ends or quotes; null refuses to write such fields.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>Stands before a quote inside a field; the quote itself doubles it.</summary>
    public char Escape { get; init; } = '"';

    /// <summary>Whether the first row names the columns; a table without rows has it too.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>The line end.</summary>
    public string NewLine { get; init; } = "\n";

    /// <summary>What a missing value is written as; an empty text is written as <c>""</c>.</summary>
    public string NullText { get; init; } = "";

    /// <summary>Whether texts are enclosed in quotes whether they need it or not.</summary>
    public bool QuoteAllText { get; init; }

    /// <summary>Options for a file by its extension: <c>.tsv</c> is tab-separated, anything else comma-separated. An ending of packed files is passed over.</summary>
    public static DelimitedTextWriterOptions ForPath(string path) =>
        (TextCompression.ForPath(path).Plain.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? Tsv : Csv) with { Name = path };
}
