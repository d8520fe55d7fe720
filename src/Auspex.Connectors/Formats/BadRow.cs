using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>A row that cannot be read: what is wrong and where.</summary>
/// <param name="Code">What is wrong: wrong number of fields, a value of another type, quotes, bytes that are no text.</param>
/// <param name="Message">What the exception would say; holds no value of the row.</param>
/// <param name="Reason">The message without file, row and offset.</param>
/// <param name="Location">Row, byte offset, and the column where one is to blame.</param>
/// <param name="Record">The row's bytes as they stand in the file, without the line end; valid during the call only.</param>
public sealed record BadRow(ErrorCode Code, string Message, string Reason, TableLocation Location, ReadOnlyMemory<byte> Record);

/// <summary>What to do about a bad row.</summary>
public enum BadRowAction
{
    /// <summary>Stop with a <see cref="TableFormatException"/>.</summary>
    Fail,

    /// <summary>Leave the row out and go on.</summary>
    Skip,
}
