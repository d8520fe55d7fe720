using System.Collections.Immutable;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Splitting;

/// <summary>
/// The Relative Expression mode: <c>\"column" op value</c>, then any number of <c>&amp; op value</c> and <c>| op value</c> on the
/// same column, which may be repeated. Operators are &lt; &gt; &lt;= &gt;= == = !=; &amp; binds more tightly than |; no
/// parentheses. Numbers, dates and durations compare by value; text, categories and Booleans for equality only.
/// </summary>
internal sealed class RelationCondition
{
    private static readonly string[] Operators = ["<=", ">=", "==", "!=", "<", ">", "="];

    private readonly int _column;
    private readonly ImmutableArray<ImmutableArray<Comparison>> _alternatives;

    private RelationCondition(int column, ImmutableArray<ImmutableArray<Comparison>> alternatives)
    {
        _column = column;
        _alternatives = alternatives;
    }

    /// <exception cref="ModuleException">
    /// Error 2: the expression is malformed, or a value is not of the column's type. Error 1: its column is not in the table.
    /// Error 17: the column's type has no order.
    /// </exception>
    public static RelationCondition Parse(string expression, TableSchema schema)
    {
        var (column, rest) = ColumnOperand.Parse(expression, schema);
        var alternatives = rest.Split('|').Select(alternative => alternative.Split('&')
            .Select(part => ParseComparison(part, column, schema, expression))
            .ToImmutableArray());
        return new RelationCondition(column, [.. alternatives]);
    }

    /// <summary>Whether the condition holds for each row; missing values and NaN fulfil no comparison but != for NaN.</summary>
    public bool[] Test(TableBatch table)
    {
        var column = table.Columns[_column];
        var holds = new bool[table.RowCount];
        foreach (var alternative in _alternatives)
        {
            var all = new bool[holds.Length];
            Array.Fill(all, true);
            foreach (var comparison in alternative)
            {
                comparison.Narrow(column, all);
            }

            for (var row = 0; row < holds.Length; row++)
            {
                holds[row] |= all[row] && !column.IsNull(row);
            }
        }

        return holds;
    }

    private static Comparison ParseComparison(string part, int column, TableSchema schema, string expression)
    {
        var text = part.Trim();
        if (text.StartsWith('"') || text.StartsWith("\\\"", StringComparison.Ordinal) || text.StartsWith("(\\", StringComparison.Ordinal))
        {
            (var other, text) = ColumnOperand.Parse(text, schema);
            text = text.Trim();
            if (other != column)
            {
                throw new ModuleException(
                    2, $"The expression '{expression}' names two columns; it may refer to one only. Split twice, or use Apply SQL Transformation.");
            }
        }

        var field = schema.Fields[column];
        var sign = Operators.FirstOrDefault(sign => text.StartsWith(sign, StringComparison.Ordinal))
            ?? throw new ModuleException(
                2, $"The expression '{expression}' has no operator at '{text}'; expected one of < > <= >= == !=.");
        var value = text[sign.Length..].Trim();
        if (value is ['"', .., '"'] or ['\'', .., '\''])
        {
            value = value[1..^1];
        }

        var isOrdered = !field.IsCategorical && field.Type is not (ColumnType.String or ColumnType.Boolean);
        if (!isOrdered && sign is not ("==" or "=" or "!="))
        {
            throw new ModuleException(
                17,
                $"Column '{field.Name}' is {(field.IsCategorical ? "categorical" : field.Type)}, which '{sign}' cannot compare; "
                + "use == or !=, or the Regular Expression mode.");
        }

        return new Comparison(sign, value, isOrdered ? ParseNumber(value, field) : null);
    }

    private static double ParseNumber(string value, TableField field)
    {
        var type = field.IsNumeric ? ColumnType.Double : field.Type;
        var builder = ColumnBuilder.For(type, 1);
        return builder.TryAppendText(Encoding.UTF8.GetBytes(value))
            ? NumericValues.Of(builder.Build())[0]
            : throw new ModuleException(2, $"'{value}' is no {type}, as comparing it with column '{field.Name}' needs.");
    }

    private sealed record Comparison(string Sign, string Text, double? Number)
    {
        public void Narrow(Column column, bool[] rows)
        {
            if (Number is not { } limit)
            {
                NarrowTexts(column, rows);
                return;
            }

            var values = NumericValues.Of(column);
            for (var row = 0; row < rows.Length; row++)
            {
                var value = values[row];
                rows[row] &= Sign switch
                {
                    "<" => value < limit,
                    ">" => value > limit,
                    "<=" => value <= limit,
                    ">=" => value >= limit,
                    "!=" => value != limit,
                    _ => value == limit,
                };
            }
        }

        private void NarrowTexts(Column column, bool[] rows)
        {
            var wanted = Encoding.UTF8.GetBytes(
                column is BooleanColumn && CellParser.TryParse(Text, CellParser.TryParseBoolean, out bool flag)
                    ? flag.ToString()
                    : Text);
            Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
            for (var row = 0; row < rows.Length; row++)
            {
                var isEqual = ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8)
                    && utf8.SequenceEqual(wanted);
                rows[row] &= isEqual == (Sign != "!=");
            }
        }
    }
}
