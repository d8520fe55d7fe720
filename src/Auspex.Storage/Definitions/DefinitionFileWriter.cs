using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Storage.Files;

namespace Auspex.Storage.Definitions;

/// <summary>Writes and removes definitions' files so that a crash leaves the file as it was or as it is to be.</summary>
internal static class DefinitionFileWriter
{
    private const int DefaultIndent = 4;

    /// <summary>Writes a file as Studio writes git files: indented, and in the indentation that the file had before.</summary>
    public static void Write(string file, JsonObject source)
    {
        var folder = Path.GetDirectoryName(file)!;
        Directory.CreateDirectory(folder);
        var (indent, width, newLine) = File.Exists(file) ? StyleOf(File.ReadAllText(file)) : (' ', DefaultIndent, "\n");

        // Hidden and without the ending of definitions: nobody takes it for one, not even after a crash.
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                var options = new JsonWriterOptions
                {
                    Indented = true,
                    IndentCharacter = indent,
                    IndentSize = width,
                    NewLine = newLine,
                    Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                };
                using (var writer = new Utf8JsonWriter(stream, options))
                {
                    source.WriteTo(writer);
                }

                stream.Write(newLine == "\n" ? "\n"u8 : "\r\n"u8);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        DirectoryFlush.Flush(folder);
    }

    public static void Delete(string file)
    {
        File.Delete(file);
        DirectoryFlush.Flush(Path.GetDirectoryName(file)!);
    }

    private static (char Indent, int Width, string NewLine) StyleOf(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var newLine = end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
        var first = end < 0 ? [] : text.AsSpan(end + 1);
        var width = first.IndexOfAnyExcept(first is ['\t', ..] ? '\t' : ' ');
        return width is > 0 and <= 8 ? (first[0], width, newLine) : (' ', DefaultIndent, newLine);
    }
}
