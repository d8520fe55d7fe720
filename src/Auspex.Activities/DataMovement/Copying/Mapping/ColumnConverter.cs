using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;

namespace Auspex.Activities.DataMovement.Copying.Mapping;

/// <summary>Turns the values of one column into those of another type.</summary>
/// <param name="target">The type wanted.</param>
/// <param name="settings">How.</param>
/// <param name="format">The format of dates in this column; null for the settings' one.</param>
/// <param name="keepsDigits">Whether texts that are numbers stay texts: the database reads all of their digits.</param>
internal sealed class ColumnConverter(ColumnType target, ConversionSettings settings, string? format, bool keepsDigits)
{
    private readonly string? _format = format ?? settings.DateTimeFormat;

    /// <summary>Converts a column.</summary>
    /// <param name="column">The values.</param>
    /// <param name="onFailed">Takes the rows whose value is none of the type; they become missing values.</param>
    public Column Convert(Column column, Action<int> onFailed)
    {
        if (IsSame(column))
        {
            return column;
        }

        var builder = keepsDigits && column is StringColumn ? new StringColumnBuilder(column.Length) : ColumnBuilder.For(target, column.Length);
        for (var row = 0; row < column.Length; row++)
        {
            if (column.IsNull(row))
            {
                builder.AppendNull();
            }
            else if (!TryAppend(builder, column, row))
            {
                builder.AppendNull();
                onFailed(row);
            }
        }

        return builder.Build();
    }

    /// <summary>The type of what comes out of a column of a type.</summary>
    public ColumnType ResultOf(ColumnType source) => keepsDigits && source == ColumnType.String ? ColumnType.String : target;

    private bool IsSame(Column column) => (column, target) switch
    {
        (StringColumn, ColumnType.String) or (BooleanColumn, ColumnType.Boolean) or (Int64Column, ColumnType.Int64)
            or (DoubleColumn, ColumnType.Double) or (DateTimeColumn, ColumnType.DateTime) or (TimeSpanColumn, ColumnType.TimeSpan) => true,
        _ => false,
    };

    private bool TryAppend(ColumnBuilder builder, Column column, int row)
    {
        switch (column)
        {
            case StringColumn texts:
                return TryAppendText(builder, texts.Bytes(row));
            case DateTimeColumn times when target == ColumnType.String:
                ((StringColumnBuilder)builder).Append(
                    new DateTime(times.Values[row]).ToString(_format ?? ConversionSettings.DefaultDateTimeFormat, CultureInfo.InvariantCulture));
                return true;
            case TimeSpanColumn durations when target == ColumnType.String && settings.TimeSpanFormat is { } pattern:
                ((StringColumnBuilder)builder).Append(new TimeSpan(durations.Values[row]).ToString(pattern, CultureInfo.InvariantCulture));
                return true;
            case BooleanColumn booleans when target is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double:
                return settings.TreatsBooleanAsNumber && builder.TryAppendText(booleans.Values[row] ? "1"u8 : "0"u8);
            case DoubleColumn numbers when target is ColumnType.Int32 or ColumnType.Int64:
                var number = numbers.Values[row];
                return (settings.AllowsTruncation || number == Math.Truncate(number)) && TryAppendTruncated(builder, number);
            case Int64Column numbers when target == ColumnType.Boolean:
                ((BooleanColumnBuilder)builder).Append(numbers.Values[row] != 0);
                return true;
            default:
                Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
                ColumnText.TryGetUtf8(column, row, CellFormat.File, scratch, out var utf8);
                return builder.TryAppendText(utf8);
        }
    }

    private bool TryAppendText(ColumnBuilder builder, ReadOnlySpan<byte> text)
    {
        if (builder is StringColumnBuilder kept && target != ColumnType.String)
        {
            if (!CellParser.TryParseDouble(text, out _))
            {
                return false;
            }

            kept.AppendUtf8(text.Trim(" \t"u8));
            return true;
        }

        if (target == ColumnType.DateTime && _format is not null)
        {
            if (!DateTime.TryParseExact(
                Encoding.UTF8.GetString(text), _format, CultureInfo.InvariantCulture, DateTimeStyles.AllowWhiteSpaces, out var time))
            {
                return false;
            }

            ((DateTimeColumnBuilder)builder).Append(time.Ticks);
            return true;
        }

        if (builder.TryAppendText(text))
        {
            return true;
        }

        return target is ColumnType.Int32 or ColumnType.Int64 && settings.AllowsTruncation
            && CellParser.TryParseDouble(text, out var number) && TryAppendTruncated(builder, number);
    }

    private static bool TryAppendTruncated(ColumnBuilder builder, double number)
    {
        Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
        return double.IsFinite(number) && Math.Abs(number) < 9.3e18
            && builder.TryAppendText(scratch[..ColumnText.Write(Math.Truncate(number), CellFormat.File, scratch)]);
    }
}
