using System.Runtime.InteropServices;

namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>A set of levels that some nodes ask a column for, as a bit per level.</summary>
internal sealed class LevelSet
{
    private readonly int _feature;
    private readonly int _number;
    private readonly ulong[] _bits;

    private LevelSet(int feature, int number, int input, ReadOnlySpan<int> levels)
    {
        _feature = feature;
        _number = number;
        Input = input;
        var greatest = 0;
        foreach (var level in levels)
        {
            greatest = Math.Max(greatest, level);
        }

        _bits = new ulong[(greatest >> 6) + 1];
        foreach (var level in levels)
        {
            _bits[level >> 6] |= 1UL << (level & 63);
        }

        if (greatest < LevelBytes.Levels)
        {
            Bytes = new byte[LevelBytes.Levels / 8];
            MemoryMarshal.AsBytes(_bits.AsSpan()).CopyTo(Bytes);
        }
    }

    /// <summary>The first <see cref="LevelBytes.Levels"/> levels, a bit each; null where the set has a greater one.</summary>
    public byte[]? Bytes { get; }

    /// <summary>The column's position among the level columns of the kernel.</summary>
    public int Input { get; }

    /// <summary>The sets of an ensemble, each once per column that is asked for it.</summary>
    public static LevelSet[] All(TreeArrays arrays, Dictionary<int, int> levelColumns) => arrays.SetStarts.Length == 1 ? [] :
    [
        .. Enumerable.Range(0, arrays.Levels.Length)
            .Where(node => arrays.Levels[node] < TreeArrays.Number)
            .Select(node => (Feature: arrays.Features[node], Set: TreeArrays.SetOf(arrays.Levels[node])))
            .Distinct()
            .Order()
            .Select(key => new LevelSet(key.Feature, key.Set, levelColumns[key.Feature], arrays.SetLevelsOf(key.Set))),
    ];

    /// <summary>The position in <paramref name="sets"/> of what a node asks for, by column and number of the set.</summary>
    public static Dictionary<(int Feature, int Set), int> Index(LevelSet[] sets)
    {
        var index = new Dictionary<(int Feature, int Set), int>(sets.Length);
        for (var position = 0; position < sets.Length; position++)
        {
            index.Add((sets[position]._feature, sets[position]._number), position);
        }

        return index;
    }

    /// <summary>False for every code that is no level.</summary>
    public bool Contains(int code) => (uint)(code >> 6) < (uint)_bits.Length && (_bits[code >> 6] & (1UL << (code & 63))) != 0;
}
