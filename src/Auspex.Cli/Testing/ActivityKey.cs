using System.Collections.Immutable;
using System.Globalization;

namespace Auspex.Cli.Testing;

/// <summary>Names activities by the end of their path: <c>Copy1</c>, <c>ForEach1/Copy1</c>, <c>ForEach1[2]/Copy1</c>.</summary>
/// <remarks>
/// A part without a number fits every iteration. Activities of a pipeline that an ExecutePipeline runs stand behind that
/// activity's name. Names ignore case.
/// </remarks>
internal sealed class ActivityKey
{
    private readonly ImmutableArray<Part> _parts;

    private ActivityKey(string text)
    {
        Text = text;
        _parts = Split(text);
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>The activity's name.</summary>
    public string Name => _parts[^1].Name;

    /// <summary>How exactly it says which activity is meant: the most exact key that fits is the one that counts.</summary>
    public int Precision => (_parts.Length * 100) + _parts.Count(part => part.Index is not null);

    public static ActivityKey Parse(string text) => new(text);

    /// <summary>Whether an activity with this path is meant.</summary>
    public bool Fits(string path)
    {
        var parts = Split(path);
        var offset = parts.Length - _parts.Length;
        return offset >= 0 && !_parts.Where((part, index) => !part.Fits(parts[offset + index])).Any();
    }

    /// <summary>A path without the iterations of some loops.</summary>
    public static string WithoutIterations(string path, Func<string, bool> ofLoop) => string.Join(
        '/', Split(path).Select(part => part.Index is { } index && !ofLoop(part.Name)
            ? string.Create(CultureInfo.InvariantCulture, $"{part.Name}[{index}]")
            : part.Name));

    private static ImmutableArray<Part> Split(string path) => [.. path.Split('/').Select(Part.Parse)];

    private readonly record struct Part(string Name, int? Index)
    {
        public static Part Parse(string text)
        {
            var bracket = text.LastIndexOf('[');
            return bracket > 0 && text.EndsWith(']')
                && int.TryParse(text.AsSpan(bracket + 1, text.Length - bracket - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? new Part(Unescape(text[..bracket]), index)
                : new Part(Unescape(text), null);
        }

        public bool Fits(Part other) =>
            Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase) && (Index is null || Index == other.Index);

        // The engine writes these in names so that paths stay unique.
        private static string Unescape(string name) => !name.Contains('~', StringComparison.Ordinal)
            ? name
            : name.Replace("~2", "[", StringComparison.Ordinal)
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
    }
}
