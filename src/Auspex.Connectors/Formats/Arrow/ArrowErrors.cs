using Auspex.Errors;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>Words what is wrong with an Arrow file.</summary>
internal static class ArrowErrors
{
    public static TableFormatException? Translate(Exception failure, string name, long position) => failure switch
    {
        EndOfStreamException => new TableFormatException(
            ErrorCode.DamagedTableFile,
            $"{name}: found the end of the Arrow data at byte {position}; expected them to go on to their closing mark. The file is cut off; write or copy it again.",
            inner: failure),
        BlockTooLargeException large => new TableFormatException(
            ErrorCode.TableBlockTooLarge,
            $"{name}: found a record batch before byte {position} whose columns take {large.Bytes} bytes; expected at most {large.Most}. Write the file in smaller batches.",
            inner: failure),
        NotSupportedException => new TableFormatException(
            ErrorCode.UnsupportedTableFile,
            $"{name}: these Arrow data are not supported: {failure.Message}.",
            inner: failure),
        InvalidDataException or OverflowException => new TableFormatException(
            ErrorCode.DamagedTableFile,
            $"{name}: found damaged Arrow data before byte {position}: {failure.Message}. Write or copy the file again.",
            inner: failure),
        _ => null,
    };
}
