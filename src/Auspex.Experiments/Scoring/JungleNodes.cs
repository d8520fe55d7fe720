namespace Auspex.Experiments.Scoring;

/// <summary>The nodes of decision graphs, side by side.</summary>
/// <param name="Starts">Per graph its first node, and the number of all nodes at the end.</param>
/// <param name="Features">Per node the column that it asks for; -1 for a leaf.</param>
/// <param name="Thresholds">Per node: a greater number goes right.</param>
/// <param name="Levels">Per node the level that goes right; -1 where a number is compared.</param>
/// <param name="MissingRight">Per node 1 where a missing number goes right.</param>
/// <param name="Left">Per node where rows go left; a node behind it. Of a leaf the place of its distribution.</param>
/// <param name="Right">Per node where rows go right; a node behind it.</param>
/// <param name="Distributions">Per leaf, in order, a part per class.</param>
internal sealed record JungleNodes(
    int[] Starts, int[] Features, float[] Thresholds, int[] Levels, byte[] MissingRight, int[] Left, int[] Right, double[] Distributions)
{
    public const int Leaf = -1;

    /// <summary>Checks the form: files come from anywhere.</summary>
    /// <exception cref="ArgumentException">Lengths, order or numbers are wrong.</exception>
    public void Check(FeatureLayout layout, int classes)
    {
        var nodes = Features.Length;
        var fits = Starts.Length > 1 && Starts[0] == 0 && Starts[^1] == nodes && Thresholds.Length == nodes && Levels.Length == nodes
            && MissingRight.Length == nodes && Left.Length == nodes && Right.Length == nodes && Distributions.Length % classes == 0;
        for (var graph = 0; fits && graph < Starts.Length - 1; graph++)
        {
            fits = Starts[graph] < Starts[graph + 1] && Starts[graph + 1] <= nodes;
            for (var node = Starts[graph]; fits && node < Starts[graph + 1]; node++)
            {
                fits = Features[node] == Leaf
                    ? (uint)Left[node] < (uint)(Distributions.Length / classes)
                    : Fits(layout, node, Starts[graph + 1]);
            }
        }

        if (!fits)
        {
            throw new ArgumentException("The nodes of the decision graphs do not fit each other or the features.");
        }
    }

    /// <summary>The place of the leaf that a row ends at.</summary>
    public int Walk(int graph, ReadOnlySpan<float> numbers, ReadOnlySpan<int> codes, int[] places, int stride, int row)
    {
        var node = Starts[graph];
        while (Features[node] is >= 0 and var feature)
        {
            var at = (places[feature] * stride) + row;
            bool right;
            if (Levels[node] >= 0)
            {
                right = codes[at] == Levels[node];
            }
            else
            {
                var number = numbers[at];
                right = float.IsNaN(number) ? MissingRight[node] != 0 : number > Thresholds[node];
            }

            node = right ? Right[node] : Left[node];
        }

        return Left[node];
    }

    private bool Fits(FeatureLayout layout, int node, int end)
    {
        var feature = Features[node];
        return (uint)feature < (uint)layout.Columns.Length
            && (layout.IsLevels(feature) ? Levels[node] >= 0 && Levels[node] < layout.Width(feature) : Levels[node] == -1)
            && !float.IsNaN(Thresholds[node])
            && Left[node] > node && Left[node] < end && Right[node] > node && Right[node] < end;
    }
}
