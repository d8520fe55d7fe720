using System.Collections.Immutable;

namespace Auspex.Experiments.Models;

/// <summary>How the values of one column were spread in the rows that a model was trained on, or in a sample of them.</summary>
/// <param name="Edges">
/// For numbers the greatest value of each bin but the last, ascending; empty for levels, whose bins are the levels in their order.
/// </param>
/// <param name="Counts">Rows per bin.</param>
/// <param name="Missing">Rows without a value, beside those.</param>
public sealed record ColumnDistribution(ImmutableArray<double> Edges, ImmutableArray<long> Counts, long Missing)
{
    /// <summary>Rows with a value.</summary>
    public long Known => Counts.Sum();

    /// <summary>The part of rows without a value, 0 to 1.</summary>
    public double MissingShare => Known + Missing == 0 ? 0 : (double)Missing / (Known + Missing);

    /// <summary>Whether it can be true of a column with so many levels, or of numbers.</summary>
    internal bool IsSound(int? levels)
    {
        var bins = levels ?? Edges.Length + 1;
        return Counts.Length == bins && Missing >= 0 && Counts.All(count => count >= 0) && (levels is null || Edges.IsEmpty)
            && Edges.All(double.IsFinite) && Edges.Zip(Edges.Skip(1)).All(pair => pair.First < pair.Second);
    }
}

/// <summary>What drift is measured against.</summary>
/// <param name="Features">In the order of the model's features.</param>
/// <param name="Score">
/// Of the model's own scores: the probability of the positive class, the predicted number, or the predicted class of several.
/// </param>
public sealed record TrainingDistribution(ImmutableArray<ColumnDistribution> Features, ColumnDistribution Score);
