using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models.Transforms;

namespace Auspex.Experiments.Modules.Columns;

/// <summary>
/// Casts a column to another type as Edit Metadata does. Numbers and times convert through ticks, Booleans are 0 and 1, a
/// double becomes the nearest integer (ties to even), text is parsed in invariant culture with thousands commas left out of
/// numbers. A column of missing values only becomes any type.
/// </summary>
/// <param name="index">The input column.</param>
/// <param name="field">Its field.</param>
/// <param name="target">The type to become.</param>
/// <param name="format">A custom format of times; null for permissive parsing.</param>
internal sealed class ColumnCast(int index, TableField field, ColumnType target, string? format) : ColumnFunction
{
    /// <summary>The field after the cast.</summary>
    public TableField Output { get; } = field with
    {
        Type = target,
        Categories = field.Categories is { } domain
            ? CategoryDomains.Of(new ColumnCast(0, field with { Categories = null }, target, format).Cast(LevelColumn(domain, field.Type)))
            : null,
    };

    public override IEnumerable<int> Inputs => [index];

    public override Column Apply(TableBatch batch) => Cast(batch.Columns[index]);

    private Column Cast(Column column)
    {
        if (column is CategoryColumn categories)
        {
            return CastLevels(categories);
        }

        if (field.Type == target)
        {
            return column;
        }

        return target == ColumnType.String ? ColumnText.ToText(column, CellFormat.File)
            : column is StringColumn texts ? Parse(texts)
            : Convert(column);
    }

    // The levels are cast, and levels that become the same are joined.
    private CategoryColumn CastLevels(CategoryColumn column)
    {
        var levels = new ColumnCast(0, field with { Categories = null }, target, format).Cast(LevelColumn(column.Domain, field.Type));
        var domain = Output.Categories!;
        var map = new int[levels.Length];
        for (var i = 0; i < map.Length; i++)
        {
            map[i] = levels.IsNull(i) ? -1 : domain.IndexOf(ColumnText.Text(levels, i, CellFormat.File)!);
        }

        var codes = new int[column.Length];
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = column.IsNull(row) ? -1 : map[column.Values[row]];
        }

