namespace Auspex.Experiments.Scoring.Kernels;

/// <summary>The columns that trees ask for, ascending: by number, and by level or point. A column may be asked for both ways.</summary>
internal sealed record TreeColumns(int[] Numbers, int[] Levels)
{
    /// <summary>What any of these ensembles asks for.</summary>
    public static TreeColumns Of(params IEnumerable<TreeEnsemble> ensembles)
    {
        // Whether a column is asked for, by its index.
        var numbers = new List<bool>();
        var levels = new List<bool>();
        foreach (var trees in ensembles)
        {
            var arrays = trees.Arrays;
            for (var node = 0; node < arrays.Features.Length; node++)
            {
                Mark(arrays.Levels[node] == TreeArrays.Number ? numbers : levels, arrays.Features[node]);
            }
        }

        return new TreeColumns(Marked(numbers), Marked(levels));
    }

    private static void Mark(List<bool> columns, int column)
    {
        while (columns.Count <= column)
        {
            columns.Add(false);
        }

        columns[column] = true;
    }

    private static int[] Marked(List<bool> columns)
    {
        var marked = new List<int>();
        for (var column = 0; column < columns.Count; column++)
        {
            if (columns[column])
            {
                marked.Add(column);
            }
        }

        return [.. marked];
    }
}
