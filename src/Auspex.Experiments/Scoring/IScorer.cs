using Auspex.Connectors.Tables;

namespace Auspex.Experiments.Scoring;

/// <summary>Computes a model's numbers from a batch, column by column. Thread-safe.</summary>
internal interface IScorer
{
    /// <summary>How many numbers it gives per row: one, or as many as there are classes.</summary>
    int Outputs { get; }

    /// <summary>
    /// Fills <paramref name="scores"/>, one array per output and at least one element per row, with probabilities or
    /// predicted numbers; NaN where a row cannot be scored.
    /// </summary>
    void Score(TableBatch batch, double[][] scores);

    /// <summary>A faster way for one row after the other, with the same bits; null where there is none.</summary>
    IRowScorer? CreateRowScorer(FeatureLayout layout) => null;
}

/// <summary>Computes a model's numbers from one row. For one thread.</summary>
internal interface IRowScorer
{
    /// <summary>Fills <paramref name="scores"/>, one per output; NaN where the row cannot be scored.</summary>
    /// <param name="numbers">A number per column of the model; of no matter for columns of levels.</param>
    /// <param name="codes">A code per column of the model; of no matter for columns of numbers.</param>
    /// <param name="scores">One element per output.</param>
    void Score(ReadOnlySpan<double> numbers, ReadOnlySpan<int> codes, Span<double> scores);
}

/// <summary>From sums to scores.</summary>
internal enum ScoreLink
{
    /// <summary>The sum is the score.</summary>
    None,

    /// <summary>The probability of the positive class.</summary>
    Logistic,

    /// <summary>A probability per class.</summary>
    Softmax,

    /// <summary>The probability of the positive class by the normal distribution.</summary>
    Probit,

    /// <summary>exp of the sum.</summary>
    Exponential,
}
