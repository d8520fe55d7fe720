namespace Auspex.Experiments.Scoring;

/// <summary>From a sum of trees to the probability of the positive class: 1 / (1 + exp(-(slope * sum + offset))).</summary>
/// <param name="Slope">Factor of the sum; 1 for models trained on log loss.</param>
/// <param name="Offset">Added after it.</param>
public readonly record struct LogisticLink(double Slope, double Offset)
{
    /// <summary>The plain logistic function.</summary>
    public static LogisticLink Plain => new(1, 0);

    /// <summary>As a link of sums.</summary>
    internal SumLink ToSumLink() => new(SumLinkKind.Logistic, Slope, Offset);

    /// <summary>The probability.</summary>
    public double Probability(double sum) => 1 / (1 + Math.Exp(-((Slope * sum) + Offset)));
}
