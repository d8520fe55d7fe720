using System.Collections.Immutable;

namespace Auspex.Experiments.Models;

/// <summary>What one column held in the rows that a model was made from.</summary>
/// <param name="Rows">
/// Rows looked at: for features those with a label, also such as the learner left out for their missing values; for the
/// label all rows.
/// </param>
/// <param name="Missing">How many of them had no value, NaN included.</param>
/// <param name="Minimum">The least number, infinities included; null for levels, and where there was no number.</param>
/// <param name="Maximum">The greatest number, likewise.</param>
public sealed record ColumnProfile(long Rows, long Missing, double? Minimum = null, double? Maximum = null)
{
    /// <summary>The part of rows without a value, 0 to 1.</summary>
    public double MissingShare => Rows == 0 ? 0 : (double)Missing / Rows;

    /// <summary>Whether counts and bounds can be true.</summary>
    internal bool IsSound =>
        Rows >= 0 && Missing >= 0 && Missing <= Rows && Minimum.HasValue == Maximum.HasValue
        && (Minimum is null || Minimum <= Maximum);
}

/// <summary>What a model remembers of the table it was trained on, beside names, types and levels.</summary>
/// <param name="Features">In the order of the model's features.</param>
/// <param name="Label">The label's.</param>
public sealed record TrainingProfile(ImmutableArray<ColumnProfile> Features, ColumnProfile Label);
