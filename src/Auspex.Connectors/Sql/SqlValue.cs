using System.Globalization;
using Auspex.Connectors.Tables;

namespace Auspex.Connectors.Sql;

/// <summary>Values as drivers give them, as cells.</summary>
internal static class SqlValue
{
    /// <summary>The column type of a driver's type; binary and whatever else has no type of its own is text.</summary>
    public static ColumnType TypeOf(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Boolean => ColumnType.Boolean,
        TypeCode.Byte or TypeCode.SByte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 => ColumnType.Int32,
        TypeCode.Int64 or TypeCode.UInt32 => ColumnType.Int64,
        TypeCode.UInt64 or TypeCode.Single or TypeCode.Double or TypeCode.Decimal => ColumnType.Double,
        TypeCode.DateTime => ColumnType.DateTime,
        _ when type == typeof(DateTimeOffset) || type == typeof(DateOnly) => ColumnType.DateTime,
        _ when type == typeof(TimeSpan) || type == typeof(TimeOnly) => ColumnType.TimeSpan,
        _ => ColumnType.String,
    };

    /// <summary>The type that a column's first values have in common; text when they have none, or when there is no value.</summary>
    public static ColumnType TypeOf(List<object?[]> rows, int column)
    {
        ColumnType? common = null;
        foreach (var row in rows)
        {
            if (row[column] is not { } value)
            {
                continue;
            }

            var type = TypeOf(value.GetType());
            common = common is null || common == type ? type
                : IsNumeric(common.Value) && IsNumeric(type) ? (ColumnType)Math.Max((int)common.Value, (int)type)
                : ColumnType.String;
        }

        return common ?? ColumnType.String;
    }

    /// <summary>Whether every value of a column can be appended to a column of a type.</summary>
    public static bool Fits(List<object?[]> rows, int column, ColumnType type)
    {
        var builder = ColumnBuilder.For(type);
        return rows.TrueForAll(row => TryAppend(builder, row[column]));
    }

    /// <summary>Appends a value; false, with nothing appended, when it does not fit the column.</summary>
    public static bool TryAppend(ColumnBuilder builder, object? value)
    {
        switch (builder, value)
        {
            case (_, null):
                builder.AppendNull();
                return true;
            case (StringColumnBuilder texts, _):
                texts.Append(TextOf(value));
                return true;
            case (Int64ColumnBuilder numbers, long number):
                numbers.Append(number);
                return true;
            case (DoubleColumnBuilder numbers, double number):
                numbers.Append(number);
                return true;
            case (BooleanColumnBuilder booleans, long number):
                // SQLite has no booleans of its own.
                booleans.Append(number != 0);
                return true;
            case (Int64ColumnBuilder, double number):
                Span<byte> scratch = stackalloc byte[ColumnText.ScratchSize];
                return builder.TryAppendText(scratch[..ColumnText.Write(number, CellFormat.File, scratch)]);
            default:
                try
                {
                    builder.Append(value);
                    return true;
                }
                catch (ArgumentException)
                {
                    return false;
                }
        }
    }

    private static string? TextOf(object value) => value switch
    {
        string text => text,
        byte[] bytes => "0x" + Convert.ToHexString(bytes),
        bool boolean => boolean ? "True" : "False",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        Array several => string.Join(",", several.Cast<object?>().Select(item => item is null ? "" : TextOf(item))),
        _ => value.ToString(),
    };

    private static bool IsNumeric(ColumnType type) => type is ColumnType.Int32 or ColumnType.Int64 or ColumnType.Double;
}
