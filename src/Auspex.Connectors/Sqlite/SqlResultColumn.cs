using System.Globalization;
using System.Text;
using Auspex.Connectors.Tables;
using SQLitePCL;

namespace Auspex.Connectors.Sqlite;

/// <summary>A column of a result while it is read: integers until a number comes, numbers until a text comes.</summary>
internal sealed class SqlResultColumn(string? declaredType)
{
    private ColumnBuilder _values = new Int64ColumnBuilder();
    private bool _isInt32 = true;
    private bool _isBoolean = true;
    private bool _hasValue;

    /// <summary>About what the values take.</summary>
    public long SizeInBytes { get; private set; }

    public void Read(sqlite3_stmt statement, int index)
    {
        SizeInBytes += sizeof(long);
        switch (raw.sqlite3_column_type(statement, index))
        {
            case raw.SQLITE_NULL:
                _values.AppendNull();
                return;
            case raw.SQLITE_INTEGER:
                AddInteger(raw.sqlite3_column_int64(statement, index));
                break;
            case raw.SQLITE_FLOAT:
                AddNumber(raw.sqlite3_column_double(statement, index));
                break;
            case raw.SQLITE_TEXT:
                AddText(raw.sqlite3_column_blob(statement, index));
                break;
            default:
                AddText(Encoding.ASCII.GetBytes(Convert.ToHexString(raw.sqlite3_column_blob(statement, index))));
                break;
        }

        _hasValue = true;
    }

    /// <summary>The column, in its declared type where it has one and every value is of it.</summary>
    public (ColumnType Type, Column Column) Build()
    {
        var column = _values.Build();
        var declared = DeclaredColumn(column);
        return declared
            ?? (_hasValue
                ? column switch
                {
                    Int64Column => (_isInt32 ? ColumnType.Int32 : ColumnType.Int64, column),
                    DoubleColumn => (ColumnType.Double, column),
                    _ => (ColumnType.String, column),
                }
                : (ColumnType.String, AllMissing(ColumnType.String, column.Length)));
    }

    private (ColumnType Type, Column Column)? DeclaredColumn(Column column)
    {
        ColumnType? declared = declaredType switch
        {
            "BOOLEAN" => ColumnType.Boolean,
            "INT" => ColumnType.Int32,
            "BIGINT" => ColumnType.Int64,
            "DOUBLE" => ColumnType.Double,
            "TEXT" => ColumnType.String,
            "DATETIME_TEXT" => ColumnType.DateTime,
            "TIMESPAN_TEXT" => ColumnType.TimeSpan,
            _ => null,
        };
        if (declared is not { } type)
        {
            return null;
        }

        if (!_hasValue)
        {
            return (type, AllMissing(type, column.Length));
        }

        return (type, column) switch
        {
            (ColumnType.Int32, Int64Column) when _isInt32 => (type, column),
            (ColumnType.Int64, Int64Column) or (ColumnType.String, StringColumn) => (type, column),
            (ColumnType.Double, DoubleColumn) => (type, column),
            (ColumnType.Boolean, Int64Column) when !_isBoolean => null,
            (ColumnType.Boolean or ColumnType.Double, Int64Column) or (ColumnType.DateTime or ColumnType.TimeSpan, StringColumn) =>
                ColumnText.Convert(column, new TableField { Name = "result", Type = type }, out _) is { } converted
                    ? (type, converted)
                    : null,
            _ => null,
        };
    }

    private void AddInteger(long value)
    {
        _isInt32 &= value == (int)value;
        _isBoolean &= value is 0 or 1;
        switch (_values)
        {
            case Int64ColumnBuilder integers:
                integers.Append(value);
                break;
            case DoubleColumnBuilder numbers:
                numbers.Append(value);
                break;
            default:
                ((StringColumnBuilder)_values).Append(value.ToString(CultureInfo.InvariantCulture));
                break;
        }
    }

    private void AddNumber(double value)
    {
        if (_values is Int64ColumnBuilder integers)
        {
            var widened = new DoubleColumnBuilder(integers.Count + 1);
            var read = (Int64Column)integers.Build();
            for (var row = 0; row < read.Length; row++)
            {
                if (read.IsNull(row))
                {
                    widened.AppendNull();
                }
                else
                {
                    widened.Append(read.Values[row]);
                }
            }

            _values = widened;
        }

        if (_values is DoubleColumnBuilder numbers)
        {
            numbers.Append(value);
        }
        else
        {
            ((StringColumnBuilder)_values).Append(value.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    private void AddText(ReadOnlySpan<byte> utf8)
    {
        SizeInBytes += utf8.Length;
        if (_values is not StringColumnBuilder)
        {
            var read = ColumnText.ToText(_values.Build(), CellFormat.File);
            _values = new StringColumnBuilder(read.Length + 1);
            _values.AppendRange(read, 0, read.Length);
        }

        ((StringColumnBuilder)_values).AppendUtf8(utf8);
    }

    private static Column AllMissing(ColumnType type, int length)
    {
        var builder = ColumnBuilder.For(type, length);
        for (var row = 0; row < length; row++)
        {
            builder.AppendNull();
        }

        return builder.Build();
    }
}
