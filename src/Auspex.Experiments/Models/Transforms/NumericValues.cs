using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>Reads columns as numbers.</summary>
internal static class NumericValues
{
    /// <summary>Whether <see cref="Of"/> can read the column: numbers, booleans (0, 1), dates and durations (ticks).</summary>
    public static bool CanRead(TableField field) => !field.IsCategorical && field.Type != ColumnType.String;

    /// <summary>The values as doubles; for doubles the column's own. Where a value is missing anything may stand.</summary>
    public static ReadOnlySpan<double> Of(Column column)
    {
        switch (column)
        {
            case DoubleColumn doubles:
                return doubles.Values;
            case BooleanColumn booleans:
                {
                    var values = new double[column.Length];
                    var source = booleans.Values;
                    for (var i = 0; i < values.Length; i++)
                    {
                        values[i] = source[i] ? 1 : 0;
                    }

                    return values;
                }

            case Column<long> integers:
                {
                    var values = new double[column.Length];
                    var source = integers.Values;
                    for (var i = 0; i < values.Length; i++)
                    {
                        values[i] = source[i];
                    }

                    return values;
                }

            default:
                throw new ArgumentException($"A {column.GetType().Name} holds no numbers.", nameof(column));
        }
    }

    /// <summary>The values that are there and are numbers, missing ones and NaN left out.</summary>
    public static double[] Present(Column column)
    {
        var values = Of(column);
        var present = new double[column.Length];
        var count = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!double.IsNaN(values[i]) && !column.IsNull(i))
            {
                present[count++] = values[i];
            }
        }

        return count == present.Length ? present : present[..count];
    }
}
