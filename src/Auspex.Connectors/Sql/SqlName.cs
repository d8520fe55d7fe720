using System.Text;

namespace Auspex.Connectors.Sql;

/// <summary>A table's name as people write it, taken apart.</summary>
internal static class SqlName
{
    private const int MostParts = 3;

    /// <summary>The parts between points; brackets, quotes and backticks enclose parts that hold points, and are doubled inside.</summary>
    /// <exception cref="SqlTableException">A part is empty or not closed, or there are more than three.</exception>
    public static IReadOnlyList<string> Parse(string name)
    {
        var parts = new List<string>();
        var position = 0;
        while (true)
        {
            parts.Add(TakePart(name, ref position));
            if (position == name.Length)
            {
                break;
            }

            if (name[position] != '.')
            {
                throw Malformed(name);
            }

            position++;
        }

        return parts.Count <= MostParts && parts.TrueForAll(part => part.Length > 0 && !part.Contains('\0', StringComparison.Ordinal))
            ? parts
            : throw Malformed(name);
    }

    private static string TakePart(string name, ref int position)
    {
        var open = position < name.Length ? name[position] : '\0';
        var close = open switch { '[' => ']', '"' => '"', '`' => '`', _ => '\0' };
        if (close == '\0')
        {
            var point = name.IndexOf('.', position);
            var end = point < 0 ? name.Length : point;
            var plain = name[position..end].Trim();
            position = end;
            return plain;
        }

        var part = new StringBuilder();
        for (position++; position < name.Length; position++)
        {
            if (name[position] == close)
            {
                if (position + 1 < name.Length && name[position + 1] == close)
                {
                    position++;
                }
                else
                {
                    position++;
                    return part.ToString();
                }
            }

            part.Append(name[position]);
        }

        throw Malformed(name);
    }

    private static SqlTableException Malformed(string name) => new(
        SqlTableError.Settings, $"Found table name '{name}'; expected table, schema.table or database.schema.table, each part not empty.");
}
