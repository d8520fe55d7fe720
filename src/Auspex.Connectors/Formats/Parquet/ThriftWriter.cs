using System.Buffers;

namespace Auspex.Connectors.Formats.Parquet;

/// <summary>Writes values in Thrift's compact protocol.</summary>
internal sealed class ThriftWriter
{
    private const int LongestShortList = 14;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public int Length => _bytes.WrittenCount;

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>A whole number of any width.</summary>
    public void Int(long value) => Varint((ulong)(value << 1) ^ (ulong)(value >> 63));

    public void ListHeader(int count, ThriftType type)
    {
        if (count <= LongestShortList)
        {
            Byte((count << 4) | (int)type);
            return;
        }

        Byte(0xF0 | (int)type);
        Varint((ulong)count);
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();

    private void Byte(int value)
    {
        _bytes.GetSpan(1)[0] = (byte)value;
        _bytes.Advance(1);
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((int)(value & 0x7F) | 0x80);
        }

        Byte((int)value);
    }
}
