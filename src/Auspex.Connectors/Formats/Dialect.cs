using System.Text;

namespace Auspex.Connectors.Formats;

/// <summary>Delimiter, quote and escape as bytes, checked.</summary>
internal sealed class Dialect
{
    public const byte LineFeed = (byte)'\n';
    public const byte CarriageReturn = (byte)'\r';

    public Dialect(string delimiter, char? quote, char escape)
    {
        if (delimiter.Length == 0 || delimiter.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw new ArgumentException("The delimiter is empty or holds a line end; give at least one other character.", nameof(delimiter));
        }

        if (quote is { } mark && (!char.IsAscii(mark) || mark is '\r' or '\n' or '\0' || delimiter.Contains(mark, StringComparison.Ordinal)))
        {
            throw new ArgumentException("The quote must be an ASCII character that is neither a line end nor in the delimiter.", nameof(quote));
        }

        if (!char.IsAscii(escape) || escape is '\r' or '\n' or '\0' || delimiter.Contains(escape, StringComparison.Ordinal))
        {
            throw new ArgumentException("The escape must be an ASCII character that is neither a line end nor in the delimiter.", nameof(escape));
        }

        Delimiter = Encoding.UTF8.GetBytes(delimiter);
        Quote = quote is { } q ? q : -1;
        Escape = quote is null ? -1 : escape;
    }

    public byte[] Delimiter { get; }

    /// <summary>The quote's byte, or -1.</summary>
    public int Quote { get; }

    /// <summary>The escape's byte; the quote's own where quotes are doubled; -1 where there are no quotes.</summary>
    public int Escape { get; }

    public bool HasOwnEscape => Escape != Quote;

    /// <summary>Writes the content of a quoted field without its escapes; gives the length.</summary>
    public int Unescape(ReadOnlySpan<byte> raw, Span<byte> plain)
    {
        var length = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            var current = raw[i];
            if (i + 1 < raw.Length && (current == Quote || current == Escape)
                && (raw[i + 1] == Quote || (HasOwnEscape && current == Escape && raw[i + 1] == Escape)))
            {
                i++;
                current = raw[i];
            }

            plain[length++] = current;
        }

        return length;
    }
}
