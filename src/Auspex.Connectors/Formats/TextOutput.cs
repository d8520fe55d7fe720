namespace Auspex.Connectors.Formats;

/// <summary>Writes text in other encodings than UTF-8.</summary>
public static class TextOutput
{
    /// <summary>A stream that takes UTF-8 and writes it on in an encoding.</summary>
    /// <param name="stream">Where the text goes; the same is returned for UTF-8, else it is closed with the returned one.</param>
    /// <param name="encodingName">Any name that .NET knows; null for UTF-8 without byte-order mark.</param>
    /// <param name="file">What to call the file in messages.</param>
    /// <exception cref="TableFormatException">The name is unknown.</exception>
    public static Stream Encode(Stream stream, string? encodingName, string file) => TextEncodings.Encode(stream, encodingName, file);
}
