using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>The buffers of one column of a record batch, and how its rows are taken out of them.</summary>
internal sealed class ArrowColumn
{
    private const int ViewSize = 16;
    private const int LongestInlineView = 12;

    private readonly ArrowField _field;
    private readonly byte[][] _buffers;
    private readonly int _rows;
    private readonly ArrowDictionaryValues? _dictionary;

    /// <exception cref="InvalidDataException">A buffer is too short for the rows.</exception>
    public ArrowColumn(ArrowField field, byte[][] buffers, int rows, ArrowDictionaryValues? dictionary)
    {
        _field = field;
        _buffers = buffers;
        _rows = rows;
        _dictionary = dictionary;
        if (buffers.Length > 0)
        {
            Require(0, buffers[0].Length == 0 ? 0 : ArrowBits.Bytes(rows));
            Require(1, ValuesSize(field.Dictionary?.Index ?? field.Type, rows));
        }
    }

    /// <summary>Some rows, as a column of the type that <see cref="ArrowTypes"/> gives for the field.</summary>
    public Column Decode(int start, int count, CellFaults faults)
    {
        if (_field.Type.Kind == ArrowKind.Null && _field.Dictionary is null)
        {
            return new StringColumn([], new int[count + 1], count, count == 0 ? null : new ulong[(count + 63) >> 6]);
        }

        var validity = ArrowBits.Window(_buffers[0], start, count);
        if (_field.Dictionary is { } reference)
        {
            return _dictionary!.Decode(_field, Integers(reference.Index, start, count), count, validity);
        }

        var type = _field.Type;
        return type.Kind switch
        {
            ArrowKind.Bool => Booleans(start, count, validity),
            ArrowKind.Int => new Int64Column(Checked(Integers(type, start, count), validity, faults), count, validity),
            ArrowKind.FloatingPoint => new DoubleColumn(Numbers(type, start, count), count, validity),
            ArrowKind.Decimal => new DoubleColumn(Decimals(type, start, count), count, validity),
            ArrowKind.Date => Instants(start, count, validity, faults, type.Unit == ArrowUnit.Second ? 0 : ArrowTypes.PerSecond(ArrowUnit.Millisecond)),
            ArrowKind.Timestamp => Instants(start, count, validity, faults, ArrowTypes.PerSecond(type.Unit)),
            ArrowKind.Time or ArrowKind.Duration => Durations(start, count, validity, faults),
            ArrowKind.Utf8 or ArrowKind.LargeUtf8 => Texts(start, count, validity, faults),
            _ => Views(start, count, validity, faults),
        };
    }

    private static long ValuesSize(ArrowType type, int rows) => type.Kind switch
    {
        ArrowKind.Bool => ArrowBits.Bytes(rows),
        ArrowKind.Utf8 => rows == 0 ? 0 : (rows + 1L) * sizeof(int),
        ArrowKind.LargeUtf8 => rows == 0 ? 0 : (rows + 1L) * sizeof(long),
        ArrowKind.Utf8View => (long)rows * ViewSize,
        ArrowKind.Date => (long)rows * (type.Unit == ArrowUnit.Second ? sizeof(int) : sizeof(long)),
        _ => (long)rows * type.Bits / 8,
    };

    private void Require(int buffer, long size)
    {
        if (_buffers[buffer].Length < size)
        {
            throw new InvalidDataException(
                $"column '{_field.Name}': found a buffer of {_buffers[buffer].Length} bytes; expected at least {size} for {_rows} rows");
        }
    }

