using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Selection;

/// <summary>Finds columns by name and makes names unique.</summary>
internal static class ColumnNames
{
    private const int ListedNames = 12;

    /// <summary>The index of a column by exact name.</summary>
    /// <exception cref="ModuleException">Error 1: there is none; the message offers the nearest name.</exception>
    public static int Find(TableSchema schema, string name)
    {
        var index = schema.IndexOf(name);
        return index >= 0 ? index : throw NotFound(schema, name);
    }

    /// <summary>Error 1 for a column that is not in the table.</summary>
    public static ModuleException NotFound(TableSchema schema, string name)
    {
        var names = schema.Fields.Select(field => field.Name).ToArray();
        var nearest = names.MinBy(candidate => Distance(candidate, name));
        var advice = nearest is not null && Distance(nearest, name) <= Math.Max(1, name.Length / 3)
            ? $"did you mean '{nearest}'? Names are case-sensitive."
            : names.Length <= ListedNames
                ? $"the table has {Listed(names)}."
                : $"the table has {names.Length} other columns.";
        return new ModuleException(1, $"Column '{name}' is not in the table; {advice}");
    }

    /// <summary>Names for a message, the first of them where there are many.</summary>
    public static string Listed(IEnumerable<string> names)
    {
        var all = names.ToArray();
        return string.Join(", ", all.Take(ListedNames).Select(name => $"'{name}'"))
            + (all.Length > ListedNames ? $" and {all.Length - ListedNames} others" : "");
    }

    /// <summary>A name that is not taken: the name itself, or with <c> (n)</c> behind it, n from <paramref name="first"/>.</summary>
    public static string MakeUnique(string name, int first, HashSet<string> taken)
    {
        var unique = name;
        for (var n = first; !taken.Add(unique); n++)
        {
            unique = $"{name} ({n})";
        }

        return unique;
    }

    // Levenshtein, where a change of case costs nothing.
    private static int Distance(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        var current = new int[right.Length + 1];
        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var same = char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]);
                current[j] = Math.Min(Math.Min(previous[j], current[j - 1]) + 1, previous[j - 1] + (same ? 0 : 1));
            }

            (previous, current) = (current, previous);
        }

        return previous[right.Length];
    }
}
