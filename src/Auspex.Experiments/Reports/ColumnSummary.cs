using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Evaluation;
using Auspex.Experiments.Modules.Statistics;

namespace Auspex.Experiments.Reports;

/// <summary>A bar of a column's picture.</summary>
/// <param name="Label">The range or the value.</param>
/// <param name="Rows">How many rows have it.</param>
internal sealed record ColumnBar(string Label, long Rows);

/// <summary>What a person wants to know of a column at a glance.</summary>
/// <param name="Missing">Rows without a value, of all.</param>
/// <param name="Distinct">Different values among the rows looked at.</param>
/// <param name="Numbers">Statistics of numbers; null for other columns.</param>
/// <param name="Bars">Of numbers, bars of equal width; of other columns, the commonest values.</param>
/// <param name="Others">Rows with values beyond those of <paramref name="Bars"/>.</param>
internal sealed record ColumnSummary(int Missing, int Distinct, ColumnMoments? Numbers, ImmutableArray<ColumnBar> Bars, long Others)
{
    /// <summary>Larger tables are looked at in so many rows evenly apart.</summary>
    public const int MostRows = 100_000;

    private const int MostValues = 10;

    public static ColumnSummary Of(TableField field, Column column)
    {
        int[] rows = [.. Rows(column.Length).Where(row => !column.IsNull(row))];
        var missing = column.CountNulls();
        if (field.IsNumeric && !field.IsCategorical && column is DoubleColumn or Int64Column)
        {
            double[] values = [.. rows.Select(row => column is DoubleColumn numbers ? numbers.Values[row] : ((Int64Column)column).Values[row])];
            double[] known = [.. values.Where(value => !double.IsNaN(value))];
            var moments = new ColumnMoments(known);
            return new ColumnSummary(
                missing + (column.Length <= MostRows ? values.Length - known.Length : 0),
                moments.Distinct,
                moments,
                [.. HistogramBar.Of(known).Select(bar => new ColumnBar($"{HtmlText.Number(bar.From)} to {HtmlText.Number(bar.To)}", bar.Rows))],
                0);
        }

        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var text = ColumnText.Text(column, row, CellFormat.File) ?? "";
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }

        ImmutableArray<ColumnBar> bars =
        [
            .. counts.OrderByDescending(count => count.Value).ThenBy(count => count.Key, StringComparer.Ordinal)
                .Take(MostValues)
                .Select(count => new ColumnBar(count.Key, count.Value)),
        ];
        return new ColumnSummary(missing, counts.Count, null, bars, rows.Length - bars.Sum(bar => bar.Rows));
    }

    private static IEnumerable<int> Rows(int count) => count <= MostRows
        ? Enumerable.Range(0, count)
        : Enumerable.Range(0, MostRows).Select(index => (int)((long)index * count / MostRows));
}
