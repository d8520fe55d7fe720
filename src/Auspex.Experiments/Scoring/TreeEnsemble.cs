namespace Auspex.Experiments.Scoring;

/// <summary>
/// A sum of binary decision trees in one flat form. A row goes right where its number is greater than the node's
/// threshold; a missing number goes the node's own way; at a level node a row goes right where it has that level, or one of
/// a set of levels; without a level it goes left. Numbers are rounded to single precision first, or, where the ensemble says
/// so, compared in double.
/// </summary>
/// <remarks>
/// The form holds what other libraries grow: "less or equal goes left" is this form, "less goes left" is greater than the
/// number just below (see <see cref="TreeSplit.AtLeast"/>), a forest's mean is a sum with a <see cref="SumLink.Divisor"/>, and
/// "equals" asks a column of numbers for a point, as a column of levels is asked for a level.
/// An ensemble may have no trees; its sum is the bias.
/// Nodes of a tree stand in pre-order, leaves from left to right; a child below zero is the leaf <c>~child</c>. Node and
/// leaf numbers are relative to their tree. A tree without nodes has one leaf. Immutable.
/// </remarks>
public sealed class TreeEnsemble
{
    /// <summary>Takes arrays in the form above.</summary>
    /// <exception cref="FormatException">The arrays do not form trees: lengths, order, cycles or thresholds are wrong.</exception>
    internal TreeEnsemble(TreeArrays arrays, double bias)
    {
        arrays.Check();
        if (!double.IsFinite(bias))
        {
            throw new FormatException("The bias of the trees is not a finite number.");
        }

        Arrays = arrays;
        Bias = bias;
    }

    // A part of what was checked already.
    private TreeEnsemble(double bias, TreeArrays arrays)
    {
        Arrays = arrays;
        Bias = bias;
    }

    /// <summary>How many trees there are.</summary>
    public int TreeCount => Arrays.NodeStarts.Length - 1;

    /// <summary>How many nodes there are in all trees, leaves not counted.</summary>
    public int NodeCount => Arrays.Features.Length;

    /// <summary>How many leaves there are in all trees.</summary>
    public int LeafCount => Arrays.LeafValues.Length;

    /// <summary>The sum before the first tree.</summary>
    public double Bias { get; }

    internal TreeArrays Arrays { get; }

    /// <summary>Leaves of the largest tree.</summary>
    internal int MostLeaves
    {
        get
        {
            var most = 1;
            for (var tree = 0; tree < TreeCount; tree++)
            {
                most = Math.Max(most, Arrays.LeafStarts[tree + 1] - Arrays.LeafStarts[tree]);
            }

            return most;
        }
    }

    /// <summary>Checks that nodes ask for columns and levels that exist.</summary>
    /// <exception cref="FormatException">One does not.</exception>
    internal void CheckAgainst(FeatureLayout layout)
    {
        // The greatest of a set stands for all of it. Once per set: any number of nodes may ask for the same.
        int[] greatest = [.. Enumerable.Range(0, Arrays.SetStarts.Length - 1).Select(set => Greatest(Arrays.SetLevelsOf(set)))];
        for (var node = 0; node < NodeCount; node++)
        {
            var feature = Arrays.Features[node];
            if ((uint)feature >= (uint)layout.Columns.Length)
            {
                throw new FormatException($"Node {node} asks for column {feature}; the model has {layout.Columns.Length}.");
            }

            // On a column of numbers the points take the place of levels, the missing number after them.
            var levels = layout.IsLevels(feature) ? layout.Width(feature)
                : Arrays.CountPoints(feature) + 1;
            var level = Arrays.Levels[node];
            if (level < TreeArrays.Number)
            {
                level = levels == 0 ? int.MaxValue : greatest[TreeArrays.SetOf(level)];
            }

            if (level >= levels || (level == TreeArrays.Number && layout.IsLevels(feature)))
            {
                throw new FormatException($"Node {node} asks for level {level} of column {feature}, which has {levels} levels.");
            }
        }
    }

    /// <summary>The trees <c>[first, end)</c> as a sum of their own.</summary>
    internal TreeEnsemble Slice(int first, int end, double bias)
    {
        var nodes = Arrays.NodeStarts[first]..Arrays.NodeStarts[end];
        var leaves = Arrays.LeafStarts[first]..Arrays.LeafStarts[end];
        return new TreeEnsemble(
            bias,
            Arrays with
            {
                NodeStarts = Starts(Arrays.NodeStarts),
                LeafStarts = Starts(Arrays.LeafStarts),
                Features = Arrays.Features[nodes],
                Thresholds = Arrays.Thresholds[nodes],
                Levels = Arrays.Levels[nodes],
                MissingRight = Arrays.MissingRight[nodes],
                Left = Arrays.Left[nodes],
                Right = Arrays.Right[nodes],
                LeafValues = Arrays.LeafValues[leaves],
                LeafCovers = Arrays.LeafCovers.Length == 0 ? [] : Arrays.LeafCovers[leaves],
            });

        int[] Starts(int[] starts) => [.. starts[first..(end + 1)].Select(start => start - starts[first])];
    }

    /// <summary>The same trees with other numbers of rows at their leaves.</summary>
    internal TreeEnsemble WithCovers(double[] covers) => new(Arrays with { LeafCovers = covers }, Bias);

    private static int Greatest(ReadOnlySpan<int> levels)
    {
        var greatest = 0;
        foreach (var level in levels)
        {
            greatest = Math.Max(greatest, level);
        }

        return greatest;
    }
}
