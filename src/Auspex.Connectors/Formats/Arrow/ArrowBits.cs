using System.Buffers.Binary;
using System.Numerics;

namespace Auspex.Connectors.Formats.Arrow;

/// <summary>Bitmaps: the first row is the lowest bit of the first byte.</summary>
internal static class ArrowBits
{
    /// <summary>How many bytes so many bits take.</summary>
    public static int Bytes(int bits) => (bits + 7) >> 3;

    /// <summary>A run of bits as words; null when all of them are set.</summary>
    public static ulong[]? Window(ReadOnlySpan<byte> bits, int start, int count)
    {
        if (bits.IsEmpty || count == 0)
        {
            return null;
        }

        var words = new ulong[(count + 63) >> 6];
        var set = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var first = start + (i << 6);
            var length = Math.Min(64, count - (i << 6));
            var word = Word(bits, first) | (length < 64 ? ulong.MaxValue << length : 0);
            words[i] = word;
            set += BitOperations.PopCount(word) - (64 - length);
        }

        return set == count ? null : words;
    }

    /// <summary>A bit for each row of our own, with nothing behind the last.</summary>
    public static void Write(ulong[] words, int count, Span<byte> bits)
    {
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = (byte)(words[i >> 3] >> ((i & 7) << 3));
        }

        if ((count & 7) != 0)
        {
            bits[^1] &= (byte)((1 << (count & 7)) - 1);
        }
    }

    private static ulong Word(ReadOnlySpan<byte> bits, int first)
    {
        var at = first >> 3;
        var shift = first & 7;
        Span<byte> nine = stackalloc byte[9];
        nine.Clear();
        bits.Slice(at, Math.Min(9, bits.Length - at)).CopyTo(nine);
        var word = BinaryPrimitives.ReadUInt64LittleEndian(nine);
        return shift == 0 ? word : (word >> shift) | ((ulong)nine[8] << (64 - shift));
    }
}
