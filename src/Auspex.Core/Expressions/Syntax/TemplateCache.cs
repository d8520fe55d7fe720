using System.Collections.Concurrent;

namespace Auspex.Expressions.Syntax;

/// <summary>Parsed strings by their text: a ForEach evaluates the same few strings for each of its items.</summary>
internal static class TemplateCache
{
    // A large factory has a few thousand different strings; beyond that the texts are made up at run time.
    private const int EntryLimit = 8192;
    private const int TextLengthLimit = 16 * 1024;

    private static readonly ConcurrentDictionary<string, Template> Templates = new(StringComparer.Ordinal);
    private static int _count;

    public static Template Get(string text)
    {
        if (Templates.TryGetValue(text, out var template))
        {
            return template;
        }

        template = TemplateParser.Parse(text);
        if (text.Length <= TextLengthLimit && Templates.TryAdd(text, template)
            && Interlocked.Increment(ref _count) >= EntryLimit)
        {
            // Starting anew is simpler than tracking use, and costs one parse per string every few thousand strings.
            Interlocked.Exchange(ref _count, 0);
            Templates.Clear();
        }

        return template;
    }
}
