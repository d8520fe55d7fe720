using Auspex.Experiments.Training.Recommendation;

namespace Auspex.Experiments.Modules.Recommendation;

/// <summary>With whom somebody has ratings in common, and how many.</summary>
/// <param name="own">Who rated what.</param>
/// <param name="other">What was rated by whom.</param>
internal sealed class CommonCounts(RatingIndex own, RatingIndex other) : IDisposable
{
    private readonly ThreadLocal<int[]> _counts = new(() => new int[own.Count]);

    /// <summary>All others that have at least <paramref name="least"/> in common with one, ascending.</summary>
    public List<int> With(int one, int least)
    {
        var counts = _counts.Value!;
        var found = new List<int>();
        foreach (var shared in own.OthersOf(one))
        {
            foreach (var neighbour in other.OthersOf(shared))
            {
                if (neighbour != one && ++counts[neighbour] == 1)
                {
                    found.Add(neighbour);
                }
            }
        }

        var enough = new List<int>();
        foreach (var neighbour in found)
        {
            if (counts[neighbour] >= least)
            {
                enough.Add(neighbour);
            }

            counts[neighbour] = 0;
        }

        enough.Sort();
        return enough;
    }

    public void Dispose() => _counts.Dispose();
}
