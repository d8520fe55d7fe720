namespace Auspex.Experiments.Models.Import.LightGbm;

/// <summary>A tree of a LightGBM file, checked against itself: as many elements as it says, children that form a tree.</summary>
internal sealed class LightGbmTree
{
    /// <summary>Where it stands, in messages.</summary>
    public required string Where { get; init; }

    /// <summary>Per node the feature.</summary>
    public required int[] Features { get; init; }

    /// <summary>Per node the threshold; for a categorical node the number of its bit set.</summary>
    public required double[] Thresholds { get; init; }

    /// <summary>Per node bit 0: categorical; bit 1: missing values go left; bits 2 and 3: what is missing.</summary>
    public required int[] Decisions { get; init; }

    /// <summary>Per node the child for rows that pass its test; a leaf as <c>~leaf</c>.</summary>
    public required int[] Left { get; init; }

    /// <summary>Per node the child for the others.</summary>
    public required int[] Right { get; init; }

    /// <summary>Per leaf its value, shrunk already.</summary>
    public required double[] Leaves { get; init; }

    /// <summary>Per leaf how many training rows came to it; of another length where the file does not say.</summary>
    public required double[] Covers { get; init; }

    /// <summary>Per bit set the index of its first word, and the number of all words at the end.</summary>
    public required int[] SetStarts { get; init; }

    /// <summary>Words of the bit sets.</summary>
    public required uint[] SetWords { get; init; }

    /// <summary>Whether a node asks for categories.</summary>
    public bool IsCategorical(int node) => (Decisions[node] & 1) != 0;

    /// <summary>The words of a categorical node's bit set.</summary>
    public ReadOnlySpan<uint> SetOf(int node)
    {
        var set = Thresholds[node];
        if (!(set >= 0 && set < SetStarts.Length - 1 && set == Math.Floor(set)))
        {
            throw new ModelImportException(
                $"{Where}: node {node} asks for bit set {set}; there are {SetStarts.Length - 1}. The file is damaged.");
        }

        return SetWords.AsSpan(SetStarts[(int)set]..SetStarts[(int)set + 1]);
    }

    /// <summary>Checks what the file says of itself.</summary>
    /// <exception cref="ModelImportException">Something does not fit.</exception>
    public void Check(int features)
    {
        var nodes = Leaves.Length - 1;
        foreach (var (name, found) in new[]
        {
            ("split_feature", Features.Length), ("threshold", Thresholds.Length), ("decision_type", Decisions.Length),
            ("left_child", Left.Length), ("right_child", Right.Length),
        })
        {
            if (found != nodes)
            {
                throw new ModelImportException(
                    $"{Where}: {name} has {found} elements; a tree of {Leaves.Length} leaves has {nodes}. The file is damaged.");
            }
        }

        for (var node = 0; node < nodes; node++)
        {
            if (Features[node] < 0 || Features[node] >= features || Decisions[node] is < 0 or > 11 || double.IsNaN(Thresholds[node]))
            {
                throw new ModelImportException(
                    $"{Where}: node {node} has feature {Features[node]} of {features}, decision type {Decisions[node]} and threshold "
                    + $"{Thresholds[node]}, which cannot be. The file is damaged.");
            }
        }

        // Each categorical node has a bit set of its own: that bounds what they hold by the size of the file.
        int[] sets = [.. Enumerable.Range(0, nodes).Where(IsCategorical).Select(node => (int)Thresholds[node])];
        if (sets.Distinct().Count() != sets.Length)
        {
            throw new ModelImportException($"{Where}: two nodes ask for the same bit set. The file is damaged.");
        }

        for (var set = 1; set < SetStarts.Length; set++)
        {
            if (SetStarts[set] < SetStarts[set - 1])
            {
                throw new ModelImportException($"{Where}: cat_boundaries do not ascend. The file is damaged.");
            }
        }

        if (SetStarts[0] != 0 || SetStarts[^1] != SetWords.Length)
        {
            throw new ModelImportException(
                $"{Where}: cat_boundaries end at {SetStarts[^1]}; cat_threshold has {SetWords.Length} words. The file is damaged.");
        }

        if (!Leaves.All(double.IsFinite))
        {
            throw new ModelImportException($"{Where}: a leaf's value is not a finite number; train without such labels or weights.");
        }

        TreeShape.Check(Left, Right, Leaves.Length, Where);
    }
}
