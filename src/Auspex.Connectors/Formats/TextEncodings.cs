using System.Text;
using Auspex.Connectors.Files;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Turns a text file of any encoding into a stream of UTF-8 without byte-order mark.</summary>
internal static class TextEncodings
{
    private const int LongestMark = 4;

    /// <summary>A stream of UTF-8, and how many bytes of the file came before it; bytes and offsets agree only if <c>IsUtf8</c>.</summary>
    public sealed record Decoded(Stream Utf8, int MarkLength, bool IsUtf8);

    /// <summary>Looks at the first bytes: a mark decides, else the name does, else it is UTF-8.</summary>
    /// <exception cref="TableFormatException">The name is unknown.</exception>
    public static async Task<Decoded> DecodeAsync(Stream stream, string? encodingName, string file, CancellationToken cancellationToken)
    {
        var first = new byte[LongestMark];
        var count = await stream.ReadAtLeastAsync(first, LongestMark, throwOnEndOfStream: false, cancellationToken);
        var (marked, markLength) = Detect(first.AsSpan(0, count));
        var encoding = marked ?? Find(encodingName, file);
        var rest = new PrefixedStream(first.AsMemory(markLength, count - markLength), stream);
        return encoding is UTF8Encoding
            ? new Decoded(rest, markLength, true)
            : new Decoded(Encoding.CreateTranscodingStream(rest, encoding, new UTF8Encoding(false)), markLength, false);
    }

    private static (Encoding? Encoding, int Length) Detect(ReadOnlySpan<byte> first) => first switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
        [0xFF, 0xFE, 0, 0] => (new UTF32Encoding(false, false, throwOnInvalidCharacters: true), 4),
        [0, 0, 0xFE, 0xFF] => (new UTF32Encoding(true, false, throwOnInvalidCharacters: true), 4),
        [0xFF, 0xFE, ..] => (new UnicodeEncoding(false, false, throwOnInvalidBytes: true), 2),
        [0xFE, 0xFF, ..] => (new UnicodeEncoding(true, false, throwOnInvalidBytes: true), 2),
        _ => (null, 0),
    };

    /// <summary>A stream that takes UTF-8 and writes it on in an encoding; UTF-8 itself, without byte-order mark, when none is named.</summary>
    /// <exception cref="TableFormatException">The name is unknown.</exception>
    public static Stream Encode(Stream stream, string? encodingName, string file) =>
        Find(encodingName, file) is var encoding && encoding is UTF8Encoding
            ? stream
            : Encoding.CreateTranscodingStream(stream, encoding, new UTF8Encoding(false));

    private static Encoding Find(string? name, string file)
    {
        if (string.IsNullOrEmpty(name)
            || name.Equals("UTF8", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("UTF-8 ", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8;
        }

        // "Unicode" is .NET's and Studio's word for UTF-16 with the low byte first.
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(
                    name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException unknown)
        {
            throw new TableFormatException(
                ErrorCode.UnknownEncoding,
                $"{file}: found encoding '{name}'; expected a name that .NET knows, such as utf-8, utf-16, us-ascii or windows-1252.",
                inner: unknown);
        }
    }

    /// <summary>A stream with bytes that were read from it already put before it.</summary>
    internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream inner, bool leaveOpen = false) : ForwardReadStream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;

        public override int Read(Span<byte> buffer) => _prefix.IsEmpty ? inner.Read(buffer) : Take(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _prefix.IsEmpty ? inner.ReadAsync(buffer, cancellationToken) : ValueTask.FromResult(Take(buffer.Span));

        public override async ValueTask DisposeAsync()
        {
            if (!leaveOpen)
            {
                await inner.DisposeAsync();
            }

            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !leaveOpen)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private int Take(Span<byte> buffer)
        {
            var length = Math.Min(buffer.Length, _prefix.Length);
            _prefix.Span[..length].CopyTo(buffer);
            _prefix = _prefix[length..];
            return length;
        }
    }
}
