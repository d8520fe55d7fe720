using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>JSON read leniently.</summary>
/// <param name="Root">
/// What was read, numbers textually unchanged and members in file order; null when the text holds no value. Several values
/// one after the other become an array; members without braces become an object.
/// </param>
/// <param name="Lines">The line of each value.</param>
/// <param name="IsFragment">Whether the text was a list of members without braces, such as <c>"typeProperties": {...}</c>.</param>
public sealed record JsonText(JsonNode? Root, JsonLines Lines, bool IsFragment);

/// <summary>
/// Reads JSON as people publish it: comments, trailing commas, unquoted names, repeated names (the last one counts), raw tabs and
/// line breaks in strings, a byte order mark. What is really broken (a missing comma, a truncated file) is an error that
/// names the line, and everything readable around it is still read.
/// </summary>
public static class LenientJson
{
    /// <summary>Reads UTF-8, or UTF-16 with a byte order mark.</summary>
    public static JsonText Parse(
        ReadOnlySpan<byte> content,
        string? file,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var encoding = content switch
        {
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            _ => Encoding.UTF8,
        };
        var text = encoding.GetString(content);
        if (encoding == Encoding.UTF8 && !Utf8.IsValid(content))
        {
            var before = text.AsSpan(0, text.IndexOf('\uFFFD', StringComparison.Ordinal));
            diagnostics.Add(new Diagnostic(
                ErrorCode.InvalidUtf8,
                DiagnosticSeverity.Error,
                "The file holds bytes that are not UTF-8; each was read as U+FFFD. Save the file as UTF-8.",
                file,
                JsonPath.Root,
                before.Count('\n') + 1,
                before.Length - (before.LastIndexOf('\n') + 1) + 1));
        }

        return Parse(text, file, diagnostics);
    }

    /// <summary>Reads text.</summary>
    public static JsonText Parse(string text, string? file, ImmutableArray<Diagnostic>.Builder diagnostics) =>
        new LenientJsonReader(text, file, diagnostics).Read();
}
