namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>The columns that trees ask for, ascending: by number, and by level or point. A column may be asked for both ways.</summary>
internal sealed record TreeColumns(int[] Numbers, int[] Levels)
{
    /// <summary>What any of these ensembles asks for.</summary>
    public static TreeColumns Of(params IEnumerable<TreeEnsemble> ensembles)
    {
        var numbers = new SortedSet<int>();
        var levels = new SortedSet<int>();
        foreach (var trees in ensembles)
        {
            var arrays = trees.Arrays;
            for (var node = 0; node < arrays.Features.Length; node++)
            {
                (arrays.Levels[node] == TreeArrays.Number ? numbers : levels).Add(arrays.Features[node]);
            }
        }

        return new TreeColumns([.. numbers], [.. levels]);
    }
}
