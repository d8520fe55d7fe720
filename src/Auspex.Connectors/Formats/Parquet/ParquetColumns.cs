using System.Buffers.Binary;
using System.Numerics;
using Auspex.Connectors.Formats.Arrow;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using ParquetSharp;
using Column = Auspex.Connectors.Tables.Column;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>Opens the columns of a row group, by what they hold.</summary>
internal static class ParquetColumns
{
    private const int UuidSize = 16;
    private const long JulianEpoch = 2_440_588;
    private const long NanosecondsPerDay = 86_400_000_000_000;

    /// <summary>Opens a column that <see cref="ParquetFields"/> found readable.</summary>
    /// <param name="reader">Disposed with the column.</param>
    /// <param name="leaf">The column as <see cref="ParquetFields"/> gives it.</param>
    /// <param name="textBytes">The most text that a batch should hold of it.</param>
    public static ParquetColumn Open(ColumnReader reader, ParquetLeaf leaf, int textBytes)
    {
        using var descriptor = new Described(reader.ColumnDescriptor);
        var isNullable = reader.ColumnDescriptor.MaxDefinitionLevel > 0;
        var logical = descriptor.Logical;
        var name = leaf.Field.Name;
        return reader switch
        {
            ColumnReader<bool> bools => Fixed(name, bools, isNullable, value => value,
                (values, rows, validity, _) => new BooleanColumn(values, rows, validity)),
            ColumnReader<int> ints => OpenInt32(name, ints, isNullable, logical),
            ColumnReader<long> longs => OpenInt64(name, longs, isNullable, logical, leaf),
            ColumnReader<Int96> stamps => Fixed(name, stamps, isNullable, value => value, (values, rows, validity, faults) =>
                Instants(name, [.. values.Select(Impala)], rows, validity, faults, IdentityTicks)),
            ColumnReader<float> floats => Fixed(name, floats, isNullable, value => (double)value, Numbers),
            ColumnReader<double> doubles => Fixed(name, doubles, isNullable, value => value, Numbers),
            ColumnReader<ByteArray> texts when logical is DecimalLogicalType { Scale: var scale } =>
                Fixed(name, texts, isNullable, value => Decimal(value.Pointer, value.Length, scale), Numbers),
            ColumnReader<ByteArray> texts => new ParquetTextColumn(name, texts, isNullable, textBytes),
            ColumnReader<FixedLenByteArray> bytes => OpenFixedBytes(name, bytes, isNullable, logical),
            _ => throw new NotSupportedException($"column '{name}' holds values of an unknown type"),
        };
    }

    private static ParquetColumn OpenInt32(string name, ColumnReader<int> reader, bool isNullable, LogicalType logical) => logical switch
    {
        DecimalLogicalType { Scale: var scale } => Fixed(name, reader, isNullable, value => DecimalNumber.ToDouble(value, scale), Numbers),
        DateLogicalType => Fixed(name, reader, isNullable, value => (long)value, (values, rows, validity, faults) =>
            Instants(name, values, rows, validity, faults, TimeUnits.TryDate)),
        TimeLogicalType time => Fixed(name, reader, isNullable, value => (long)value, DurationsOf(name, PerSecond(time.TimeUnit))),
        IntLogicalType { IsSigned: false } => Fixed(name, reader, isNullable, value => (long)(uint)value, Integers),
        _ => Fixed(name, reader, isNullable, value => (long)value, Integers),
    };

    private static ParquetColumn OpenInt64(
        string name, ColumnReader<long> reader, bool isNullable, LogicalType logical, ParquetLeaf leaf) => logical switch
        {
            DecimalLogicalType { Scale: var scale } => Fixed(name, reader, isNullable, value => DecimalNumber.ToDouble(value, scale), Numbers),
            TimestampLogicalType stamp => Fixed(name, reader, isNullable, value => value, InstantsOf(name, PerSecond(stamp.TimeUnit))),
            TimeLogicalType time => Fixed(name, reader, isNullable, value => value, DurationsOf(name, PerSecond(time.TimeUnit))),
            IntLogicalType { IsSigned: false } => Fixed(name, reader, isNullable, value => value, (values, rows, validity, faults) =>
                Unsigned(name, values, rows, validity, faults)),
            _ when leaf is { Field.Type: ColumnType.TimeSpan, DurationsPerSecond: { } perSecond } =>
                Fixed(name, reader, isNullable, value => value, DurationsOf(name, perSecond)),
            _ => Fixed(name, reader, isNullable, value => value, Integers),
        };

    private static unsafe ParquetColumn OpenFixedBytes(
        string name, ColumnReader<FixedLenByteArray> reader, bool isNullable, LogicalType logical)
    {
        var length = reader.ColumnDescriptor.TypeLength;
        switch (logical)
        {
            case DecimalLogicalType { Scale: var scale }:
                return Fixed(name, reader, isNullable, value => Decimal(value.Pointer, length, scale), Numbers);
            case { Type: LogicalTypeEnum.Uuid } when length == UuidSize:
                return Fixed(name, reader, isNullable,
                    value => new Guid(new ReadOnlySpan<byte>((void*)value.Pointer, UuidSize), bigEndian: true), Texts);
            case { Type: LogicalTypeEnum.Float16 } when length == sizeof(ushort):
                return Fixed(name, reader, isNullable,
                    value => (double)BinaryPrimitives.ReadHalfLittleEndian(new ReadOnlySpan<byte>((void*)value.Pointer, sizeof(ushort))), Numbers);
            default:
                throw new NotSupportedException($"column '{name}' holds binary values");
        }
    }

