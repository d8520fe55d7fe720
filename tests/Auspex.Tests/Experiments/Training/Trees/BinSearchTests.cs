using Auspex.Experiments.Training.Trees;
using Xunit;

namespace Auspex.Tests.Experiments.Training.Trees;

public sealed class BinSearchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(254)]
    public void Find_OfAnyNumberOfThresholds_CountsThoseBelow(int count)
    {
        var random = new Random(count);
        float[] thresholds = [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5) * 100).Order()];
        float[] values =
        [
            .. thresholds,
            .. thresholds.Select(MathF.BitIncrement),
            .. Enumerable.Range(0, 1000).Select(_ => (float)(random.NextDouble() - 0.5) * 120),
            float.NegativeInfinity, float.MinValue, -0f, 0f, float.Epsilon, float.MaxValue, float.PositiveInfinity,
        ];
        var bins = new byte[values.Length];

        var anyMissing = BinSearch.Find(thresholds, values, bins);

        Assert.False(anyMissing);
        Assert.Equal(values.Select(value => (byte)thresholds.Count(threshold => threshold < value)), bins);
    }

    [Fact]
    public void Find_OfZeros_TakesBothForOne()
    {
        var bins = new byte[4];

        BinSearch.Find([-0f], [-0f, 0f, -float.Epsilon, float.Epsilon], bins);

        Assert.Equal([0, 0, 0, 1], bins);
    }

    [Fact]
    public void Find_OfMissingNumbers_GivesThemTheLastBin()
    {
        var bins = new byte[3];

        // The second NaN has its sign set.
        var anyMissing = BinSearch.Find([1f, 2f], [float.NaN, BitConverter.Int32BitsToSingle(-1), 5], bins);

        Assert.True(anyMissing);
        Assert.Equal([3, 3, 2], bins);
    }
}
