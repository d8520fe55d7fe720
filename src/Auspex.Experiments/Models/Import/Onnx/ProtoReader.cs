using System.Buffers.Binary;

namespace Auspex.Experiments.Models.Import.Onnx;

/// <summary>How a field's value is stored in protocol buffers.</summary>
internal enum WireType
{
    /// <summary>A whole number, seven bits a byte.</summary>
    Varint = 0,

    /// <summary>Eight bytes.</summary>
    Fixed64 = 1,

    /// <summary>A length, and so many bytes: text, a message, packed numbers.</summary>
    Bytes = 2,

    /// <summary>Four bytes.</summary>
    Fixed32 = 5,
}

/// <summary>
/// Reads the fields of one protocol-buffer message. Slices, and copies nothing: what it gives is bounded by what it was given.
/// </summary>
internal struct ProtoReader(ReadOnlyMemory<byte> message)
{
    private ReadOnlyMemory<byte> _rest = message;

    /// <summary>The number of the field that was read last.</summary>
    public int Field { get; private set; }

    /// <summary>How its value is stored.</summary>
    public WireType Wire { get; private set; }

    /// <summary>Reads the next field's number; its value must be read, or passed over, next.</summary>
    /// <exception cref="ModelImportException">The bytes are no such message.</exception>
    public bool TryReadField()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = ReadVarint();
        Field = tag is > 0 and <= uint.MaxValue ? (int)((uint)tag >> 3) : 0;
        Wire = (WireType)(tag & 7);
        return Field > 0 && Wire is WireType.Varint or WireType.Fixed64 or WireType.Bytes or WireType.Fixed32
            ? true
            : throw Damaged();
    }

    public long ReadVarint()
    {
        var bytes = _rest.Span;
        ulong value = 0;
        for (var i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return (long)value;
            }
        }

        throw Damaged();
    }

    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(4).Span);

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8).Span);

    /// <summary>The bytes of a field of that kind.</summary>
    public ReadOnlyMemory<byte> ReadBytes() => Wire == WireType.Bytes ? Take(ReadVarint()) : throw Damaged();

    /// <summary>Passes over the value.</summary>
    public void Skip()
    {
        switch (Wire)
        {
            case WireType.Varint:
                ReadVarint();
                break;
            case WireType.Bytes:
                ReadBytes();
                break;
            default:
                Take(Wire == WireType.Fixed32 ? 4 : 8);
                break;
        }
    }

    /// <summary>Adds the field's numbers: one, or packed many.</summary>
    public void ReadVarints(List<long> numbers)
    {
        if (Wire != WireType.Bytes)
        {
            numbers.Add(Wire == WireType.Varint ? ReadVarint() : throw Damaged());
            return;
        }

        var packed = new ProtoReader(ReadBytes());
        while (!packed._rest.IsEmpty)
        {
            numbers.Add(packed.ReadVarint());
        }
    }

    /// <summary>Adds the field's numbers of single precision: one, or packed many.</summary>
    public void ReadSingles(List<double> numbers)
    {
        if (Wire != WireType.Bytes)
        {
            numbers.Add(Wire == WireType.Fixed32 ? ReadSingle() : throw Damaged());
            return;
        }

        var packed = new ProtoReader(ReadBytes());
        while (!packed._rest.IsEmpty)
        {
            numbers.Add(packed.ReadSingle());
        }
    }

    /// <summary>Adds the field's numbers of double precision: one, or packed many.</summary>
    public void ReadDoubles(List<double> numbers)
    {
        if (Wire != WireType.Bytes)
        {
            numbers.Add(Wire == WireType.Fixed64 ? ReadDouble() : throw Damaged());
            return;
        }

        var packed = new ProtoReader(ReadBytes());
        while (!packed._rest.IsEmpty)
        {
            numbers.Add(packed.ReadDouble());
        }
    }

    public static ModelImportException Damaged() =>
        new("The bytes are no ONNX model, which is a protocol-buffer message; the file is of another kind, truncated or damaged.");

    private ReadOnlyMemory<byte> Take(long length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw Damaged();
        }

        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
