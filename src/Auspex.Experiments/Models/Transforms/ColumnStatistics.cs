using System.Globalization;
using Auspex.Connectors.Tables;
using MathNet.Numerics.Statistics;

namespace Auspex.Experiments.Models.Transforms;

/// <summary>The single values that can stand for a column: mean, median and mode, as text of the column's type.</summary>
internal static class ColumnStatistics
{
    /// <summary>
    /// The mean of integers, doubles and booleans; missing values and NaN left out. For integers the nearest integer (ties to
    /// even), for booleans the commoner value, so that the column keeps its type. Null for an all-missing column.
    /// </summary>
    public static string? Mean(TableField field, Column column)
    {
        var values = NumericValues.Present(column);
        return values.Length == 0 ? null : Text(field.Type, Average(values));
    }

    /// <summary>The median of integers and doubles, rounded as the mean. Null for an all-missing column.</summary>
    public static string? Median(TableField field, Column column)
    {
        var values = NumericValues.Present(column);
        return values.Length == 0 ? null : Text(field.Type, ArrayStatistics.MedianInplace(values));
    }

    /// <summary>
    /// The commonest value; of equally common ones the smallest, for text in ordinal order, for categories in category order.
    /// Null for an all-missing column.
    /// </summary>
    public static string? Mode(TableField field, Column column) => column switch
    {
        CategoryColumn categories => ModeOfCodes(categories),
        StringColumn texts => ModeOfTexts(texts),
        DoubleColumn doubles => Commonest(doubles.Values, doubles) is { } value ? Text(field.Type, value) : null,
        BooleanColumn booleans => Commonest(booleans.Values, booleans) is { } value ? Text(field.Type, value ? 1 : 0) : null,
        Column<long> whole => Commonest(whole.Values, whole) is { } value ? value.ToString(CultureInfo.InvariantCulture) : null,
        _ => throw new ArgumentException($"Not a kind of column: {column.GetType().Name}.", nameof(column)),
    };

    /// <summary>A number as a value of the type, in text; times in ticks.</summary>
    public static string Text(ColumnType type, double value) => type switch
    {
        ColumnType.Double => value.ToString("R", CultureInfo.InvariantCulture),
        ColumnType.Boolean => value >= 0.5 ? "True" : "False",
        _ => ToInt64(value).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The nearest whole number, within range.</summary>
    public static long ToInt64(double value)
    {
        var rounded = Math.Round(value);
        return rounded >= 9223372036854775808.0 ? long.MaxValue : rounded <= -9223372036854775808.0 ? long.MinValue : (long)rounded;
    }

    private static double Average(double[] values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }

    private static T? Commonest<T>(ReadOnlySpan<T> values, Column column)
        where T : unmanaged, IComparable<T>
    {
        var counts = new Dictionary<T, int>();
        for (var row = 0; row < values.Length; row++)
        {
            if (!column.IsNull(row))
            {
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, values[row], out _)++;
            }
        }

        if (counts.Count == 0)
        {
            return null;
        }

        var best = counts.First();
        foreach (var entry in counts)
        {
            if (entry.Value > best.Value || (entry.Value == best.Value && entry.Key.CompareTo(best.Key) < 0))
            {
                best = entry;
            }
        }

        return best.Key;
    }

    private static string? ModeOfCodes(CategoryColumn column)
    {
        var counts = new int[column.Domain.Levels.Length];
        for (var row = 0; row < column.Length; row++)
        {
            if (!column.IsNull(row))
            {
                counts[column.Values[row]]++;
            }
        }

        var most = counts.Length == 0 ? 0 : counts.Max();
        return most == 0 ? null : column.Domain.Levels[Array.IndexOf(counts, most)];
    }

    private static string? ModeOfTexts(StringColumn column)
    {
        var counts = CategoryDomains.Count(column);
        return counts.Count == 0
            ? null
            : counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).First().Key;
    }
}
