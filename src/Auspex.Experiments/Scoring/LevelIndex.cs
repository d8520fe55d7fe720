using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace Auspex.Experiments.Scoring;

/// <summary>Finds a level's number by its UTF-8 bytes, without making a string. Immutable.</summary>
internal sealed class LevelIndex
{
    // Per bucket, level + 1; 0 is empty. Open addressing, at most half full.
    private readonly int[] _buckets;
    private readonly ulong[] _hashes;
    private readonly byte[] _bytes;
    private readonly int[] _offsets;

    public LevelIndex(ImmutableArray<string> levels)
    {
        _offsets = new int[levels.Length + 1];
        for (var i = 0; i < levels.Length; i++)
        {
            _offsets[i + 1] = checked(_offsets[i] + Encoding.UTF8.GetByteCount(levels[i]));
        }

        _bytes = new byte[_offsets[^1]];
        _buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, levels.Length * 2))];
        _hashes = new ulong[levels.Length];
        for (var i = 0; i < levels.Length; i++)
        {
            Encoding.UTF8.GetBytes(levels[i], _bytes.AsSpan(_offsets[i]));
            _hashes[i] = Hash(Level(i));
            var bucket = (int)_hashes[i] & (_buckets.Length - 1);
            while (_buckets[bucket] != 0)
            {
                bucket = (bucket + 1) & (_buckets.Length - 1);
            }

            _buckets[bucket] = i + 1;
        }
    }

    /// <summary>The level's number, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var bucket = (int)hash & (_buckets.Length - 1);
        while (_buckets[bucket] is > 0 and var entry)
        {
            if (_hashes[entry - 1] == hash && Level(entry - 1).SequenceEqual(text))
            {
                return entry - 1;
            }

            bucket = (bucket + 1) & (_buckets.Length - 1);
        }

        return -1;
    }

    private ReadOnlySpan<byte> Level(int level) => _bytes.AsSpan(_offsets[level], _offsets[level + 1] - _offsets[level]);

    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        const ulong Multiplier = 0x9E3779B97F4A7C15;
        var hash = (ulong)text.Length * Multiplier;
        while (text.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * Multiplier, 29);
            text = text[8..];
        }

        ulong rest = 0;
        for (var i = 0; i < text.Length; i++)
        {
            rest |= (ulong)text[i] << (8 * i);
        }

        hash = (hash ^ rest) * Multiplier;
        return hash ^ (hash >> 32);
    }
}
