using Auspex.Experiments.Training.Networks;

namespace Auspex.Experiments.Training.LocallyDeep;

/// <summary>How a tree of weighted sums is trained; the names are those of the module's parameters.</summary>
internal sealed record LocallyDeepOptions
{
    /// <summary>Inner nodes on the way to a leaf.</summary>
    public int Depth { get; init; } = 3;

    /// <summary>Weight of the squares of votes.</summary>
    public double LambdaVotes { get; init; } = 0.1;

    /// <summary>Weight of the squares of routes.</summary>
    public double LambdaRoutes { get; init; } = 0.01;

    /// <summary>Weight of the squares of gates.</summary>
    public double LambdaGates { get; init; } = 0.01;

    /// <summary>How steep nodes judge.</summary>
    public double Sharpness { get; init; } = 1;

    /// <summary>Steps, each on a few random rows.</summary>
    public int Iterations { get; init; } = 15_000;

    /// <summary>How numbers are scaled.</summary>
    public NumberNormalizer Normalizer { get; init; }

    /// <summary>Seed of what is left to chance.</summary>
    public long Seed { get; init; } = 42;
}
