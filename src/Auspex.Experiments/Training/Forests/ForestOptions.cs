namespace Auspex.Experiments.Training.Forests;

/// <summary>How a forest is grown.</summary>
internal sealed record ForestOptions
{
    /// <summary>Trees.</summary>
    public int Trees { get; init; } = 8;

    /// <summary>Questions from the root to a leaf at most.</summary>
    public int Depth { get; init; } = 32;

    /// <summary>Splits that are drawn for a node of few features (see <see cref="SplitDrawer"/>), the best of which it gets; null tries every one.</summary>
    public int? RandomSplits { get; init; } = 128;

    /// <summary>Rows in a leaf at least.</summary>
    public int LeafRows { get; init; } = 1;

    /// <summary>Leaves of a tree at most, the leaf that gains most being divided first; null for no bound.</summary>
    public int? Leaves { get; init; }

    /// <summary>Whether each tree learns from rows drawn with replacement; if not, from all rows (or its part of them).</summary>
    public bool Resamples { get; init; } = true;

    /// <summary>The part of rows that a tree learns from.</summary>
    public double RowFraction { get; init; } = 1;

    /// <summary>The part of columns that a tree may ask for.</summary>
    public double ColumnFraction { get; init; } = 1;

    /// <summary>The part of those that a node may ask for.</summary>
    public double SplitFraction { get; init; } = 1;

    /// <summary>Targets that a leaf keeps at most, drawn from its rows; 0 for leaves that hold distributions.</summary>
    public int LeafSample { get; init; }

    /// <summary>Seed of what is left to chance.</summary>
    public long Seed { get; init; } = 42;
}
