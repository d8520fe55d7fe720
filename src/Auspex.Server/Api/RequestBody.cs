using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace Auspex.Server.Api;

/// <summary>A request's whole body as UTF-8, without a byte order mark, in a rented buffer.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int EscapeLength = 6;

    private byte[] _buffer;
    private readonly int _start;
    private readonly int _length;

    private RequestBody(byte[] buffer, int start, int length)
    {
        _buffer = buffer;
        _start = start;
        _length = length;
    }

    /// <summary>Valid until disposal.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(_start, _length);

    /// <summary>Reads to the end of the body.</summary>
    /// <exception cref="ServiceErrorException">413: larger than the limit; 400: not UTF-8.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext context, int limitInBytes)
    {
        var announced = context.Request.ContentLength ?? 0;
        if (announced > limitInBytes)
        {
            throw ServiceErrors.PayloadTooLarge(limitInBytes);
        }

        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(4096, (int)announced + 1));
        var length = 0;
        try
        {
            while (true)
            {
                var read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length > limitInBytes)
                {
                    throw ServiceErrors.PayloadTooLarge(limitInBytes);
                }

                if (length == announced)
                {
                    // Asking once more would only tell that there is no more.
                    break;
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.CopyTo(larger, 0);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }

            var start = buffer.AsSpan(0, length).StartsWith("\uFEFF"u8) ? 3 : 0;
            var text = buffer.AsSpan(start, length - start);
            if (!Utf8.IsValid(text))
            {
                throw ServiceErrors.RequestBodyInvalid("The request body is not UTF-8 text.");
            }

            if (HasHalfSurrogates(text))
            {
                throw ServiceErrors.RequestBodyInvalid("The request body has an escape that is half of a surrogate pair.");
            }

            var body = new RequestBody(buffer, start, length - start);
            buffer = [];
            return body;
        }
        finally
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    // JSON readers find these only when a text is read, and then throw what looks like a mistake of ours.
    private static bool HasHalfSurrogates(ReadOnlySpan<byte> text)
    {
        var position = 0;
        while (text[position..].IndexOf((byte)'\\') is var next and >= 0)
        {
            position += next;
            var escape = text[position..];
            if (CodeUnit(escape) is not { } unit || !char.IsSurrogate(unit))
            {
                position += Math.Min(2, escape.Length);
                continue;
            }

            if (!char.IsHighSurrogate(unit) || CodeUnit(escape[EscapeLength..]) is not { } low || !char.IsLowSurrogate(low))
            {
                return true;
            }

            position += 2 * EscapeLength;
        }

        return false;
    }

    private static char? CodeUnit(ReadOnlySpan<byte> escape) =>
        escape.Length >= EscapeLength
        && escape[0] == '\\'
        && escape[1] == 'u'
        && ushort.TryParse(escape[2..EscapeLength], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? (char)unit
            : null;

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
