using System.Numerics;
using Auspex.Experiments.Scoring;
using Auspex.Experiments.Scoring.Explanations;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring.Explanations;

public sealed class TreeExplainerTests
{
    private const int Columns = RandomTrees.NumberColumns + RandomTrees.LevelColumns;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Add_OfSmallTrees_GivesWhatAllSubsetsGive(bool inDouble)
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var trees = RandomTrees.Create(random, 1 + random.Next(4), 2 + random.Next(14), inDouble: inDouble);
            for (var row = 0; row < 5; row++)
            {
                var (numbers, codes) = Row(random, inDouble);
                AssertClose(ByAllSubsets(trees, numbers, codes), Explain(trees, numbers, codes), 1e-12, $"seed {seed}, row {row}");
            }
        }
    }

    [Fact]
    public void Add_OfRandomEnsembles_AddsUpToTheSum()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var trees = RandomTrees.Create(random, random.Next(60), 2 + random.Next(200), inDouble: seed % 2 == 0);
            var explainer = new TreeExplainer(trees);
            for (var row = 0; row < 5; row++)
            {
                var (numbers, codes) = Row(random, seed % 2 == 0);
                var values = Explain(trees, numbers, codes);

                var sum = Value(trees, numbers, codes, (1 << Columns) - 1);
                Assert.True(Math.Abs(explainer.Expected + values.Sum() - sum) < 1e-10, $"seed {seed}, row {row}");
            }
        }
    }

    [Fact]
    public void Add_OfAChainOverManyColumns_StaysExact()
    {
        // Each column once, so that the polynomials are of degree 59: rounding must not grow with it.
        const int Depth = 60;
        var builder = new TreeEnsembleBuilder { InDouble = true };
        builder.Add(
            [.. Enumerable.Range(0, Depth).Select(node => new TreeSplit(node, 0.5, TreeArrays.Number, false, ~node, node == Depth - 1 ? ~Depth : node + 1))],
            [.. Enumerable.Range(0, Depth + 1).Select(leaf => (double)(leaf * leaf))],
            [.. Enumerable.Range(0, Depth + 1).Select(leaf => 1.0 + leaf)]);
        var trees = builder.Build(1);
        var explainer = new TreeExplainer(trees);
        for (var meets = 0; meets <= Depth; meets += 15)
        {
            double[] numbers = [.. Enumerable.Range(0, Depth).Select(column => column < meets ? 1.0 : 0)];
            var values = new double[Depth];
            explainer.Add(numbers, new int[Depth], new bool[explainer.ScratchLength], 1, values);

            Assert.Equal(1 + (meets * meets), explainer.Expected + values.Sum(), 8);
        }
    }

    [Fact]
    public void Create_IntegratesPolynomialsExactly()
    {
        for (var points = 1; points <= 40; points++)
        {
            var rule = GaussLegendre.Create(points);
            for (var degree = 0; degree < 2 * points; degree++)
            {
                var integral = rule.Points.Zip(rule.Weights, (point, weight) => weight * Math.Pow(point, degree)).Sum();
                Assert.Equal(1.0 / (degree + 1), integral, 13);
            }
        }
    }

    private static double[] Explain(TreeEnsemble trees, double[] numbers, int[] codes)
    {
        var explainer = new TreeExplainer(trees);
        var values = new double[Columns];
        explainer.Add(numbers, codes, new bool[explainer.ScratchLength], 1, values);
        return values;
    }

    private static (double[] Numbers, int[] Codes) Row(Random random, bool inDouble) =>
        ([.. Enumerable.Range(0, Columns).Select(_ => inDouble ? RandomTrees.RandomDouble(random) : RandomTrees.RandomNumber(random))],
            [.. Enumerable.Range(0, Columns).Select(_ => RandomTrees.RandomCode(random))]);

    private static double[] ByAllSubsets(TreeEnsemble trees, double[] numbers, int[] codes)
    {
        double[] values = [.. Enumerable.Range(0, 1 << Columns).Select(known => Value(trees, numbers, codes, known))];
        var factorials = new double[Columns + 1];
        factorials[0] = 1;
        for (var i = 1; i <= Columns; i++)
        {
            factorials[i] = factorials[i - 1] * i;
        }

        var shapley = new double[Columns];
        for (var column = 0; column < Columns; column++)
        {
            for (var known = 0; known < values.Length; known++)
            {
                if ((known & (1 << column)) == 0)
                {
                    var size = BitOperations.PopCount((uint)known);
                    shapley[column] += factorials[size] * factorials[Columns - size - 1] / factorials[Columns]
                        * (values[known | (1 << column)] - values[known]);
                }
            }
        }

        return shapley;
    }

    // What an ensemble is expected to give where only some columns are known.
    private static double Value(TreeEnsemble trees, double[] numbers, int[] codes, int known)
    {
        var arrays = trees.Arrays;
        var sum = trees.Bias;
        for (var tree = 0; tree < trees.TreeCount; tree++)
        {
            var (firstNode, firstLeaf) = (arrays.NodeStarts[tree], arrays.LeafStarts[tree]);
            sum += Below(arrays.NodeStarts[tree + 1] == firstNode ? ~0 : 0);

            double Below(int child)
            {
                if (child < 0)
                {
                    return arrays.LeafValues[firstLeaf + ~child];
                }

                var node = firstNode + child;
                var (left, right) = (arrays.Left[node], arrays.Right[node]);
                if ((known & (1 << arrays.Features[node])) != 0)
                {
                    return Below(GoesRight(arrays, node, numbers, codes) ? right : left);
                }

                var cover = Cover(child);
                return cover > 0
                    ? ((Cover(left) * Below(left)) + (Cover(right) * Below(right))) / cover
                    : (Below(left) + Below(right)) / 2;
            }

            double Cover(int child) => child < 0
                ? arrays.LeafCovers[firstLeaf + ~child]
                : Cover(arrays.Left[firstNode + child]) + Cover(arrays.Right[firstNode + child]);
        }

        return sum;
    }

    private static bool GoesRight(TreeArrays arrays, int node, double[] numbers, int[] codes)
    {
        var (number, code, level) = (numbers[arrays.Features[node]], codes[arrays.Features[node]], arrays.Levels[node]);
        if (level != TreeArrays.Number)
        {
            return level >= 0 ? code == level : arrays.SetLevelsOf(TreeArrays.SetOf(level)).IndexOf(code) >= 0;
        }

        var isZero = Math.Abs(number) <= TreeArrays.ZeroBand && (arrays.MissingRight[node] & TreeArrays.ZeroIsMissing) != 0;
        return double.IsNaN(number) || isZero ? (arrays.MissingRight[node] & TreeArrays.GoesRight) != 0 : number > arrays.Thresholds[node];
    }

    private static void AssertClose(double[] expected, double[] found, double tolerance, string what) =>
        Assert.All(expected.Zip(found), pair => Assert.True(Math.Abs(pair.First - pair.Second) < tolerance, $"{what}: {pair}"));
}
