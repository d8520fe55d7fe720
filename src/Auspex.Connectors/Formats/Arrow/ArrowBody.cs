using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Tables;
using Auspex.Errors;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>The body of a message: the buffers of columns one after another. Used again for the next batch.</summary>
/// <param name="name">The file's name in messages.</param>
/// <param name="unit">What times are counted in.</param>
/// <param name="zstd">Packs buffers; null leaves them as they are.</param>
internal sealed class ArrowBody(string name, ArrowUnit unit, ZstdBlock? zstd)
{
    private const int Alignment = 8;
    private const long NotCompressed = -1;

    private readonly List<long> _buffers = [];
    private readonly List<long> _nodes = [];
    private byte[] _bytes = new byte[1 << 16];
    private byte[] _scratch = [];
    private int _used;

    /// <summary>The rows of all columns.</summary>
    public long Rows { get; private set; }

    /// <summary>Offset and length of each buffer.</summary>
    public ReadOnlySpan<long> Buffers => CollectionsMarshal.AsSpan(_buffers);

    /// <summary>Rows and missing values of each column.</summary>
    public ReadOnlySpan<long> Nodes => CollectionsMarshal.AsSpan(_nodes);

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _used);

    /// <summary>How many there are.</summary>
    public long Length => _used;

    /// <summary>Begins another body.</summary>
    public void Begin(long rows)
    {
        Rows = rows;
        _used = 0;
        _buffers.Clear();
        _nodes.Clear();
    }

    /// <summary>Appends a column.</summary>
    /// <exception cref="TableFormatException">It holds an instant or a level that cannot be written.</exception>
    public void Add(Column column, TableField field)
    {
        var nulls = column.CountNulls();
        _nodes.Add(column.Length);
        _nodes.Add(nulls);
        AddValidity(column, nulls);
        switch (column)
        {
            case BooleanColumn booleans:
                AddBooleans(booleans);
                break;
            case Int64Column integers when field.Type == ColumnType.Int32:
                Add(MemoryMarshal.AsBytes(Narrow(integers)));
                break;
            case Int64Column integers:
                Add(MemoryMarshal.AsBytes(integers.Values));
                break;
            case DoubleColumn numbers:
                Add(MemoryMarshal.AsBytes(numbers.Values));
                break;
            case DateTimeColumn times:
                Add(MemoryMarshal.AsBytes(Count(times, DateTime.UnixEpoch.Ticks, field.Name)));
                break;
            case TimeSpanColumn durations:
                Add(MemoryMarshal.AsBytes(Count(durations, 0, field.Name)));
                break;
            case CategoryColumn categories:
                Add(MemoryMarshal.AsBytes(Codes(categories, field)));
                break;
            case StringColumn texts:
                Add(MemoryMarshal.AsBytes(texts.Offsets));
                Add(texts.Data);
                break;
        }
    }

    private void AddValidity(Column column, int nulls)
    {
        if (nulls == 0)
        {
            Add([]);
            return;
        }

        var bits = Scratch<byte>(ArrowBits.Bytes(column.Length));
        ArrowBits.Write(column.Validity!, column.Length, bits);
        Add(bits);
    }

    private void AddBooleans(BooleanColumn booleans)
    {
        var bits = Scratch<byte>(ArrowBits.Bytes(booleans.Length));
        bits.Clear();
        for (var row = 0; row < booleans.Length; row++)
        {
            bits[row >> 3] |= (byte)(booleans.Values[row] ? 1 << (row & 7) : 0);
        }

        Add(bits);
    }

    private Span<int> Narrow(Int64Column integers)
    {
        var narrow = Scratch<int>(integers.Length);
        for (var row = 0; row < narrow.Length; row++)
        {
            narrow[row] = (int)integers.Values[row];
        }

        return narrow;
    }

    private Span<long> Count(Column<long> times, long epoch, string column)
    {
        var counts = Scratch<long>(times.Length);
        for (var row = 0; row < counts.Length; row++)
        {
            counts[row] = times.IsNull(row) ? 0 : TimeUnits.FromTicks(times.Values[row] - epoch, unit == ArrowUnit.Nanosecond, column, name);
        }

        return counts;
    }

    /// <summary>A batch may bear another domain than the schema; its levels count, not its codes.</summary>
    private Span<int> Codes(CategoryColumn categories, TableField field)
    {
        var codes = Scratch<int>(categories.Length);
        var domain = field.Categories!;
        var isSame = ReferenceEquals(domain, categories.Domain) || domain.Equals(categories.Domain);
        for (var row = 0; row < codes.Length; row++)
        {
            codes[row] = categories.IsNull(row) ? 0
                : isSame ? categories.Values[row]
                : domain.IndexOf(categories.Domain.Levels[categories.Values[row]]);
            if (codes[row] < 0)
            {
                throw new TableFormatException(
                    ErrorCode.UnwritableCell,
                    $"{name}: column '{field.Name}': found a level that the table's schema does not have; expected one of its {domain.Levels.Length} levels.");
            }
        }

        return codes;
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        var start = _used;
        if (zstd is not null && bytes.Length > 0)
        {
            var packed = zstd.Pack(bytes);
            var isSmaller = packed.Length < bytes.Length;
            BinaryPrimitives.WriteInt64LittleEndian(Reserve(sizeof(long)), isSmaller ? bytes.Length : NotCompressed);
            _used += sizeof(long);
            bytes = isSmaller ? packed : bytes;
        }

        bytes.CopyTo(Reserve(bytes.Length));
        _used += bytes.Length;
        _buffers.Add(start);
        _buffers.Add(_used - start);
        var fill = -_used & (Alignment - 1);
        Reserve(fill)[..fill].Clear();
        _used += fill;
    }

    private Span<byte> Reserve(int length)
    {
        if (_bytes.Length - _used < length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(checked(_used + length), _bytes.Length * 2L)));
        }

        return _bytes.AsSpan(_used);
    }

    private Span<T> Scratch<T>(int count)
        where T : unmanaged
    {
        var size = checked(count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        if (_scratch.Length < size)
        {
            _scratch = new byte[size];
        }

        return MemoryMarshal.Cast<byte, T>(_scratch.AsSpan(0, size));
    }
}
