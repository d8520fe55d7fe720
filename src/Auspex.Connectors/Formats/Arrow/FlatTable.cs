using System.Buffers.Binary;
using System.Text;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>
/// A table of a FlatBuffer, read in place. Every position is held against the buffer before it is followed, since the bytes may
/// be anybody's.
/// </summary>
internal readonly struct FlatTable
{
    private readonly ReadOnlyMemory<byte> _buffer;
    private readonly int _position;

    private FlatTable(ReadOnlyMemory<byte> buffer, int position) => (_buffer, _position) = (buffer, position);

    /// <summary>The buffer's own table.</summary>
    /// <exception cref="InvalidDataException">Here and in every other member: the buffer is no FlatBuffer, or is cut off.</exception>
    public static FlatTable Root(ReadOnlyMemory<byte> buffer) => new(buffer, Follow(buffer.Span, 0));

    public int Int32(int field, int otherwise = 0) =>
        FieldAt(field, sizeof(int)) is var at and > 0 ? BinaryPrimitives.ReadInt32LittleEndian(_buffer.Span[at..]) : otherwise;

    public long Int64(int field, long otherwise = 0) =>
        FieldAt(field, sizeof(long)) is var at and > 0 ? BinaryPrimitives.ReadInt64LittleEndian(_buffer.Span[at..]) : otherwise;

    public short Int16(int field, short otherwise = 0) =>
        FieldAt(field, sizeof(short)) is var at and > 0 ? BinaryPrimitives.ReadInt16LittleEndian(_buffer.Span[at..]) : otherwise;

    public byte UInt8(int field, byte otherwise = 0) =>
        FieldAt(field, 1) is var at and > 0 ? _buffer.Span[at] : otherwise;

    public bool Boolean(int field) => UInt8(field) != 0;

    /// <summary>A table inside this one; null when it is left out.</summary>
    public FlatTable? Table(int field) =>
        FieldAt(field, sizeof(int)) is var at and > 0 ? new FlatTable(_buffer, Follow(_buffer.Span, at)) : null;

    /// <summary>A text; null when it is left out.</summary>
    public string? Text(int field)
    {
        var (start, count) = Vector(field, 1);
        return start == 0 ? null : Encoding.UTF8.GetString(_buffer.Span.Slice(start, count));
    }

    /// <summary>The tables of a vector; empty when it is left out.</summary>
    public FlatTable[] Tables(int field)
    {
        var (start, count) = Vector(field, sizeof(int));
        var tables = new FlatTable[count];
        for (var i = 0; i < count; i++)
        {
            tables[i] = new FlatTable(_buffer, Follow(_buffer.Span, start + (i * sizeof(int))));
        }

        return tables;
    }

    /// <summary>A vector of long integers, or of structures that hold nothing else, one after another.</summary>
    /// <param name="field">The field's index.</param>
    /// <param name="perElement">Long integers in an element.</param>
    public long[] Int64s(int field, int perElement)
    {
        var (start, count) = Vector(field, perElement * sizeof(long));
        var numbers = new long[count * perElement];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt64LittleEndian(_buffer.Span[(start + (i * sizeof(long)))..]);
        }

        return numbers;
    }

    private (int Start, int Count) Vector(int field, int elementSize)
    {
        var at = FieldAt(field, sizeof(int));
        if (at == 0)
        {
            return default;
        }

        var bytes = _buffer.Span;
        var start = Follow(bytes, at);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes[start..]);
        start += sizeof(int);
        return count >= 0 && (long)count * elementSize <= bytes.Length - start ? (start, count) : throw Broken();
    }

    /// <summary>Where a field of so many bytes lies; 0 when it is left out.</summary>
    private int FieldAt(int field, int size)
    {
        var bytes = _buffer.Span;
        var table = (long)_position - BinaryPrimitives.ReadInt32LittleEndian(bytes[_position..]);
        if (table < 0 || table > bytes.Length - sizeof(ushort))
        {
            throw Broken();
        }

        var entry = 4 + (field * sizeof(ushort));
        if (entry + sizeof(ushort) > BinaryPrimitives.ReadUInt16LittleEndian(bytes[(int)table..]))
        {
            return 0;
        }

        if (table + entry + sizeof(ushort) > bytes.Length)
        {
            throw Broken();
        }

        var offset = BinaryPrimitives.ReadUInt16LittleEndian(bytes[((int)table + entry)..]);
        return offset == 0 ? 0 : _position + offset <= bytes.Length - size ? _position + offset : throw Broken();
    }

    /// <summary>The place that an offset points to; at least four bytes can be read there.</summary>
    private static int Follow(ReadOnlySpan<byte> bytes, int at)
    {
        if (at > bytes.Length - sizeof(int))
        {
            throw Broken();
        }

        var target = at + (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
        return target > at && target <= bytes.Length - sizeof(int) ? (int)target : throw Broken();
    }

    private static InvalidDataException Broken() => new("a metadata block points outside itself");
}
