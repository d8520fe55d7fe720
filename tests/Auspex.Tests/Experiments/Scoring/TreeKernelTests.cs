using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Kernels;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class TreeKernelTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    public void Sum_OfRandomTrees_GivesTheBitsOfWalking(int vectorBits)
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var trees = RandomTrees.Create(random, 1 + random.Next(40), 32);
            var (expected, actual) = (new WalkKernel(trees), new BitVectorKernel(trees, vectorBits));
            foreach (var rows in new[] { 1, 4, 5, 17, 31, 32 })
            {
                var numbers = new float[RandomTrees.NumberColumns * TreeKernel.BlockRows];
                var codes = new int[RandomTrees.LevelColumns * TreeKernel.BlockRows];
                for (var i = 0; i < numbers.Length; i++)
                {
                    numbers[i] = RandomTrees.RandomNumber(random);
                }

                for (var i = 0; i < codes.Length; i++)
                {
                    codes[i] = random.Next(-2, RandomTrees.Levels + 1);
                }

                Assert.True(
                    Sums(expected, numbers, codes, rows).SequenceEqual(Sums(actual, numbers, codes, rows)),
                    $"seed {seed}, {rows} rows");
            }
        }
    }

    [Fact]
    public void Create_WithMoreThan32Leaves_StillSums()
    {
        var trees = RandomTrees.Create(new Random(7), 10, 200);

        Assert.IsType<WalkKernel>(TreeKernel.Create(trees));
    }

    [Fact]
    public void Create_OfSingleLeaves_GivesTheirSum()
    {
        var builder = new TreeEnsembleBuilder();
        builder.Add([], [1.5]);
        builder.Add([], [2]);
        var kernel = TreeKernel.Create(builder.Build(10));

        Assert.All(Sums(kernel, [], [], 32), sum => Assert.Equal(13.5, sum));
    }

    [Fact]
    public void Sum_WithTooLittleScratch_IsRefused()
    {
        var kernel = new BitVectorKernel(RandomTrees.Create(new Random(3), 5, 20));

        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Sum(new float[6 * 32], new int[3 * 32], 32, [], new double[32]));
    }

    private static double[] Sums(TreeKernel kernel, float[] numbers, int[] codes, int rows)
    {
        var sums = new double[rows];
        kernel.Sum(numbers, codes, rows, new uint[Math.Max(1, kernel.StateLength)], sums);
        return sums;
    }
}
