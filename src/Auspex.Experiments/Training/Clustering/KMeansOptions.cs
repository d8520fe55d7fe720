using Auspex.Experiments.Models;

namespace Auspex.Experiments.Training.Clustering;

/// <summary>How the first centres are chosen.</summary>
internal enum CenterStart
{
    /// <summary>The first rows.</summary>
    FirstRows,

    /// <summary>Random rows.</summary>
    Random,

    /// <summary>Rows drawn with a probability that grows with the distance to those drawn before (Arthur and Vassilvitskii 2007).</summary>
    PlusPlus,

    /// <summary>The same, among a sample of the rows.</summary>
    PlusPlusOfSample,

    /// <summary>Rows at even distances in the table.</summary>
    Evenly,

    /// <summary>The means of the rows of each label.</summary>
    ByLabel,
}

/// <summary>What becomes of the label column.</summary>
internal enum LabelUse
{
    /// <summary>It takes no part.</summary>
    None,

    /// <summary>It is a feature; rows without one get their cluster's.</summary>
    FillMissing,

    /// <summary>It takes no part, and each row gets the label of the row nearest to its cluster's centre.</summary>
    Overwrite,
}

/// <summary>How clusters are found.</summary>
internal sealed record KMeansOptions
{
    /// <summary>Clusters.</summary>
    public int Clusters { get; init; } = 2;

    /// <summary>How the first centres are chosen.</summary>
    public CenterStart Start { get; init; } = CenterStart.PlusPlus;

    /// <summary>How distances are measured.</summary>
    public ClusterMetric Metric { get; init; }

    /// <summary>Rounds at most.</summary>
    public int Iterations { get; init; } = 100;

    /// <summary>Beginnings that are tried; the tightest clusters are kept.</summary>
    public int Starts { get; init; } = 1;

    /// <summary>Seed of what is left to chance.</summary>
    public long Seed { get; init; } = 42;

    /// <summary>What becomes of the label column.</summary>
    public LabelUse Label { get; init; }
}
