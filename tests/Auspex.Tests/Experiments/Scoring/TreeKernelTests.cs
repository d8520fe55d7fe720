using System.Numerics;
using System.Runtime.Intrinsics.X86;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Kernels;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class TreeKernelTests
{
    /// <summary>0 walks; others are bits of vectors.</summary>
    public static TheoryData<int> Variants => [0, 128, 256, 512];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sum_OfRandomTrees_GivesTheBitsOfTheDefinition(int variant)
    {
        for (var seed = 1; seed <= 80; seed++)
        {
            var random = new Random(seed);
            CheckAll(RandomTrees.Create(random, random.Next(70), 2 + random.Next(200)), variant, random, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sum_OfRandomTreesInDoublePrecision_GivesTheBitsOfTheDefinition(int variant)
    {
        for (var seed = 1; seed <= 80; seed++)
        {
            var random = new Random(seed);
            var trees = RandomTrees.Create(random, random.Next(70), 2 + random.Next(200), inDouble: true);
            CheckAll(Kernel<double>(trees, variant), trees, random, $"seed {seed}", RandomTrees.RandomDouble);
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(2)]
    public void Sum_OfSmallTrees_GivesTheBitsOfTheDefinition(int mostLeaves)
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            // From a few inputs, which one look-up holds, to more than eight hold.
            var random = new Random(seed);
            CheckAll(Plain(RandomTrees.Create(random, 1 + random.Next(90), mostLeaves)), 256, random, $"seed {seed}", 1, 3, 4);
            var trees = Plain(RandomTrees.Create(random, 1 + random.Next(90), mostLeaves, distinct: true, inDouble: true));
            Assert.Equal(
                Avx2.IsSupported && trees.MostLeaves <= 32 && new RowInputs<double>(trees.Arrays, TreeColumns.Of(trees)).Count <= 128,
                RowKernel<double>.Find(trees, TreeColumns.Of(trees)) is not null);
            CheckAll(Kernel<double>(trees, 256), trees, random, $"seed {seed}", RandomTrees.RandomDouble, 1, 3, 4);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sum_OfMoreThresholdsThanARankHolds_GivesTheBitsOfTheDefinition(int variant)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var random = new Random(seed);
            CheckAll(RandomTrees.Create(random, 120, 64, 30, distinct: true), variant, random, $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sum_OfTenThousandTrees_GivesTheBitsOfTheDefinition(int variant)
    {
        var random = new Random(5);
        CheckAll(RandomTrees.Create(random, 10_000, 12), variant, random, "seed 5", 1, 128);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sum_OfEveryNumberOfLeaves_GivesTheBitsOfTheDefinition(int variant)
    {
        for (var leaves = 1; leaves <= BitVectorKernel.MostLeaves; leaves++)
        {
            var random = new Random(leaves);
            CheckAll(RandomTrees.Create(random, 2, leaves, leaves), variant, random, $"{leaves} leaves", 3, 128);
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sum_OfNoTrees_GivesTheBias(int variant)
    {
        var kernel = Kernel(new TreeEnsembleBuilder().Build(2.5), variant);

        Assert.All(Sums(kernel, [], [], TreeKernel.BlockRows), sum => Assert.Equal(2.5, sum));
        Assert.All(Sums(kernel, [], [], 1), sum => Assert.Equal(2.5, sum));
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Sum_OfSingleLeaves_GivesTheirSum(int variant)
    {
        var builder = new TreeEnsembleBuilder();
        builder.Add([], [1.5]);
        builder.Add([], [2]);
        var kernel = Kernel(builder.Build(10), variant);

        Assert.All(Sums(kernel, [], [], TreeKernel.BlockRows), sum => Assert.Equal(13.5, sum));
    }

    [Fact]
    public void Create_OfTreesTooLargeForBitVectors_Walks()
    {
        var random = new Random(7);
        var trees = RandomTrees.Create(random, 4, 1000, 900);

        Assert.IsType<WalkKernel<float>>(TreeKernel.Create(trees));
        CheckAll(trees, 0, random, "seed 7");
    }

    [Fact]
    public void Create_OfAChain_Walks()
    {
        // Each node but the first is its parent's left child, so that every strike spans almost the whole tree.
        var builder = new TreeEnsembleBuilder();
        var splits = Enumerable.Range(0, 199).Select(node => new TreeSplit(0, -node, TreeArrays.Number, false, node == 198 ? ~0 : node + 1, ~(node + 1)));
        builder.Add([.. splits], [.. Enumerable.Range(0, 200).Select(leaf => (double)leaf)]);
        var trees = builder.Build(0);

        Assert.IsType<WalkKernel<float>>(TreeKernel.Create(trees));
        CheckAll(trees, 256, new Random(1), "chain");
    }

    [Fact]
    public void Sum_WithTooLittleScratch_IsRefused()
    {
        var kernel = BitVectors<float>(RandomTrees.Create(new Random(3), 5, 20, 20), 0);
        var (numbers, codes) = (new float[6 * TreeKernel.BlockRows], new int[3 * TreeKernel.BlockRows]);

        Assert.Throws<ArgumentOutOfRangeException>(() => kernel.Sum(numbers, codes, 32, [], new double[32]));
    }

    [Fact]
    public void AtLeast_MakesGreaterMeanAtLeast()
    {
        foreach (var number in new[] { 0f, -0f, 1, -1, float.Epsilon, 1e30f })
        {
            Assert.True(number > TreeSplit.AtLeast(number));
            Assert.False(float.BitDecrement(number) > TreeSplit.AtLeast(number));
        }
    }

    [Fact]
    public void Above_KeepsTheSideOfEveryNumber()
    {
        foreach (var threshold in new[] { 0.1, -0.1, 1 / 3.0, 1e-50, -1e-50, 2 })
        {
            var above = TreeSplit.Above(threshold);
            foreach (var number in new[] { float.BitDecrement(above), above, float.BitIncrement(above) })
            {
                Assert.Equal(number > threshold, number > above);
            }
        }
    }

    private static TreeKernel<float> Kernel(TreeEnsemble trees, int variant) => Kernel<float>(trees, variant);

    private static TreeKernel<T> Kernel<T>(TreeEnsemble trees, int variant)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        variant == 0 ? new WalkKernel<T>(trees, TreeColumns.Of(trees)) : BitVectors<T>(trees, variant);

    private static BitVectorKernel<T> BitVectors<T>(TreeEnsemble trees, int bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => new(trees, TreeColumns.Of(trees), bits);

    private static void CheckAll(TreeEnsemble trees, int variant, Random random, string what, params ReadOnlySpan<int> rowCounts) =>
        CheckAll(Kernel(trees, variant), trees, random, what, RandomTrees.RandomNumber, rowCounts);

    private static void CheckAll<T>(
        TreeKernel<T> kernel, TreeEnsemble trees, Random random, string what, Func<Random, T> number, params ReadOnlySpan<int> rowCounts)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (var rows in rowCounts.IsEmpty ? [1, 2, 7, 8, 9, 15, 16, 17, 127, 128] : rowCounts)
        {
            // Only columns that the trees ask for are given, so positions and numbers of columns differ at times.
            var numbers = new T[kernel.NumberColumns.Length * TreeKernel.BlockRows];
            var codes = new int[kernel.LevelColumns.Length * TreeKernel.BlockRows];
            foreach (ref var cell in numbers.AsSpan())
            {
                cell = number(random);
            }

            foreach (ref var code in codes.AsSpan())
            {
                code = RandomTrees.RandomCode(random);
            }

            var expected = Enumerable.Range(0, rows).Select(row => Sum(trees, kernel, numbers, codes, row)).ToArray();
            Assert.True(Sums(kernel, numbers, codes, rows).AsSpan().SequenceEqual(expected), $"{what}, {rows} rows");

            // Makes the kernel for single rows, so that the next few rows go through it.
            for (var row = 0; row < Math.Min(rows, 9); row++)
            {
                Assert.True(SumOfRow(kernel, numbers, codes, row).Equals(expected[row]), $"{what}, row {row} of {rows} alone");
            }

            Assert.True(Sums(kernel, numbers, codes, Math.Min(rows, 3)).AsSpan().SequenceEqual(expected.AsSpan(0, Math.Min(rows, 3))), $"{what}, few of {rows} rows");
        }
    }

    // Zeros are themselves.
    private static TreeEnsemble Plain(TreeEnsemble trees) => new(
        trees.Arrays with { MissingRight = [.. trees.Arrays.MissingRight.Select(way => (byte)(way & TreeArrays.GoesRight))] }, trees.Bias);

    // What an ensemble is, word for word.
    private static double Sum<T>(TreeEnsemble trees, TreeKernel<T> kernel, T[] numbers, int[] codes, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var arrays = trees.Arrays;
        var sum = trees.Bias;
        for (var tree = 0; tree < trees.TreeCount; tree++)
        {
            var first = arrays.NodeStarts[tree];
            var at = arrays.NodeStarts[tree + 1] == first ? ~0 : 0;
            while (at >= 0)
            {
                at = GoesRight(first + at) ? arrays.Right[first + at] : arrays.Left[first + at];
            }

            sum += arrays.LeafValues[arrays.LeafStarts[tree] + ~at];
        }

        return sum;

        bool GoesRight(int node)
        {
            var (feature, level) = (arrays.Features[node], arrays.Levels[node]);
            if (level == TreeArrays.Number)
            {
                var number = numbers[(Array.IndexOf(kernel.NumberColumns, feature) * TreeKernel.BlockRows) + row];
                var (isRight, zeroIsMissing) = ((arrays.MissingRight[node] & 1) != 0, (arrays.MissingRight[node] & 2) != 0);
                return T.IsNaN(number) || (zeroIsMissing && T.Abs(number) <= T.CreateTruncating(1e-35f))
                    ? isRight
                    : number > T.CreateTruncating(arrays.Thresholds[node]);
            }

            var code = codes[(Array.IndexOf(kernel.LevelColumns, feature) * TreeKernel.BlockRows) + row];
            return level >= 0 ? code == level : arrays.SetLevelsOf(TreeArrays.SetOf(level)).Contains(code);
        }
    }

    private static double SumOfRow<T>(TreeKernel<T> kernel, T[] numbers, int[] codes, int row)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var state = new byte[Math.Max(1, kernel.StateLength)];
        Array.Fill(state, (byte)0xA5);
        return kernel.SumRow(
            [.. kernel.NumberColumns.Select((_, column) => numbers[(column * TreeKernel.BlockRows) + row])],
            [.. kernel.LevelColumns.Select((_, column) => codes[(column * TreeKernel.BlockRows) + row])],
            state);
    }

    private static double[] Sums<T>(TreeKernel<T> kernel, T[] numbers, int[] codes, int rows)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sums = new double[rows];
        var state = new byte[kernel.StateLength];
        Array.Fill(state, (byte)0xA5);
        kernel.Sum(numbers, codes, rows, state, sums);
        return sums;
    }
}