        return new CategoryColumn(codes, codes.Length, domain, column.Validity);
    }

    /// <summary>The levels of a domain as a plain column of their type.</summary>
    internal static Column LevelColumn(CategoryDomain domain, ColumnType type)
    {
        var builder = ColumnBuilder.For(type, domain.Levels.Length);
        foreach (var level in domain.Levels)
        {
            if (!builder.TryAppendText(Encoding.UTF8.GetBytes(level)))
            {
                builder.AppendNull();
            }
        }

        return builder.Build();
    }

    private Column Parse(StringColumn texts)
    {
        var builder = ColumnBuilder.For(target, texts.Length);
        for (var row = 0; row < texts.Length; row++)
        {
            var text = texts.Bytes(row).Trim(" \t"u8);
            if (texts.IsNull(row) || text.IsEmpty)
            {
                builder.AppendNull();
            }
            else if (!TryParse(text, builder))
            {
                throw Failed(row);
            }
        }

        return builder.Build();
    }

    private bool TryParse(ReadOnlySpan<byte> text, ColumnBuilder builder)
    {
        switch (builder)
        {
            case DateTimeColumnBuilder dates when format is not null:
                return DateTime.TryParseExact(
                    Encoding.UTF8.GetString(text), format, CultureInfo.InvariantCulture, Permissive, out var exact)
                    && Append(dates, exact.Ticks);
            case TimeSpanColumnBuilder durations when format is not null:
                return TimeSpan.TryParseExact(
                    Encoding.UTF8.GetString(text), format, CultureInfo.InvariantCulture, out var exactSpan)
                    && Append(durations, exactSpan.Ticks);
            case DateTimeColumnBuilder dates:
                return dates.TryAppendText(text)
                    || (DateTime.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, Permissive, out var date)
                        && Append(dates, date.Ticks));
            case TimeSpanColumnBuilder durations:
                return durations.TryAppendText(text)
                    || (TimeSpan.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, out var span)
                        && Append(durations, span.Ticks));
            case Int64ColumnBuilder or DoubleColumnBuilder when text.Contains((byte)','):
                return builder.TryAppendText(WithoutCommas(text));
            default:
                return builder.TryAppendText(text);
        }
    }

    private const DateTimeStyles Permissive =
        DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal;

    private static bool Append(ColumnBuilder<long> builder, long ticks)
    {
        builder.Append(ticks);
        return true;
    }

    private static byte[] WithoutCommas(ReadOnlySpan<byte> text)
    {
        var kept = new List<byte>(text.Length);
        foreach (var character in text)
        {
            if (character != ',')
            {
                kept.Add(character);
            }
        }

        return [.. kept];
    }

    private Column Convert(Column column)
    {
        var isTime = field.Type is ColumnType.DateTime or ColumnType.TimeSpan;
        var becomesTime = target is ColumnType.DateTime or ColumnType.TimeSpan;
        if ((isTime && (becomesTime || target == ColumnType.Boolean)) || (becomesTime && field.Type == ColumnType.Boolean))
        {
            return column.CountNulls() == column.Length
                ? AllMissing(column.Length)
                : throw new ModuleException(
                    42, $"Column '{field.Name}' is {field.Type} and cannot be converted to {target}; no value of one means one of the other. Choose another type.");
        }

        if (column is Column<long> && target is ColumnType.Int64 or ColumnType.Int32 or ColumnType.DateTime or ColumnType.TimeSpan)
        {
            return FromWhole((Column<long>)column);
        }

        var numbers = NumericValues.Of(column);
        return target switch
        {
            ColumnType.Double => new DoubleColumn(numbers.ToArray(), column.Length, column.Validity),
            ColumnType.Boolean => ToBoolean(column, numbers),
            _ => FromNumbers(column, numbers),
        };
    }

    private Column FromWhole(Column<long> column)
    {
        var (least, greatest) = Bounds();
        var values = column.Values.ToArray();
        for (var row = 0; row < values.Length; row++)
        {
            if ((values[row] < least || values[row] > greatest) && !column.IsNull(row))
            {
                throw Failed(row);
            }
        }

        return OfWhole(values, column.Validity);
    }

    private Column FromNumbers(Column column, ReadOnlySpan<double> numbers)
    {
        var (least, greatest) = Bounds();
        var values = new long[numbers.Length];
        for (var row = 0; row < values.Length; row++)
        {
            if (column.IsNull(row))
            {
                continue;
            }

            // Not written as two refusals: NaN fits no bound. The greatest long is no double, its successor is.
            var rounded = Math.Round(numbers[row]);
            values[row] = rounded >= least && rounded <= greatest && rounded < 9223372036854775808.0
                ? (long)rounded
                : throw Failed(row);
        }

        return OfWhole(values, column.Validity);
    }

    private BooleanColumn ToBoolean(Column column, ReadOnlySpan<double> numbers)
    {
        var values = new bool[numbers.Length];
        for (var row = 0; row < values.Length; row++)
        {
            if (double.IsNaN(numbers[row]) && !column.IsNull(row))
            {
                throw Failed(row);
            }

            values[row] = numbers[row] != 0;
        }

        return new BooleanColumn(values, values.Length, column.Validity);
    }

    private (long Least, long Greatest) Bounds() => target switch
    {
        ColumnType.Int32 => (int.MinValue, int.MaxValue),
        ColumnType.DateTime => (0, DateTime.MaxValue.Ticks),
        _ => (long.MinValue, long.MaxValue),
    };

    private Column OfWhole(long[] values, ulong[]? validity) => target switch
    {
        ColumnType.DateTime => new DateTimeColumn(values, values.Length, validity),
        ColumnType.TimeSpan => new TimeSpanColumn(values, values.Length, validity),
        _ => new Int64Column(values, values.Length, validity),
    };

    private Column AllMissing(int length)
    {
        var builder = ColumnBuilder.For(target, length);
        for (var row = 0; row < length; row++)
        {
            builder.AppendNull();
        }

        return builder.Build();
    }

    private ModuleException Failed(int row) => new(
        73,
        $"Column '{field.Name}' cannot be converted from {field.Type} to {target}: the value in row {row + 1} means no {target}"
        + (format is null ? "." : $" in format '{format}'."));
}
