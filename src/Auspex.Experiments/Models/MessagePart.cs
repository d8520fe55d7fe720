namespace Auspex.Experiments.Models;

/// <summary>Text of a file within a message.</summary>
internal static class MessagePart
{
    private const int Most = 200;

    /// <summary>The text, cut short: parsers quote what they could not read, and that may be the rest of a large file.</summary>
    public static string Short(string text) => text.Length <= Most ? text : text[..Most] + " ...";
}
