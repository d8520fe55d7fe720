namespace Auspex.Definitions.Loading;

/// <summary>On which line and in which column of a text each value of its JSON stands.</summary>
public sealed class JsonLines
{
    private Dictionary<string, JsonLines>? _members;
    private List<JsonLines>? _elements;

    internal JsonLines(int line, int column = 1)
    {
        Line = line;
        Column = column;
    }

    /// <summary>The line of this value, or of the name that stands before it; from 1.</summary>
    public int Line { get; }

    /// <summary>The column of the same place, in characters from 1.</summary>
    public int Column { get; }

    /// <summary>The line of a path such as <c>$.properties.type</c>; where that does not exist, of the nearest thing around it.</summary>
    public int Find(string path) => FindPlace(path).Line;

    /// <summary>Line and column of a path; where that does not exist, of the nearest thing around it.</summary>
    internal JsonLines FindPlace(string path)
    {
        TryFind(path, out var found);
        return found;
    }

    /// <summary>Whether there is something at exactly this path.</summary>
    internal bool Contains(string path) => TryFind(path, out _);

    internal JsonLines AddMember(string name, int line, int column) =>
        (_members ??= new Dictionary<string, JsonLines>(StringComparer.Ordinal))[name] = new JsonLines(line, column);

    internal JsonLines AddElement(int line, int column) => Add(new JsonLines(line, column));

    internal JsonLines Add(JsonLines element)
    {
        (_elements ??= []).Add(element);
        return element;
    }

    private bool TryFind(string path, out JsonLines found)
    {
        found = this;
        foreach (var step in JsonPath.Split(path))
        {
            var next = step switch
            {
                string name => found._members?.GetValueOrDefault(name),
                int index when index < found._elements?.Count => found._elements[index],
                _ => null,
            };
            if (next is null)
            {
                return false;
            }

            found = next;
        }

        return true;
    }
}
