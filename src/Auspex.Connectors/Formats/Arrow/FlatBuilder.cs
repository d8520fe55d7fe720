using System.Buffers.Binary;
using System.Text;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>
/// Writes a FlatBuffer, from its end to its beginning as the format wants it: what a table refers to is written before the table.
/// Offsets are counted from the end.
/// </summary>
internal sealed class FlatBuilder
{
    private byte[] _bytes = new byte[1024];
    private int _used;
    private int _alignment = sizeof(int);
    private int[] _fields = [];
    private int _tableStart;

    /// <summary>Writes a text.</summary>
    public int Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Align(sizeof(int), utf8.Length + 1);
        Push([0]);
        Push(utf8);
        PushInt32(utf8.Length);
        return _used;
    }

    /// <summary>Writes a vector of tables or texts that were written before.</summary>
    public int Offsets(ReadOnlySpan<int> targets)
    {
        Align(sizeof(int), targets.Length * sizeof(int));
        for (var i = targets.Length - 1; i >= 0; i--)
        {
            PushOffset(targets[i]);
        }

        PushInt32(targets.Length);
        return _used;
    }

    /// <summary>Writes a vector of long integers, or of structures that hold nothing else.</summary>
    public int Int64s(ReadOnlySpan<long> numbers, int perElement)
    {
        // The count stands before the elements; both are aligned, so the elements come first and fill to eight bytes.
        Align(sizeof(long), numbers.Length * sizeof(long));
        for (var i = numbers.Length - 1; i >= 0; i--)
        {
            PushInt64(numbers[i]);
        }

        PushInt32(numbers.Length / perElement);
        return _used;
    }

    /// <summary>Begins a table with so many fields; until it ends nothing else may be written.</summary>
    public FlatBuilder Begin(int fields)
    {
        _fields = new int[fields];
        _tableStart = _used;
        return this;
    }

    public FlatBuilder Add(int field, long value)
    {
        Align(sizeof(long), 0);
        PushInt64(value);
        _fields[field] = _used;
        return this;
    }

    public FlatBuilder Add(int field, int value)
    {
        Align(sizeof(int), 0);
        PushInt32(value);
        _fields[field] = _used;
        return this;
    }

    public FlatBuilder Add(int field, short value)
    {
        Align(sizeof(short), 0);
        Span<byte> bytes = stackalloc byte[sizeof(short)];
        BinaryPrimitives.WriteInt16LittleEndian(bytes, value);
        Push(bytes);
        _fields[field] = _used;
        return this;
    }

    public FlatBuilder Add(int field, byte value)
    {
        Push([value]);
        _fields[field] = _used;
        return this;
    }

    public FlatBuilder Add(int field, bool value) => Add(field, value ? (byte)1 : (byte)0);

    /// <summary>Refers to what was written before.</summary>
    public FlatBuilder AddOffset(int field, int target)
    {
        Align(sizeof(int), 0);
        PushOffset(target);
        _fields[field] = _used;
        return this;
    }

    /// <summary>Ends the table.</summary>
    public int End()
    {
        Align(sizeof(int), 0);
        PushInt32(0);
        var table = _used;
        for (var i = _fields.Length - 1; i >= 0; i--)
        {
            PushUInt16(_fields[i] == 0 ? 0 : table - _fields[i]);
        }

        PushUInt16(table - _tableStart);
        PushUInt16((_fields.Length + 2) * sizeof(ushort));
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_bytes.Length - table), _used - table);
        return table;
    }

    /// <summary>The whole buffer, of which this is the root.</summary>
    public ReadOnlySpan<byte> Finish(int root)
    {
        Align(_alignment, sizeof(int));
        PushOffset(root);
        return _bytes.AsSpan(_bytes.Length - _used);
    }

    /// <summary>Fills up so that what follows, after so many more bytes, is aligned.</summary>
    private void Align(int size, int more)
    {
        _alignment = Math.Max(_alignment, size);
        var fill = -(_used + more) & (size - 1);
        Span<byte> zeros = stackalloc byte[sizeof(long)];
        zeros.Clear();
        Push(zeros[..fill]);
    }

    private void PushOffset(int target) => PushInt32(_used - target + sizeof(int));

    private void PushInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        Push(bytes);
    }

    private void PushInt64(long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        Push(bytes);
    }

    private void PushUInt16(int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)value));
        Push(bytes);
    }

    private void Push(ReadOnlySpan<byte> bytes)
    {
        if (_used + bytes.Length > _bytes.Length)
        {
            var grown = new byte[Math.Max(checked(_used + bytes.Length), _bytes.Length * 2)];
            _bytes.AsSpan(_bytes.Length - _used).CopyTo(grown.AsSpan(grown.Length - _used));
            _bytes = grown;
        }

        _used += bytes.Length;
        bytes.CopyTo(_bytes.AsSpan(_bytes.Length - _used));
    }
}
