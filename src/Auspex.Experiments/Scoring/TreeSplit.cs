namespace Auspex.Experiments.Scoring;

/// <summary>A node of a tree that is being built.</summary>
/// <param name="Feature">The column.</param>
/// <param name="Threshold">For a number: greater goes right. A value of single precision, unless the ensemble compares in double.</param>
/// <param name="Level">
/// For a level or a point: equal goes right; for a set, what <see cref="TreeEnsembleBuilder.AddSet"/> gave;
/// <see cref="TreeArrays.Number"/> for a number.
/// </param>
/// <param name="MissingRight">Whether a missing number goes right.</param>
/// <param name="Left">Child for rows that go left; a leaf as <c>~leaf</c>.</param>
/// <param name="Right">Child for rows that go right; a leaf as <c>~leaf</c>.</param>
/// <param name="ZeroIsMissing">Whether numbers of at most <see cref="TreeArrays.ZeroBand"/> count as missing.</param>
internal readonly record struct TreeSplit(
    int Feature, double Threshold, int Level, bool MissingRight, int Left, int Right, bool ZeroIsMissing = false)
{
    /// <summary>The threshold for which "greater" means "at least <paramref name="threshold"/>".</summary>
    public static float AtLeast(float threshold) => float.BitDecrement(threshold);

    /// <summary>
    /// The threshold for which a number of single precision is greater exactly when it is greater than this one of double
    /// precision: rounded down.
    /// </summary>
    public static float Above(double threshold)
    {
        var rounded = (float)threshold;
        return rounded > threshold ? float.BitDecrement(rounded) : rounded;
    }
}
