using System.Runtime.InteropServices;
using Auspex.Experiments.Scoring;

namespace Auspex.Experiments.Models.Import;

/// <summary>Sets of levels of an ensemble that is being built, each once: kernels look at every set of a column for every row.</summary>
internal sealed class LevelSets(TreeEnsembleBuilder builder)
{
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);

    /// <summary>What <see cref="TreeSplit.Level"/> is for nodes that send these levels, ascending, right.</summary>
    public int LevelOf(ReadOnlySpan<int> levels)
    {
        if (levels.Length == 1)
        {
            return levels[0];
        }

        var key = new string(MemoryMarshal.Cast<int, char>(levels));
        if (!_known.TryGetValue(key, out var level))
        {
            level = builder.AddSet(levels);
            _known.Add(key, level);
        }

        return level;
    }
}
