namespace Auspex.Experiments.Training.Trees;

/// <summary>How boosted trees are grown; the names are those of the modules' parameters.</summary>
internal sealed record BoostedTreesOptions
{
    /// <summary>Leaves of a tree at most; at least 2.</summary>
    public int Leaves { get; init; } = 20;

    /// <summary>Rows in a leaf at least.</summary>
    public int LeafRows { get; init; } = 10;

    /// <summary>Factor of each tree's contribution, above 0 and up to 1.</summary>
    public double LearningRate { get; init; } = 0.2;

    /// <summary>Trees.</summary>
    public int Trees { get; init; } = 100;
}
