using Auspex.Experiments.Training.Trees;

namespace Auspex.Experiments.Training.Forests;

/// <summary>A question of a node.</summary>
/// <param name="Column">Index among the binned columns; -1 for none.</param>
/// <param name="Bin">Number: the last bin that goes left. Level: the one that goes right.</param>
/// <param name="MissingRight">Number: whether rows without one go right.</param>
/// <param name="Gain">How much the cost falls.</param>
internal readonly record struct ForestSplit(int Column, int Bin, bool MissingRight, double Gain)
{
    public static ForestSplit None => new(-1, 0, false, 0);

    /// <summary>As the partition of rows takes it.</summary>
    public Split ToSplit() => new(Column, Bin, MissingRight, Gain, default);
}
