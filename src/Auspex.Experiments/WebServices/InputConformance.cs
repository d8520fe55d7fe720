using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// Brings a caller's columns into the form of a web-service input: by name, in the signature's order, others behind them;
/// integers become doubles where the signature says so; a label that was left out comes as missing values.
/// </summary>
internal static class InputConformance
{
    /// <summary>Makes the function for a caller's schema.</summary>
    /// <exception cref="ModuleException">A column is missing (1) or of another type (17).</exception>
    /// <param name="port">What is expected.</param>
    /// <param name="input">What is given.</param>
    /// <param name="labels">Columns that may be left out.</param>
    /// <param name="fillsLabels">Whether those come as missing values, or not at all.</param>
    public static IRowTransform Bind(ServicePort port, TableSchema input, IReadOnlySet<string> labels, bool fillsLabels = true)
    {
        var expected = port.Schema!.Fields;
        var fields = ImmutableArray.CreateBuilder<TableField>(expected.Length);
        var steps = ImmutableArray.CreateBuilder<Step>(expected.Length);
        foreach (var field in expected)
        {
            var index = input.IndexOf(field.Name);
            if (index >= 0)
            {
                var given = input.Fields[index];
                CheckType(port, field, given);
                fields.Add(field with { Categories = given.Categories, IsNullable = given.IsNullable });
                steps.Add(new Step(index, field.Type == ColumnType.Double && given.Type != ColumnType.Double, field.Type));
            }
            else if (labels.Contains(field.Name) && !fillsLabels)
            {
                continue;
            }
            else if (labels.Contains(field.Name))
            {
                fields.Add(field with { Categories = null, IsNullable = true });
                steps.Add(new Step(-1, false, field.Type));
            }
            else
            {
                throw new ModuleException(
                    1,
                    $"Column '{field.Name}' of web-service input '{port.Name}' is missing; expected {Names(expected)}. "
                        + "Names are case-sensitive.");
            }
        }

        for (var index = 0; index < input.Fields.Length; index++)
        {
            if (port.Schema.IndexOf(input.Fields[index].Name) < 0)
            {
                fields.Add(input.Fields[index]);
                steps.Add(new Step(index, false, input.Fields[index].Type));
            }
        }

        return new Conformed(new TableSchema(fields.ToImmutable()), steps.ToImmutable(), input.Fields.Length);
    }

    private static void CheckType(ServicePort port, TableField expected, TableField given)
    {
        var isWhole = given.Type is ColumnType.Int32 or ColumnType.Int64;
        var fits = expected.Type == given.Type
            || (isWhole && expected.Type is ColumnType.Int32 or ColumnType.Int64)
            || (isWhole && expected.Type == ColumnType.Double && !given.IsCategorical);
        if (!fits)
        {
            throw new ModuleException(
                17, $"Column '{given.Name}' of web-service input '{port.Name}' is {given.Type}; expected {expected.Type}.");
        }
    }

    private static string Names(ImmutableArray<TableField> fields)
    {
        const int Shown = 20;
        var names = string.Join(", ", fields.Take(Shown).Select(field => field.Name));
        return fields.Length <= Shown ? names : $"{names} and {fields.Length - Shown} more";
    }

    private readonly record struct Step(int Index, bool Widens, ColumnType Type);

    private sealed class Conformed(TableSchema output, ImmutableArray<Step> steps, int inputs) : IRowTransform
    {
        public TableSchema Output => output;

        public ColumnFlow Flow { get; } = new(
            [.. steps.Select(step => step.Widens ? -1 : step.Index)],
            [.. Enumerable.Range(0, inputs).Select(input => steps.Any(step => step.Widens && step.Index == input))]);

        public TableBatch Apply(TableBatch batch)
        {
            var columns = ImmutableArray.CreateBuilder<Column>(steps.Length);
            foreach (var step in steps)
            {
                columns.Add(step.Index < 0 ? Missing(step.Type, batch.RowCount)
                    : step.Widens ? Widen((Int64Column)batch.Columns[step.Index])
                    : batch.Columns[step.Index]);
            }

            return new TableBatch(output, columns.MoveToImmutable(), batch.RowCount);
        }

        private static DoubleColumn Widen(Int64Column column)
        {
            var values = new double[column.Length];
            for (var row = 0; row < values.Length; row++)
            {
                values[row] = column.Values[row];
            }

            return new DoubleColumn(values, column.Length, column.Validity);
        }

        private static Column Missing(ColumnType type, int rows)
        {
            var validity = new ulong[(rows + 63) >> 6];
            return type switch
            {
                ColumnType.Boolean => new BooleanColumn(new bool[rows], rows, validity),
                ColumnType.Double => new DoubleColumn(new double[rows], rows, validity),
                ColumnType.String => new StringColumn([], new int[rows + 1], rows, validity),
                ColumnType.DateTime => new DateTimeColumn(new long[rows], rows, validity),
                ColumnType.TimeSpan => new TimeSpanColumn(new long[rows], rows, validity),
                _ => new Int64Column(new long[rows], rows, validity),
            };
        }
    }
}
