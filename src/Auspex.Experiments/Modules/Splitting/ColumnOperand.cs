using System.Globalization;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules.Selection;

namespace Auspex.Experiments.Modules.Splitting;

/// <summary>The column at the head of a splitting expression: <c>\"name"</c> (the backslash may lack) or <c>(\0)</c>, from 0.</summary>
internal static class ColumnOperand
{
    /// <summary>The column's index, and what stands behind it.</summary>
    /// <exception cref="ModuleException">Error 2: there is no column at the head. Error 1: it is not in the table.</exception>
    public static (int Index, string Behind) Parse(string expression, TableSchema schema)
    {
        var text = expression.TrimStart();
        if (text.StartsWith("(\\", StringComparison.Ordinal) && text.IndexOf(')', StringComparison.Ordinal) is var close and > 0)
        {
            if (!int.TryParse(text[2..close], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                throw Malformed(expression);
            }

            return index < schema.Fields.Length
                ? (index, text[(close + 1)..])
                : throw new ModuleException(
                    1, $"Column index {index} is not in the table, whose columns are 0 to {schema.Fields.Length - 1} in such expressions.");
        }

        var start = text.StartsWith("\\\"", StringComparison.Ordinal) ? 2 : text.StartsWith('"') ? 1 : throw Malformed(expression);

        // A name may hold quotes itself, so the longest one that the table has wins.
        for (var end = text.LastIndexOf('"'); end >= start; end = end > 0 ? text.LastIndexOf('"', end - 1) : -1)
        {
            var name = text[start..end].TrimEnd('\\');
            if (schema.IndexOf(name) is >= 0 and var index)
            {
                return (index, text[(end + 1)..]);
            }
        }

        var firstEnd = text.IndexOf('"', start);
        throw firstEnd < 0 ? Malformed(expression) : ColumnNames.NotFound(schema, text[start..firstEnd].TrimEnd('\\'));
    }

    private static ModuleException Malformed(string expression) => new(
        2, $"The expression '{expression}' does not begin with a column; expected \\\"name\" or (\\0), the first column being 0.");
}
