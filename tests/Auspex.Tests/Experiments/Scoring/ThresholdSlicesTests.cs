using Auspex.Experiments.Scoring.Kernels;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class ThresholdSlicesTests
{
    private const int Zero = -128;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Rank_OfAnyNumbers_CountsTheSmallerThresholds(int seed)
    {
        var random = new Random(seed);
        var cuts = 0;
        for (var round = 0; round < 400; round++)
        {
            var thresholds = Thresholds(random);
            if (ThresholdSlices.Cut(thresholds) is not { } slices)
            {
                continue;
            }

            cuts++;
            var values = new float[TreeKernel.BlockRows];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = Value(random, thresholds);
            }

            var ranks = new byte[TreeKernel.BlockRows];
            slices.Rank(ref values[0], Zero, ref ranks[0]);

            for (var i = 0; i < values.Length; i++)
            {
                var expected = thresholds.Count(threshold => (float)threshold < values[i]);
                Assert.True(expected == (sbyte)ranks[i] - Zero, $"seed {seed}, round {round}: {values[i]:R} of {thresholds.Length} thresholds");
            }
        }

        Assert.True(cuts > 100 || !System.Runtime.Intrinsics.X86.Avx2.IsSupported, $"{cuts} cuts");
    }

    [Fact]
    public void Cut_ThresholdsThatCannotBeTold_IsRefused()
    {
        double[] crowded = [.. Enumerable.Range(0, 20).Select(i => i * 1e-6), 1e6];
        Assert.Null(ThresholdSlices.Cut(crowded));
        Assert.Null(ThresholdSlices.Cut([-float.MaxValue, 0, float.MaxValue]));
        Assert.Null(ThresholdSlices.Cut([0, double.PositiveInfinity]));
        Assert.Null(ThresholdSlices.Cut([]));
    }

    private static double[] Thresholds(Random random)
    {
        var (middle, width) = (random.Next(3) * 1000 * (random.NextDouble() - 0.5), Math.Pow(10, random.Next(-6, 7)));
        return [.. Enumerable.Range(0, 1 + random.Next(255)).Select(_ => (double)(float)(middle + (width * Normal(random)))).Distinct().Order()];
    }

    private static float Value(Random random, double[] thresholds)
    {
        var near = (float)thresholds[random.Next(thresholds.Length)];
        return random.Next(8) switch
        {
            0 => near,
            1 => MathF.BitIncrement(near),
            2 => MathF.BitDecrement(near),
            3 => new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.MaxValue, float.MinValue, float.Epsilon }[random.Next(8)],
            4 => (float)(near * Normal(random)),
            _ => near + (float)((thresholds[^1] - thresholds[0]) * 0.01 * Normal(random)),
        };
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
