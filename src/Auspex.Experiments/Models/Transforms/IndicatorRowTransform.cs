using System.Collections.Immutable;
using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>The codes that a column's values have in a domain; -1 for a missing value and for one that is no level.</summary>
internal sealed class LevelCodes(int index, CategoryDomain domain)
{
    /// <summary>The input column.</summary>
    public int Index => index;

    public int[] Of(TableBatch batch) => Of(batch.Columns[index]);

    public int[] Of(Column column)
    {
        var codes = new int[column.Length];
        switch (column)
        {
            case CategoryColumn categories:
                var map = categories.Domain.Levels.Select(domain.IndexOf).ToArray();
                var source = categories.Values;
                for (var row = 0; row < codes.Length; row++)
                {
                    codes[row] = categories.IsNull(row) ? -1 : map[source[row]];
                }

                break;
            default:
                Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
                for (var row = 0; row < codes.Length; row++)
                {
                    codes[row] = ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8)
                        ? domain.IndexOf(utf8)
                        : -1;
                }

                break;
        }

        return codes;
    }
}

/// <summary>One level's 0/1 column.</summary>
internal sealed class IndicatorColumn(LevelCodes codes, int level) : ColumnFunction
{
    public LevelCodes Codes => codes;

    public int Level => level;

    public override IEnumerable<int> Inputs => [codes.Index];

    public override Column Apply(TableBatch batch) => Apply(codes.Of(batch));

    public Column Apply(ReadOnlySpan<int> rowCodes)
    {
        var values = new long[rowCodes.Length];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = rowCodes[row] == level ? 1 : 0;
        }

        return new Int64Column(values, values.Length, null);
    }
}

/// <summary>Like <see cref="ColumnwiseTransform"/>, but looks up a source column's levels once for all its indicators.</summary>
internal sealed class IndicatorRowTransform(IReadOnlyList<OutputColumn> columns, int inputs) : IRowTransform
{
    public TableSchema Output { get; } = new([.. columns.Select(column => column.Field)]);

    public ColumnFlow Flow { get; } = OutputColumn.Flow(columns, inputs);

    public TableBatch Apply(TableBatch batch)
    {
        var made = ImmutableArray.CreateBuilder<Column>(columns.Count);
        LevelCodes? codes = null;
        int[] rowCodes = [];
        foreach (var column in columns)
        {
            if (column.Function is IndicatorColumn indicator)
            {
                if (!ReferenceEquals(codes, indicator.Codes))
                {
                    codes = indicator.Codes;
                    rowCodes = codes.Of(batch);
                }

                made.Add(indicator.Apply(rowCodes));
            }
            else
            {
                made.Add(column.Function.Apply(batch));
            }
        }

        return new TableBatch(Output, made.MoveToImmutable(), batch.RowCount);
    }
}
