using System.Collections.Immutable;
using Auspex.Connectors.Formats.Compression;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>The kinds of table files.</summary>
public enum TableFileKind
{
    /// <summary>Fields between delimiters, a row a line: <c>.csv</c>, <c>.tsv</c>, also packed (<c>.csv.gz</c>, <c>.tsv.zst</c>).</summary>
    DelimitedText,

    /// <summary>Apache Parquet: <c>.parquet</c>.</summary>
    Parquet,

    /// <summary>Arrow's file format: <c>.arrow</c>, <c>.feather</c>.</summary>
    Arrow,

    /// <summary>Arrow's streaming format: <c>.arrows</c>.</summary>
    ArrowStream,

    /// <summary>Attribute-relation file format: <c>.arff</c>. Read and written whole.</summary>
    Arff,
}

/// <summary>The format of a table file, as its name says.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Compression">How the whole file is packed.</param>
public sealed record TableFileFormat(TableFileKind Kind, FileCompression Compression = FileCompression.None)
{
    private static readonly (string Extension, TableFileKind Kind)[] Kinds =
    [
        (".csv", TableFileKind.DelimitedText),
        (".tsv", TableFileKind.DelimitedText),
        (".parquet", TableFileKind.Parquet),
        (".arrow", TableFileKind.Arrow),
        (".feather", TableFileKind.Arrow),
        (".arrows", TableFileKind.ArrowStream),
        (".arff", TableFileKind.Arff),
    ];

    private static readonly string[] Packed = [".gz", ".zst"];

    /// <summary>The extensions known, packed ones included.</summary>
    public static ImmutableArray<string> Extensions { get; } =
    [
        .. Kinds.Select(known => known.Extension),
        .. Kinds.Where(known => known.Kind == TableFileKind.DelimitedText)
            .SelectMany(known => Packed.Select(ending => known.Extension + ending)),
    ];

    /// <summary>Whether this is delimited text that is not packed.</summary>
    public bool IsPlainText => Kind == TableFileKind.DelimitedText && Compression == FileCompression.None;

    /// <summary>Whether tables of this format are read and written batch by batch.</summary>
    public bool IsStreamed => Kind != TableFileKind.Arff;

    /// <summary>The format that a file's name says, ignoring case; null when it says none.</summary>
    /// <param name="path">A path or name.</param>
    public static TableFileFormat? Find(string path)
    {
        var (compression, plain) = TextCompression.ForPath(path);
        foreach (var (extension, kind) in Kinds)
        {
            if (plain.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                // The other formats compress their own blocks; packed as a whole they could not be read in parts.
                return compression == FileCompression.None || kind == TableFileKind.DelimitedText
                    ? new TableFileFormat(kind, compression)
                    : null;
            }
        }

        return null;
    }

    /// <summary>The format that a file's name says, ignoring case.</summary>
    /// <exception cref="TableFormatException">It says none.</exception>
    public static TableFileFormat ForPath(string path) => Find(path) ?? throw new TableFormatException(
        ErrorCode.UnknownTableFormat,
        $"{path}: found no table format for this file name; expected one that ends in {string.Join(", ", Extensions)}.");
}
