using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.DataMovement.Reading;

/// <summary>A path in a JSON document: <c>$['a']['b'][0]</c>, <c>$.a.b</c>, or relative to a place, <c>['x']</c>.</summary>
internal sealed class JsonPath
{
    private readonly List<object> _steps;

    private JsonPath(List<object> steps, bool isAbsolute) => (_steps, IsAbsolute) = (steps, isAbsolute);

    /// <summary>Whether it begins at the document, not at an element of its collection.</summary>
    public bool IsAbsolute { get; }

    /// <summary>The names on the way; null when there is an index among them.</summary>
    public IReadOnlyList<string>? Names => _steps.TrueForAll(step => step is string) ? [.. _steps.Cast<string>()] : null;

    /// <summary>A single name.</summary>
    public static JsonPath Of(string name) => new([name], false);

    /// <summary>Reads a path.</summary>
    /// <param name="text">The path.</param>
    /// <param name="activity">The activity's name, for messages.</param>
    /// <param name="where">The property that holds it, for messages.</param>
    /// <exception cref="ActivityException">It is none.</exception>
    public static JsonPath Parse(string text, string activity, string where)
    {
        var steps = new List<object>();
        var position = text.StartsWith('$') ? 1 : 0;
        while (position < text.Length)
        {
            var end = text[position] == '[' ? EndOfBracket(text, position) : -1;
            if (text[position] == '[')
            {
                var inner = end < 0 ? "" : text[(position + 1)..end].Trim();
                if (inner is ['\'', .., '\''] or ['"', .., '"'] && inner.Length >= 2)
                {
                    steps.Add(inner[1..^1].Replace("\\'", "'", StringComparison.Ordinal));
                }
                else if (int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                {
                    steps.Add(index);
                }
                else
                {
                    throw ActivityFailures.Wrong(activity, where, $"'{text}'", "a JSON path such as $['a']['b'] or $.a.b");
                }

                position = end + 1;
                continue;
            }

            position += text[position] == '.' ? 1 : 0;
            var stop = text.AsSpan(position).IndexOfAny('.', '[') is var next && next < 0 ? text.Length : position + next;
            if (stop == position)
            {
                throw ActivityFailures.Wrong(activity, where, $"'{text}'", "a JSON path such as $['a']['b'] or $.a.b");
            }

            steps.Add(text[position..stop]);
            position = stop;
        }

        return new JsonPath(steps, text.StartsWith('$'));
    }

    /// <summary>What stands there; null when there is nothing.</summary>
    public JsonNode? Select(JsonNode? node)
    {
        foreach (var step in _steps)
        {
            node = (node, step) switch
            {
                (JsonObject json, string name) => json.TryGetPropertyValue(name, out var value) ? value : null,
                (JsonArray array, int index) => index < array.Count ? array[index] : null,
                _ => null,
            };
        }

        return node;
    }

    // A bracket inside quotes belongs to the name.
    private static int EndOfBracket(string text, int start)
    {
        var quote = start + 1 < text.Length && text[start + 1] is '\'' or '"' ? text[start + 1] : '\0';
        if (quote == '\0')
        {
            return text.IndexOf(']', start);
        }

        for (var i = start + 2; i + 1 < text.Length; i++)
        {
            if (text[i] == quote && text[i + 1] == ']' && text[i - 1] != '\\')
            {
                return i + 1;
            }
        }

        return -1;
    }
}
