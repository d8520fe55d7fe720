namespace Auspex.Experiments.Modules.Sources;

/// <summary>The file formats that data modules read and write.</summary>
internal enum TableFileKind
{
    /// <summary>Comma-separated or with another delimiter.</summary>
    Delimited,

    /// <summary>Attribute-relation file format.</summary>
    Arff,

    /// <summary>SVMLight.</summary>
    SvmLight,
}

/// <summary>How a file holds a table.</summary>
/// <param name="Kind">The format.</param>
/// <param name="Delimiter">What separates fields of delimited text.</param>
/// <param name="HasHeader">Whether delimited text begins with column names.</param>
/// <param name="Encoding">The encoding of delimited text without byte-order mark; null for UTF-8.</param>
internal sealed record TableFormat(TableFileKind Kind, string Delimiter = ",", bool HasHeader = true, string? Encoding = null)
{
    /// <summary>The format that a parameter's value names: CSV, TSV, ARFF or SvmLight.</summary>
    public static TableFormat Of(string name, bool hasHeader) => name.ToUpperInvariant() switch
    {
        "TSV" => new TableFormat(TableFileKind.Delimited, "\t", hasHeader),
        "ARFF" => new TableFormat(TableFileKind.Arff),
        "SVMLIGHT" => new TableFormat(TableFileKind.SvmLight),
        _ => new TableFormat(TableFileKind.Delimited, ",", hasHeader),
    };

    /// <summary>Whether this kind of file may lack a header row, so that a parameter says if it does.</summary>
    public static bool MayHaveHeader(string name) => name is not ("ARFF" or "SvmLight");
}
