using System.Collections.Immutable;

namespace Auspex.Experiments.Scoring;

/// <summary>
/// How numbers are brought to the scale of a model: (number - offset) * factor, or the place of their bin; columns of levels are
/// left alone.
/// </summary>
/// <param name="Offsets">Per column.</param>
/// <param name="Factors">Per column.</param>
internal sealed record SlotScale(ImmutableArray<double> Offsets, ImmutableArray<double> Factors)
{
    /// <summary>
    /// Per column the ascending thresholds of its bins: the number becomes the part of them that it exceeds. Columns
    /// without thresholds, and all where there is none, are scaled.
    /// </summary>
    public ImmutableArray<ImmutableArray<double>> Bins { get; init; } = [];

    /// <summary>Numbers as they are.</summary>
    public static SlotScale Plain(int columns) =>
        new([.. Enumerable.Repeat(0.0, columns)], [.. Enumerable.Repeat(1.0, columns)]);

    /// <summary>Whether there is a scale for each of so many columns.</summary>
    public bool Fits(int columns) =>
        Offsets.Length == columns && Factors.Length == columns && (Bins.IsEmpty || Bins.Length == columns);

    /// <summary>Scales a number of a column.</summary>
    public double Apply(int column, double number)
    {
        if (Bins.IsEmpty || Bins[column].IsEmpty || double.IsNaN(number))
        {
            return (number - Offsets[column]) * Factors[column];
        }

        var thresholds = Bins[column];
        var (low, high) = (0, thresholds.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = number > thresholds[middle] ? (middle + 1, high) : (low, middle);
        }

        return (double)low / thresholds.Length;
    }
}
