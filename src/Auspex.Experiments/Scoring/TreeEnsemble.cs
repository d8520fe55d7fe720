namespace Auspex.Experiments.Scoring;

/// <summary>
/// A sum of binary decision trees in one flat form. Numbers are compared in single precision: a row goes right where its
/// number is greater than the threshold; a missing number goes the node's own way; at a level node a row goes right where
/// it has that level, or one of a set of levels; without a level it goes left.
/// </summary>
/// <remarks>
/// The form holds what other libraries grow: "less or equal goes left" is this form, "less goes left" is greater than the
/// number just below (see <see cref="TreeSplit.AtLeast"/>), and a forest's mean is a sum of leaves that are divided already.
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
        for (var node = 0; node < NodeCount; node++)
        {
            var feature = Arrays.Features[node];
            if ((uint)feature >= (uint)layout.Columns.Length)
            {
                throw new FormatException($"Node {node} asks for column {feature}; the model has {layout.Columns.Length}.");
            }

            var levels = layout.IsLevels(feature) ? layout.Width(feature) : 0;
            var level = Arrays.Levels[node];
            if (level < TreeArrays.Number)
            {
                // The greatest of a set stands for all of it.
                level = levels == 0 ? int.MaxValue : Greatest(Arrays.SetLevelsOf(TreeArrays.SetOf(level)));
            }

            if (level >= levels || (level == TreeArrays.Number && levels > 0))
            {
                throw new FormatException($"Node {node} asks for level {level} of column {feature}, which has {levels} levels.");
            }
        }
    }

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
