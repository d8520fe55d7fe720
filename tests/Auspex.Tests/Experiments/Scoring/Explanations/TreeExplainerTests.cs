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
                AssertClose(AllSubsets.Shapley(trees, numbers, codes), Explain(trees, numbers, codes), 1e-12, $"seed {seed}, row {row}");
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

                var sum = AllSubsets.Value(trees, numbers, codes, (1 << Columns) - 1);
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

    private static void AssertClose(double[] expected, double[] found, double tolerance, string what) =>
        Assert.All(expected.Zip(found), pair => Assert.True(Math.Abs(pair.First - pair.Second) < tolerance, $"{what}: {pair}"));
}
