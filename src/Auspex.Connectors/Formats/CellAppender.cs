using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Reads cells as values of their columns: what is missing, what is empty, what is no value of the type.</summary>
internal sealed class CellAppender
{
    private readonly byte[][] _markers;
    private readonly DelimitedTextOptions _options;
    private readonly ColumnBinding _binding;

    public CellAppender(ColumnBinding binding, DelimitedTextOptions options)
    {
        _binding = binding;
        _options = options;
        _markers = Encode(options);
        HasNumericMarkers = _markers.Any(marker => CellParser.TryParseDouble(marker, out _));
    }

    /// <summary>Whether a text that is a number may stand for a missing value.</summary>
    public bool HasNumericMarkers { get; }

    public static byte[][] Encode(DelimitedTextOptions options) =>
        [.. options.MissingMarkers.Select(System.Text.Encoding.UTF8.GetBytes)];

    public static bool IsMarker(ReadOnlySpan<byte> text, byte[][] markers)
    {
        var trimmed = CellParser.Trim(text);
        foreach (var marker in markers)
        {
            if (trimmed.SequenceEqual(marker))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Appends a cell; false, with nothing appended, when its text is no value of the column's type.</summary>
    public bool TryAppend(ColumnBuilder builder, ReadOnlySpan<byte> text, bool isQuoted)
    {
        if (text.IsEmpty)
        {
            if (!(_options.EmptyIsText || (isQuoted && _options.QuotedEmptyIsText))
                || builder is not (StringColumnBuilder or CodedTextBuilder)
                || !builder.TryAppendText(default))
            {
                builder.AppendNull();
            }

            return true;
        }

        if (_markers.Length > 0 && IsMarker(text, _markers))
        {
            builder.AppendNull();
            return true;
        }

        if (builder.TryAppendText(text))
        {
            return true;
        }

        // Blanks are a missing value wherever they cannot be a text; so is a level that the column does not have.
        if (builder is not CategoryColumnBuilder && !CellParser.Trim(text).IsEmpty)
        {
            return false;
        }

        builder.AppendNull();
        return true;
    }

    /// <summary>Says that a cell is no value of its column's type.</summary>
    /// <param name="column">Of the columns that are read.</param>
    public RowFault WrongType(int column)
    {
        var field = _binding.Schema.Fields[column];
        var cause = _binding.IsInferred[column]
            ? $" The type was inferred from the first {_options.InferenceRows} rows; give the column's type, or infer from the whole file."
            : "";
        return new RowFault(
            ErrorCode.WrongCellType, $"column '{field.Name}': found text that is no {field.Type}.{cause}", field.Name);
    }
}
