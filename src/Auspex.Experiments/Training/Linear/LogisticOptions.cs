namespace Auspex.Experiments.Training.Linear;

/// <summary>How logistic regression is fitted; the names are those of the modules' parameters.</summary>
internal sealed record LogisticOptions
{
    /// <summary>How exactly the minimum is searched for; the learner says what it means by it.</summary>
    public double OptimizationTolerance { get; init; } = 1e-7;

    /// <summary>Weight of the sum of absolute weights.</summary>
    public double L1Weight { get; init; } = 1;

    /// <summary>Weight of half the sum of squared weights.</summary>
    public double L2Weight { get; init; } = 1;

    /// <summary>Steps that L-BFGS remembers.</summary>
    public int MemorySize { get; init; } = 20;

    /// <summary>Seed of the training; null takes a fixed one.</summary>
    public int? Seed { get; init; }
}
