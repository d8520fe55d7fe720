using Auspex.Experiments.Training.Trees;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class BinBoundariesTests
{
    [Fact]
    public void Find_OfFewDistinctValues_SeparatesThemAll() =>
        Assert.Equal([1.5f, 2.5f], BinBoundaries.Find([3, 1, 2, 1, float.NaN], 255));

    [Fact]
    public void Find_OfInfinitiesAndNeighbours_StaysFiniteAndBetween()
    {
        float[] values = [float.NegativeInfinity, -1e38f, 1, MathF.BitIncrement(1), float.MaxValue, float.PositiveInfinity];

        var thresholds = BinBoundaries.Find(values, 255);

        Assert.Equal(values.Length - 1, thresholds.Length);
        for (var i = 0; i < thresholds.Length; i++)
        {
            Assert.True(float.IsFinite(thresholds[i]));
            Assert.True(values[i] <= thresholds[i] && thresholds[i] < values[i + 1], $"threshold {i} is {thresholds[i]}");
        }
    }

    [Fact]
    public void Find_OfManyValues_MakesEvenBinsAndGivesFrequentOnesTheirOwn()
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, 50_000).Select(i => i % 2 == 0 ? 0f : (float)random.NextDouble() + 0.001f)];

        var thresholds = BinBoundaries.Find(values, 64);

        Assert.InRange(thresholds.Length, 50, 63);
        Assert.Equal(thresholds.Order(), thresholds);
        Assert.InRange(thresholds[0], 0, 0.001f);
    }

    [Fact]
    public void Find_OfNothing_FindsNone()
    {
        Assert.Empty(BinBoundaries.Find([float.NaN, float.NaN], 255));
        Assert.Empty(BinBoundaries.Find([5, 5, 5], 255));
    }
}
