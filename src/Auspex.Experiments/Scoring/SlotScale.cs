using System.Collections.Immutable;

namespace Auspex.Experiments.Scoring;

/// <summary>How numbers are brought to the scale of a model: (number - offset) * factor; columns of levels are left alone.</summary>
/// <param name="Offsets">Per column.</param>
/// <param name="Factors">Per column.</param>
internal sealed record SlotScale(ImmutableArray<double> Offsets, ImmutableArray<double> Factors)
{
    /// <summary>Numbers as they are.</summary>
    public static SlotScale Plain(int columns) =>
        new([.. Enumerable.Repeat(0.0, columns)], [.. Enumerable.Repeat(1.0, columns)]);
}
