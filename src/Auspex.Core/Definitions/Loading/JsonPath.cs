using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>Paths such as <c>$.properties.activities[0]['odd name']</c>: built, taken from a node, taken apart.</summary>
internal static class JsonPath
{
    public const string Root = "$";

    public static string Member(string path, string name)
    {
        var plain = name.Length > 0 && name.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '$');
        return plain
            ? $"{path}.{name}"
            : $"{path}['{name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}']";
    }

    public static string Element(string path, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

    /// <summary>The path of a node from the root of the tree that it hangs in.</summary>
    public static string Of(JsonNode node)
    {
        if (node.Parent is not { } parent)
        {
            return Root;
        }

        var above = Of(parent);
        return parent is JsonArray ? Element(above, node.GetElementIndex()) : Member(above, node.GetPropertyName());
    }

    /// <summary><paramref name="path"/> as seen from where the tree of <paramref name="root"/> hangs.</summary>
    public static string Join(string root, string path) => path == Root ? root : root + path[Root.Length..];

    /// <summary>The steps of a path: a member's name (text) or an element's index (number).</summary>
    public static List<object> Split(string path)
    {
        var steps = new List<object>();
        var at = path.StartsWith(Root, StringComparison.Ordinal) ? Root.Length : 0;
        while (at < path.Length)
        {
            if (path[at] == '.')
            {
                var end = at + 1;
                while (end < path.Length && path[end] is not ('.' or '['))
                {
                    end++;
                }

                steps.Add(path[(at + 1)..end]);
                at = end;
            }
            else if (path.AsSpan(at).StartsWith("['"))
            {
                steps.Add(Quoted(path, at + 2, out at));
            }
            else
            {
                var end = path.IndexOf(']', at);
                if (path[at] != '[' || end < 0
                    || !int.TryParse(path.AsSpan(at + 1, end - at - 1), CultureInfo.InvariantCulture, out var index))
                {
                    return steps;
                }

                steps.Add(index);
                at = end + 1;
            }
        }

        return steps;
    }

    private static string Quoted(string path, int at, out int next)
    {
        var name = new StringBuilder();
        while (at < path.Length && path[at] != '\'')
        {
            if (path[at] == '\\' && at + 1 < path.Length)
            {
                at++;
            }

            name.Append(path[at++]);
        }

        next = Math.Min(path.Length, at + 2);
        return name.ToString();
    }
}
