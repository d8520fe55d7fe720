using System.Text.RegularExpressions;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Modules.Splitting;

/// <summary>The Regular Expression mode: <c>\"column" pattern</c>. A pattern may match anywhere in the value's text.</summary>
internal sealed class PatternCondition
{
    private static readonly TimeSpan LongestMatch = TimeSpan.FromSeconds(1);

    private readonly int _column;
    private readonly string _name;
    private readonly Regex _pattern;

    private PatternCondition(int column, string name, Regex pattern)
    {
        _column = column;
        _name = name;
        _pattern = pattern;
    }

    /// <exception cref="ModuleException">Error 2: the expression is malformed. Error 1: its column is not in the table.</exception>
    public static PatternCondition Parse(string expression, TableSchema schema)
    {
        var (column, rest) = ColumnOperand.Parse(expression, schema);
        var pattern = rest.Trim();
        if (pattern.Length == 0)
        {
            throw new ModuleException(2, $"The expression '{expression}' has no pattern behind its column.");
        }

        try
        {
            return new PatternCondition(
                column, schema.Fields[column].Name, new Regex(pattern, RegexOptions.CultureInvariant, LongestMatch));
        }
        catch (RegexParseException exception)
        {
            throw new ModuleException(2, $"'{pattern}' is no regular expression: {exception.Message.TrimEnd('.')}. Correct it.", exception);
        }
    }

    /// <summary>Whether each row matches; missing values never do.</summary>
    public bool[] Test(TableBatch table, CancellationToken cancellationToken)
    {
        var column = table.Columns[_column];
        var isMatch = new bool[table.RowCount];
        try
        {
            if (column is CategoryColumn categories)
            {
                var levels = categories.Domain.Levels.Select(level => _pattern.IsMatch(level)).ToArray();
                for (var row = 0; row < isMatch.Length; row++)
                {
                    isMatch[row] = !column.IsNull(row) && levels[categories.Values[row]];
                }

                return isMatch;
            }

            for (var row = 0; row < isMatch.Length; row++)
            {
                if ((row & 0xFFF) == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                }

                isMatch[row] = ColumnText.Text(column, row, CellFormat.File) is { } text && _pattern.IsMatch(text);
            }

            return isMatch;
        }
        catch (RegexMatchTimeoutException exception)
        {
            throw new ModuleException(
                39,
                $"The regular expression takes more than {LongestMatch.TotalSeconds} s for a value of column '{_name}'; "
                + "write it with less nesting of repetitions.",
                exception);
        }
    }
}
