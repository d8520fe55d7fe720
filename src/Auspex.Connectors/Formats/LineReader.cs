using System.Text;
using Auspex.Errors;

namespace Auspex.Connectors.Formats;

/// <summary>Reads a text file line by line, of any encoding that its mark or name tells; bytes that are no text are refused.</summary>
internal sealed class LineReader : IDisposable
{
    private readonly StreamReader _reader;
    private readonly string _name;

    private LineReader(StreamReader reader, string name)
    {
        _reader = reader;
        _name = name;
    }

    /// <summary>The lines read so far: the number of the last one, from 1.</summary>
    public int Line { get; private set; }

    public static async Task<LineReader> OpenAsync(
        Stream stream, string? encodingName, string name, CancellationToken cancellationToken)
    {
        var decoded = await TextEncodings.DecodeAsync(stream, encodingName, name, cancellationToken);
        return new LineReader(new StreamReader(decoded.Utf8, new UTF8Encoding(false, throwOnInvalidBytes: true), false), name);
    }

    /// <summary>The next line without its end; null behind the last.</summary>
    /// <exception cref="TableFormatException">Its bytes are no text in the file's encoding.</exception>
    public async Task<string?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            var line = await _reader.ReadLineAsync(cancellationToken);
            Line += line is null ? 0 : 1;
            return line;
        }
        catch (DecoderFallbackException exception)
        {
            throw new TableFormatException(
                ErrorCode.InvalidText,
                $"{_name}: bytes near line {Line + 1} are no text in the file's encoding; expected UTF-8, or name the encoding.",
                inner: exception);
        }
    }

    public void Dispose() => _reader.Dispose();
}
