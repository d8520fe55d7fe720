using Auspex.Errors;
using ParquetSharp;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>Makes the exceptions of the Parquet library ours.</summary>
internal static class ParquetErrors
{
    public static TableFormatException? Translate(Exception failure, string name, string where) => failure switch
    {
        EndOfStreamException => new TableFormatException(
            ErrorCode.DamagedTableFile,
            $"{name}: {where}found the end of the file; expected its footer with the magic bytes PAR1 there. The file is cut off; write or copy it again.",
            inner: failure),
        BlockTooLargeException large => new TableFormatException(
            ErrorCode.TableBlockTooLarge,
            $"{name}: {where}found a block that unpacks to {large.Bytes} bytes; expected at most {large.Most}. Write the file in smaller pages.",
            inner: failure),
        DllNotFoundException or BadImageFormatException or TypeInitializationException => new TableFormatException(
            ErrorCode.UnsupportedTableFile,
            $"{name}: Parquet is not supported on this system, as its native library does not load here. Use a delimited text or an Arrow file.",
            inner: failure),
        NotSupportedException => new TableFormatException(
            ErrorCode.UnsupportedTableFile, $"{name}: this Parquet file is not supported: {failure.Message}.", inner: failure),
        ParquetException or InvalidDataException or OverflowException or ArgumentException => new TableFormatException(
            ErrorCode.DamagedTableFile,
            $"{name}: {where}found damaged Parquet data: {Reason(failure)}. Write or copy the file again.",
            inner: failure),
        _ => null,
    };

    /// <summary>The library's own words, without the class names before them.</summary>
    private static string Reason(Exception failure)
    {
        var text = failure.Message;
        var start = text.IndexOf("(message: '", StringComparison.Ordinal);
        if (start >= 0)
        {
            text = text[(start + "(message: '".Length)..].TrimEnd(')').TrimEnd('\'');
        }

        var line = text.IndexOf('\n', StringComparison.Ordinal);
        return (line < 0 ? text : text[..line]).TrimEnd('.', ' ');
    }
}
