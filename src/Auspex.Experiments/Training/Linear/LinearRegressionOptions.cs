namespace Auspex.Experiments.Training.Linear;

/// <summary>How linear regression by least squares is solved; the names are those of the module's parameters.</summary>
/// <param name="L2Weight">Weight of the sum of squared weights.</param>
/// <param name="IncludesIntercept">Whether a constant is fitted.</param>
internal sealed record LeastSquaresOptions(double L2Weight, bool IncludesIntercept);

/// <summary>How linear regression by online gradient descent runs; the names are those of the module's parameters.</summary>
internal sealed record GradientDescentOptions
{
    /// <summary>Size of the first step.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Passes over the rows; 0 leaves all weights 0.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Weight of the sum of squared weights.</summary>
    public double L2Weight { get; init; } = 0.001;

    /// <summary>Whether numbers are scaled to 0 to 1 first.</summary>
    public bool Normalizes { get; init; } = true;

    /// <summary>Whether the weights are the average over all steps.</summary>
    public bool Averages { get; init; } = true;

    /// <summary>Whether steps shrink as the passes go on.</summary>
    public bool DecreasesRate { get; init; } = true;

    /// <summary>Seed of the rows' order; null takes a fixed one.</summary>
    public int? Seed { get; init; }
}
