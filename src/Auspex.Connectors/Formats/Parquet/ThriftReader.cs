namespace Auspex.Connectors.Formats.Parquet;

/// <summary>Wire types of Thrift's compact protocol, in which Parquet writes its metadata.</summary>
internal enum ThriftType : byte
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>
/// Walks through a structure of Thrift's compact protocol, as far as is needed to hold a file against limits before a library is
/// let loose on it.
/// </summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> bytes)
{
    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Goes to the next field of a structure; false at its end.</summary>
    /// <param name="field">The id of the field before, at first 0; then this one's.</param>
    /// <param name="type">The type of what follows.</param>
    /// <exception cref="EndOfStreamException">Here and below: the bytes end inside the structure.</exception>
    /// <exception cref="InvalidDataException">Here and below: the bytes are no such structure.</exception>
    public bool NextField(ref int field, out ThriftType type)
    {
        var header = Byte();
        type = (ThriftType)(header & 0x0F);
        if (type == ThriftType.Stop)
        {
            return false;
        }

        field = header >> 4 == 0 ? (int)Int() : field + (header >> 4);
        return true;
    }

    /// <summary>The number of elements of a list, which follow, and their type.</summary>
    public int ListHeader(out ThriftType type)
    {
        var header = Byte();
        type = (ThriftType)(header & 0x0F);
        var count = header >> 4 == 15 ? Varint() : (uint)(header >> 4);

        // Every element takes a byte at least.
        return count <= (ulong)(_bytes.Length - Position) ? (int)count : throw Damaged();
    }

    /// <summary>A whole number.</summary>
    public long Int()
    {
        var number = Varint();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(ThriftType type, int depth = 0)
    {
        if (depth > Deepest)
        {
            throw Damaged();
        }

        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                Advance(1);
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                Varint();
                break;
            case ThriftType.Double:
                Advance(sizeof(double));
                break;
            case ThriftType.Binary:
                Advance(Varint());
                break;
            case ThriftType.List or ThriftType.Set:
                for (var left = ListHeader(out var element); left > 0; left--)
                {
                    SkipElement(element, depth);
                }

                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            case ThriftType.Struct:
                var field = 0;
                while (NextField(ref field, out var inner))
                {
                    Skip(inner, depth + 1);
                }

                break;
            default:
                throw Damaged();
        }
    }

    // A boolean takes a byte in a list, and none as a field.
    private void SkipElement(ThriftType type, int depth) =>
        Skip(type is ThriftType.True or ThriftType.False ? ThriftType.Byte : type, depth + 1);

    private void SkipMap(int depth)
    {
        var count = Varint();
        if (count > (ulong)(_bytes.Length - Position))
        {
            throw Damaged();
        }

        var types = count == 0 ? 0 : Byte();
        for (; count > 0; count--)
        {
            SkipElement((ThriftType)(types >> 4), depth);
            SkipElement((ThriftType)(types & 0x0F), depth);
        }
    }

    private ulong Varint()
    {
        var number = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            number |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return number;
            }
        }

        throw Damaged();
    }

    private byte Byte() => Position < _bytes.Length ? _bytes[Position++] : throw new EndOfStreamException();

    private void Advance(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Position))
        {
            throw new EndOfStreamException();
        }

        Position += (int)count;
    }

    private static InvalidDataException Damaged() => new("its metadata are damaged");
}
