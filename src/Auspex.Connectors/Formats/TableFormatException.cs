using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>A text or file that is not the table it should be. The message names the place, never the value found there.</summary>
/// <param name="code">What is wrong.</param>
/// <param name="message">Found, expected, where, and what to do.</param>
/// <param name="location">Where; null when the file as a whole is wrong.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class TableFormatException(
    ErrorCode code, string message, TableLocation? location = null, Exception? inner = null)
    : AuspexException(code, message, inner)
{
    /// <summary>Where; null when the file as a whole is wrong.</summary>
    public TableLocation? Location { get; } = location;
}

/// <summary>A place in a text file.</summary>
/// <param name="Row">The data row, from 1; the header is 0. Rows that were skipped count.</param>
/// <param name="Offset">The byte at which the row begins, from 0. In files that are not UTF-8 it counts bytes of the text as UTF-8.</param>
/// <param name="Column">The column's name; null when the whole row is meant.</param>
public sealed record TableLocation(long Row, long Offset, string? Column = null);
