using System.Collections.Immutable;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Formats;

/// <summary>How a delimited text file is read. Immutable; change with <c>with</c>.</summary>
public sealed record DelimitedTextOptions
{
    /// <summary>For <see cref="InferenceRows"/>: look at every row, in a pass of its own.</summary>
    public const int WholeFile = int.MaxValue;

    /// <summary><see cref="MaxRecordBytes"/> unless told otherwise: 16 MiB.</summary>
    public const int DefaultMaxRecordBytes = 16 << 20;

    /// <summary>The largest <see cref="MaxRecordBytes"/> that has an effect, and what a buffer can hold: 512 MiB.</summary>
    public const int MostRecordBytes = 1 << 29;

    /// <summary>Comma-separated, with a header row.</summary>
    public static DelimitedTextOptions Csv { get; } = new();

    /// <summary>Tab-separated, with a header row.</summary>
    public static DelimitedTextOptions Tsv { get; } = new() { Delimiter = "\t" };

    /// <summary>What to call the file in messages, such as <c>container/folder/file.csv</c>. No secret.</summary>
    public string Name { get; init; } = "the text";

    /// <summary>What stands between fields; one character or several, without quotes and line ends.</summary>
    public string Delimiter { get; init; } = ",";

    /// <summary>Encloses fields that hold delimiters, line ends or quotes; an ASCII character; null when quotes mean nothing.</summary>
    public char? Quote { get; init; } = '"';

    /// <summary>Takes a quote's meaning inside a quoted field; a quote itself (doubled), or another ASCII character. Doubled quotes are always understood.</summary>
    public char Escape { get; init; } = '"';

    /// <summary>Whether the first row names the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>The prefix of column names that the file does not give; a number follows.</summary>
    public string GeneratedName { get; init; } = "Col";

    /// <summary>The number of the first such column.</summary>
    public int FirstGeneratedNumber { get; init; } = 1;

    /// <summary>The encoding where no byte-order mark says otherwise; null for UTF-8. Any name that .NET knows, code pages included.</summary>
    public string? EncodingName { get; init; }

    /// <summary>Lines to pass over before the header or the first row.</summary>
    public int SkipLines { get; init; }

    /// <summary>
    /// The columns wanted, in the order wanted, with their types; found by exact name, or by position where the file has no
    /// header. Null infers all columns. Other columns of the file are not parsed unless <see cref="ExtraColumns"/> says so.
    /// A text that is no level of a categorical column reads as a missing value.
    /// </summary>
    public TableSchema? Schema { get; init; }

    /// <summary>What to do with columns that <see cref="Schema"/> does not name.</summary>
    public ExtraColumns ExtraColumns { get; init; }

    /// <summary>Names of the only columns to read; null reads all.</summary>
    public ImmutableHashSet<string>? Projection { get; init; }

    /// <summary>Texts that mean a missing value besides the empty one, blanks around them ignored, such as <c>?</c>.</summary>
    public ImmutableArray<string> MissingMarkers { get; init; } = [];

    /// <summary>Whether <c>""</c> in a text column is an empty text; else it is a missing value, as an empty field is. In tables of
    /// one text column the two cannot be told apart.</summary>
    public bool QuotedEmptyIsText { get; init; }

    /// <summary>Whether an empty field of a text column is an empty text, quoted or not: for files that write missing values as a marker.</summary>
    public bool EmptyIsText { get; init; }

    /// <summary>Whether a row with fewer fields than there are columns is filled up with missing values; else it is a bad row.</summary>
    public bool FillShortRows { get; init; }

    /// <summary>Whether every column without a wanted type is text; nothing is inferred then.</summary>
    public bool AllText { get; init; }

    /// <summary>
    /// How many rows types are inferred from. A later row that does not fit is a bad row, unless the number is
    /// <see cref="WholeFile"/>, which reads the file twice. 1 or more; default 10,000.
    /// </summary>
    public int InferenceRows { get; init; } = 10_000;

    /// <summary>Most rows in a batch; default 8,192.</summary>
    public int BatchRows { get; init; } = 8192;

    /// <summary>Bytes of text after which a batch is closed; default 4 MiB. With <see cref="MaxRecordBytes"/> it bounds the memory used.</summary>
    public int BatchBytes { get; init; } = 4 << 20;

    /// <summary>The longest row in bytes; a longer one is a bad row, most often for want of a closing quote. Default 16 MiB.</summary>
    public int MaxRecordBytes { get; init; } = DefaultMaxRecordBytes;

    /// <summary><see cref="MaxRecordBytes"/> within what a buffer can hold.</summary>
    internal int LongestRecord => Math.Clamp(MaxRecordBytes, 1, MostRecordBytes);

    /// <summary>Decides about bad rows; null fails at the first.</summary>
    public Func<BadRow, BadRowAction>? OnBadRow { get; init; }

    /// <summary>The part of a file to read, from a record's first byte on; null for all of it.</summary>
    public FilePart? Part { get; init; }

    /// <summary>Options for a file by its extension: <c>.tsv</c> is tab-separated, <c>.nh.csv</c> and <c>.nh.tsv</c> have no header.</summary>
    /// <param name="path">A path or file name; also names the file in messages. An ending of packed files (<c>.gz</c>, <c>.zst</c>) is passed over.</param>
    public static DelimitedTextOptions ForPath(string path)
    {
        var plain = TextCompression.ForPath(path).Plain;
        var options = plain.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? Tsv : Csv;
        var hasHeader = !plain.EndsWith(".nh.csv", StringComparison.OrdinalIgnoreCase)
            && !plain.EndsWith(".nh.tsv", StringComparison.OrdinalIgnoreCase);
        return options with { Name = path, HasHeader = hasHeader };
    }
}

/// <summary>What to do with columns of a file that the wanted schema does not name.</summary>
public enum ExtraColumns
{
    /// <summary>Leave them out, unparsed.</summary>
    Skip,

    /// <summary>Put them after the wanted ones, with inferred types.</summary>
    Include,

    /// <summary>Refuse the file.</summary>
    Fail,
}

/// <summary>A run of whole records of a file; it never holds the header.</summary>
/// <param name="Columns">The names of the file's columns, in file order.</param>
/// <param name="Start">The byte at which its first record begins. The stream that is read begins there too.</param>
/// <param name="End">The byte after its last record.</param>
/// <param name="FirstRow">The data row at <paramref name="Start"/>, from 1.</param>
/// <param name="Rows">How many records it holds, bad ones included.</param>
public sealed record FilePart(ImmutableArray<string> Columns, long Start, long End, long FirstRow, long Rows);