    private static ParquetFixedColumn<TStored, TValue> Fixed<TStored, TValue>(
        string name,
        ColumnReader<TStored> reader,
        bool isNullable,
        Func<TStored, TValue> convert,
        Func<TValue[], int, ulong[]?, CellFaults, Column> make)
        where TStored : unmanaged
        where TValue : unmanaged => new(name, reader, isNullable, convert, make);

    private static Column Numbers(double[] values, int rows, ulong[]? validity, CellFaults faults) =>
        new DoubleColumn(values, rows, validity);

    private static Column Integers(long[] values, int rows, ulong[]? validity, CellFaults faults) =>
        new Int64Column(values, rows, validity);

    private static Column Texts(Guid[] values, int rows, ulong[]? validity, CellFaults faults)
    {
        var builder = new StringColumnBuilder(rows);
        for (var row = 0; row < rows; row++)
        {
            builder.Append(IsMissing(validity, row) ? null : values[row].ToString());
        }

        return builder.Build();
    }

    private static Int64Column Unsigned(string name, long[] values, int rows, ulong[]? validity, CellFaults faults)
    {
        for (var row = 0; row < rows; row++)
        {
            if (values[row] < 0 && !IsMissing(validity, row))
            {
                faults.Add(row, ErrorCode.WrongCellType, name, ArrowTypes.TooLargeUnsigned);
            }
        }

        return new Int64Column(values, rows, validity);
    }

    private delegate bool TryTicks(long count, out long ticks);

    // The unit is given, not the logical type: that is gone when the rows are read.
    private static Func<long[], int, ulong[]?, CellFaults, Column> InstantsOf(string name, long perSecond) => (values, rows, validity, faults) =>
        Instants(name, values, rows, validity, faults, (long count, out long ticks) => TimeUnits.TryInstant(count, perSecond, out ticks));

    private static Func<long[], int, ulong[]?, CellFaults, Column> DurationsOf(string name, long perSecond) => (values, rows, validity, faults) =>
        Durations(name, values, rows, validity, faults, perSecond);

    private static bool IdentityTicks(long count, out long ticks)
    {
        var isHeld = count >= 0 && count <= DateTime.MaxValue.Ticks;
        ticks = isHeld ? count : 0;
        return isHeld;
    }

    private static DateTimeColumn Instants(
        string name, long[] values, int rows, ulong[]? validity, CellFaults faults, TryTicks convert)
    {
        for (var row = 0; row < rows; row++)
        {
            if (IsMissing(validity, row))
            {
                values[row] = 0;
            }
            else if (!convert(values[row], out values[row]))
            {
                faults.Add(row, ErrorCode.WrongCellType, name, ArrowTypes.OutsideYears);
            }
        }

        return new DateTimeColumn(values, rows, validity);
    }

    private static TimeSpanColumn Durations(
        string name, long[] values, int rows, ulong[]? validity, CellFaults faults, long perSecond)
    {
        for (var row = 0; row < rows; row++)
        {
            if (IsMissing(validity, row) || !TimeUnits.TryTicks(values[row], perSecond, out values[row]))
            {
                values[row] = 0;
                if (!IsMissing(validity, row))
                {
                    faults.Add(row, ErrorCode.WrongCellType, name, ArrowTypes.TooLongDuration);
                }
            }
        }

        return new TimeSpanColumn(values, rows, validity);
    }

    /// <summary>The nanoseconds of a Julian day, as Impala and old Spark wrote instants; -1 where it lies outside the calendar.</summary>
    private static long Impala(Int96 stamp)
    {
        var nanoseconds = ((long)stamp.B << 32) | (uint)stamp.A;
        return nanoseconds is >= 0 and < NanosecondsPerDay && TimeUnits.TryDate(stamp.C - JulianEpoch, out var day)
            ? day + (nanoseconds / TimeUnits.NanosecondsPerTick)
            : -1;
    }

    private static unsafe double Decimal(IntPtr bytes, int length, int scale) => DecimalNumber.ToDouble(
        new BigInteger(new ReadOnlySpan<byte>((void*)bytes, length), isUnsigned: false, isBigEndian: true), scale);

    private static long PerSecond(TimeUnit unit) => unit switch
    {
        TimeUnit.Millis => 1_000,
        TimeUnit.Micros => 1_000_000,
        TimeUnit.Nanos => 1_000_000_000,
        _ => throw new NotSupportedException("it holds times in an unknown unit"),
    };

    private static bool IsMissing(ulong[]? validity, int row) =>
        validity is not null && (validity[row >> 6] & (1UL << (row & 63))) == 0;

    /// <summary>Holds a column's logical type, which lives in native memory.</summary>
    private readonly struct Described(ColumnDescriptor descriptor) : IDisposable
    {
        public LogicalType Logical { get; } = descriptor.LogicalType;

        public void Dispose() => Logical.Dispose();
    }
}

/// <summary>A column of a file that holds values itself.</summary>
/// <param name="Index">Its place among all such columns.</param>
/// <param name="Field">What it is read as.</param>
/// <param name="DurationsPerSecond">What its numbers count where they are durations.</param>
internal sealed record ParquetLeaf(int Index, TableField Field, long? DurationsPerSecond);