    private ReadOnlySpan<T> Values<T>(int start, int count)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_buffers[1]).Slice(start, count);

    private BooleanColumn Booleans(int start, int count, ulong[]? validity)
    {
        var bits = _buffers[1];
        var values = new bool[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (bits[(start + i) >> 3] & (1 << ((start + i) & 7))) != 0;
        }

        return new BooleanColumn(values, count, validity);
    }

    private long[] Integers(ArrowType type, int start, int count)
    {
        switch (type.Bits, type.IsSigned)
        {
            case (8, true): return Widen(Values<sbyte>(start, count));
            case (8, false): return Widen(Values<byte>(start, count));
            case (16, true): return Widen(Values<short>(start, count));
            case (16, false): return Widen(Values<ushort>(start, count));
            case (32, true): return Widen(Values<int>(start, count));
            case (32, false): return Widen(Values<uint>(start, count));
            default: return Values<long>(start, count).ToArray();
        }
    }

    private static long[] Widen<T>(ReadOnlySpan<T> values)
        where T : unmanaged, INumberBase<T>
    {
        var wide = new long[values.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = long.CreateTruncating(values[i]);
        }

        return wide;
    }

    /// <summary>Unsigned numbers beyond the signed range have no place in a column of ours.</summary>
    private long[] Checked(long[] values, ulong[]? validity, CellFaults faults)
    {
        if (_field.Type is { Bits: 64, IsSigned: false })
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] < 0 && IsValid(validity, i))
                {
                    faults.Add(i, ErrorCode.WrongCellType, _field.Name, ArrowTypes.TooLargeUnsigned);
                }
            }
        }

        return values;
    }

    private double[] Numbers(ArrowType type, int start, int count)
    {
        var numbers = new double[count];
        switch (type.Bits)
        {
            case 64:
                Values<double>(start, count).CopyTo(numbers);
                break;
            case 32:
                var singles = Values<float>(start, count);
                for (var i = 0; i < count; i++)
                {
                    numbers[i] = singles[i];
                }

                break;
            default:
                var halves = Values<Half>(start, count);
                for (var i = 0; i < count; i++)
                {
                    numbers[i] = (double)halves[i];
                }

                break;
        }

        return numbers;
    }

    private double[] Decimals(ArrowType type, int start, int count)
    {
        var numbers = new double[count];
        var size = type.Bits / 8;
        for (var i = 0; i < count; i++)
        {
            var bytes = _buffers[1].AsSpan((start + i) * size, size);
            numbers[i] = size switch
            {
                sizeof(int) => DecimalNumber.ToDouble(BinaryPrimitives.ReadInt32LittleEndian(bytes), type.Scale),
                sizeof(long) => DecimalNumber.ToDouble(BinaryPrimitives.ReadInt64LittleEndian(bytes), type.Scale),
                _ => DecimalNumber.ToDouble(new BigInteger(bytes), type.Scale),
            };
        }

        return numbers;
    }

    private DateTimeColumn Instants(int start, int count, ulong[]? validity, CellFaults faults, long perSecond)
    {
        var ticks = perSecond == 0 ? Widen(Values<int>(start, count)) : Values<long>(start, count).ToArray();
        for (var i = 0; i < count; i++)
        {
            if (!IsValid(validity, i))
            {
                ticks[i] = 0;
            }
            else if (!(perSecond == 0
                ? TimeUnits.TryDate(ticks[i], out ticks[i])
                : TimeUnits.TryInstant(ticks[i], perSecond, out ticks[i])))
            {
                faults.Add(i, ErrorCode.WrongCellType, _field.Name, ArrowTypes.OutsideYears);
            }
        }

        return new DateTimeColumn(ticks, count, validity);
    }

    private TimeSpanColumn Durations(int start, int count, ulong[]? validity, CellFaults faults)
    {
        var ticks = _field.Type.Bits == 32 ? Widen(Values<int>(start, count)) : Values<long>(start, count).ToArray();
        var perSecond = ArrowTypes.PerSecond(_field.Type.Unit);
        for (var i = 0; i < count; i++)
        {
            if (!IsValid(validity, i))
            {
                ticks[i] = 0;
            }
            else if (!TimeUnits.TryTicks(ticks[i], perSecond, out ticks[i]))
            {
                faults.Add(i, ErrorCode.WrongCellType, _field.Name, ArrowTypes.TooLongDuration);
                ticks[i] = 0;
            }
        }

        return new TimeSpanColumn(ticks, count, validity);
    }

    private StringColumn Texts(int start, int count, ulong[]? validity, CellFaults faults)
    {
        var offsets = new int[count + 1];
        if (count == 0)
        {
            return new StringColumn([], offsets, 0, null);
        }

        var data = _buffers[2];
        var isLarge = _field.Type.Kind == ArrowKind.LargeUtf8;
        var first = isLarge ? Values<long>(start, 1)[0] : Values<int>(start, 1)[0];
        var last = first;
        for (var i = 0; i <= count; i++)
        {
            var offset = isLarge ? Values<long>(start + i, 1)[0] : Values<int>(start + i, 1)[0];
            if (offset < last || offset < 0 || offset > data.Length)
            {
                throw new InvalidDataException($"column '{_field.Name}': the offsets of its texts do not fit its bytes");
            }

            last = offset;
            offsets[i] = (int)(offset - first);
        }

        var bytes = data.AsSpan((int)first, (int)(last - first)).ToArray();
        var texts = new StringColumn(bytes, offsets, count, validity);
        TextCheck.FindInvalid(texts, _field.Name, faults);
        return texts;
    }

    /// <summary>Short texts lie in the view itself, long ones in one of the data buffers.</summary>
    private StringColumn Views(int start, int count, ulong[]? validity, CellFaults faults)
    {
        var builder = new StringColumnBuilder(count);
        for (var i = 0; i < count; i++)
        {
            if (!IsValid(validity, i))
            {
                builder.AppendNull();
                continue;
            }

            var view = _buffers[1].AsSpan((start + i) * ViewSize, ViewSize);
            var length = BinaryPrimitives.ReadInt32LittleEndian(view);
            if (length is >= 0 and <= LongestInlineView)
            {
                builder.AppendUtf8(view.Slice(sizeof(int), length));
                continue;
            }

            var buffer = BinaryPrimitives.ReadInt32LittleEndian(view[8..]) + 2L;
            var offset = BinaryPrimitives.ReadInt32LittleEndian(view[12..]);
            if (length < 0 || buffer < 2 || buffer >= _buffers.Length || offset < 0 || (long)offset + length > _buffers[buffer].Length)
            {
                throw new InvalidDataException($"column '{_field.Name}': a text lies outside its bytes");
            }

            builder.AppendUtf8(_buffers[buffer].AsSpan(offset, length));
        }

        var texts = (StringColumn)builder.Build();
        TextCheck.FindInvalid(texts, _field.Name, faults);
        return texts;
    }

    private static bool IsValid(ulong[]? validity, int row) => validity is null || (validity[row >> 6] & (1UL << (row & 63))) != 0;
}
