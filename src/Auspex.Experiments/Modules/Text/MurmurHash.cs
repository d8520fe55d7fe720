using System.Buffers.Binary;
using System.Numerics;

namespace Auspex.Experiments.Modules.Text;

/// <summary>MurmurHash3 of 32 bits, as Vowpal Wabbit hashes its features.</summary>
internal static class MurmurHash
{
    /// <summary>What joins the hashes of words that follow one another.</summary>
    public const uint NGramFactor = 27942141;

    public static uint Of(ReadOnlySpan<byte> bytes, uint seed)
    {
        const uint C1 = 0xCC9E2D51, C2 = 0x1B873593;
        var hash = seed;
        var rest = bytes;
        while (rest.Length >= 4)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(rest) * C1;
            hash ^= BitOperations.RotateLeft(word, 15) * C2;
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xE6546B64;
            rest = rest[4..];
        }

        uint last = 0;
        for (var i = rest.Length - 1; i >= 0; i--)
        {
            last = (last << 8) | rest[i];
        }

        if (rest.Length > 0)
        {
            hash ^= BitOperations.RotateLeft(last * C1, 15) * C2;
        }

        hash ^= (uint)bytes.Length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
