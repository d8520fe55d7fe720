using Auspex.Connectors.Tables;
using ParquetSharp;
using ParquetSharp.Schema;
using Column = Auspex.Connectors.Tables.Column;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>Writes one column of ours as one of Parquet.</summary>
/// <param name="target">The column.</param>
/// <param name="options">How to write.</param>
internal sealed class ParquetColumnWriter(TableField target, TableWriteOptions options)
{
    private readonly bool _isNanoseconds = options.Times == TimeResolution.Nanoseconds;
    private short[] _levels = [];
    private short[] _repetitions = [];
    private byte[] _bits = [];
    private byte[] _text = [];

    public string Name => target.Name;

    /// <summary>Whether values repeat often enough to be written once.</summary>
    public bool HasDictionary => target.IsCategorical || target.Type is ColumnType.String or ColumnType.Int32 or ColumnType.Int64;

    private bool IsText => target.IsCategorical || target.Type == ColumnType.String;

    /// <summary>The column in the file's schema.</summary>
    public PrimitiveNode CreateNode()
    {
        var (physical, logical) = IsText ? (PhysicalType.ByteArray, LogicalType.String()) : target.Type switch
        {
            ColumnType.Boolean => (PhysicalType.Boolean, LogicalType.None()),
            ColumnType.Int32 => (PhysicalType.Int32, LogicalType.None()),
            ColumnType.Double => (PhysicalType.Double, LogicalType.None()),
            ColumnType.DateTime => (PhysicalType.Int64, LogicalType.Timestamp(
                isAdjustedToUtc: false, _isNanoseconds ? TimeUnit.Nanos : TimeUnit.Micros)),
            _ => (PhysicalType.Int64, LogicalType.None()),
        };
        using (logical)
        {
            return new PrimitiveNode(target.Name, Repetition.Optional, logical, physical, -1);
        }
    }

    /// <summary>Appends a column; gives about how many bytes its values take.</summary>
    /// <exception cref="TableFormatException">It holds an instant that cannot be written.</exception>
    public long Write(ColumnWriter writer, Column column)
    {
        MakeLevels(column);
        switch (writer, column)
        {
            case (ColumnWriter<bool> bools, BooleanColumn booleans):
                Write(bools, booleans.Values);
                return booleans.Length;
            case (ColumnWriter<int> ints, Int64Column integers):
                Write(ints, Narrow(integers.Values));
                return integers.Length * sizeof(int);
            case (ColumnWriter<long> longs, Int64Column integers):
                Write(longs, integers.Values);
                return integers.Length * sizeof(long);
            case (ColumnWriter<double> doubles, DoubleColumn numbers):
                Write(doubles, numbers.Values);
                return numbers.Length * sizeof(double);
            case (ColumnWriter<long> longs, DateTimeColumn times):
                Write(longs, Counts(times, times.Values, DateTime.UnixEpoch.Ticks));
                return times.Length * sizeof(long);
            case (ColumnWriter<long> longs, TimeSpanColumn durations):
                Write(longs, Counts(durations, durations.Values, 0));
                return durations.Length * sizeof(long);
            case (ColumnWriter<ByteArray> texts, StringColumn strings):
                return Write(texts, strings);
            case (ColumnWriter<ByteArray> texts, CategoryColumn categories):
                return Write(texts, categories);
            default:
                throw new ArgumentException($"Column '{target.Name}' is a {column.GetType().Name}; its field says {target.Type}.", nameof(column));
        }
    }

    private void Write<T>(ColumnWriter<T> writer, ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var rows = values.Length;
        writer.WriteBatchSpaced(rows, _levels.AsSpan(0, rows), _repetitions.AsSpan(0, rows), _bits, 0, values);
    }

    private static unsafe long Write(ColumnWriter<ByteArray> writer, ReadOnlySpan<short> levels, ReadOnlySpan<byte> text, ReadOnlySpan<int> offsets)
    {
        fixed (byte* start = text)
        {
            var values = new ByteArray[levels.Length];
            var count = 0;
            for (var row = 0; row < levels.Length; row++)
            {
                if (levels[row] != 0)
                {
                    values[count++] = new ByteArray((IntPtr)(start + offsets[row]), offsets[row + 1] - offsets[row]);
                }
            }

            writer.WriteBatch(levels.Length, levels, default, values.AsSpan(0, count));
        }

        return text.Length;
    }

    private long Write(ColumnWriter<ByteArray> writer, StringColumn strings) =>
        Write(writer, _levels.AsSpan(0, strings.Length), strings.Data, strings.Offsets);

    private long Write(ColumnWriter<ByteArray> writer, CategoryColumn categories)
    {
        var offsets = new int[categories.Length + 1];
        var length = 0;
        for (var row = 0; row < categories.Length; row++)
        {
            if (!categories.IsNull(row))
            {
                var level = categories.Domain.Utf8(categories.Values[row]);
                if (_text.Length - length < level.Length)
                {
                    Array.Resize(ref _text, Math.Max(checked(length + level.Length), _text.Length * 2));
                }

                level.CopyTo(_text.AsSpan(length));
                length += level.Length;
            }

            offsets[row + 1] = length;
        }

        return Write(writer, _levels.AsSpan(0, categories.Length), _text.AsSpan(0, length), offsets);
    }

    private long[] Counts(Column column, ReadOnlySpan<long> ticks, long epoch)
    {
        var counts = new long[ticks.Length];
        for (var row = 0; row < counts.Length; row++)
        {
            counts[row] = column.IsNull(row)
                ? 0
                : TimeUnits.FromTicks(ticks[row] - epoch, _isNanoseconds, target.Name, options.Name);
        }

        return counts;
    }

    private static int[] Narrow(ReadOnlySpan<long> values)
    {
        var narrow = new int[values.Length];
        for (var row = 0; row < narrow.Length; row++)
        {
            narrow[row] = (int)values[row];
        }

        return narrow;
    }

    /// <summary>A definition level and a bit for each row: set where there is a value.</summary>
    private void MakeLevels(Column column)
    {
        var rows = column.Length;
        if (_levels.Length < rows)
        {
            _levels = new short[rows];
            _repetitions = new short[rows];
            _bits = new byte[Arrow.ArrowBits.Bytes(rows) + sizeof(long)];
        }

        if (column.Validity is not { } validity)
        {
            _levels.AsSpan(0, rows).Fill(1);
            _bits.AsSpan().Fill(byte.MaxValue);
            return;
        }

        Arrow.ArrowBits.Write(validity, rows, _bits.AsSpan(0, Arrow.ArrowBits.Bytes(rows)));
        for (var row = 0; row < rows; row++)
        {
            _levels[row] = column.IsNull(row) ? (short)0 : (short)1;
        }
    }
}
