using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.TestKit.Import;
using Auspex.Tests.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring.Explanations;

public sealed class OnnxReasonsTests
{
    private const int Rows = 60;

    [Theory]
    [InlineData("SUM", false)]
    [InlineData("AVERAGE", true)]
    public void Apply_OfARegressor_AddsUpToTheScoreLessTheMeanOfTheBackground(string aggregate, bool inDouble)
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var random = new Random(seed);
            var sample = new OnnxSample
            {
                Trees = OnnxSample.RandomTrees(random, 4, 12, [0], () => random.NextSingle() - 0.5f, isDouble: inDouble),
                BaseValues = [0.25f],
                Aggregate = aggregate,
                IsDouble = inDouble,
            };

            AssertExplains(sample, random, score => score);
        }
    }

    [Fact]
    public void Apply_OfATwoClassClassifier_AddsUpInLogOdds()
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var random = new Random(seed);
            var sample = new OnnxSample
            {
                Trees = OnnxSample.RandomTrees(random, 4, 12, [1], () => random.NextSingle() - 0.5f),
                IntegerLabels = [0, 1],
                Transform = "LOGISTIC",
            };

            AssertExplains(sample, random, score => Math.Log(score / (1 - score)));
        }
    }

    [Fact]
    public void Apply_OfSharesOfVotes_AddsUpToTheProbability()
    {
        for (var seed = 1; seed <= 8; seed++)
        {
            var random = new Random(seed);
            // Sixteenths, so that the two parts of a leaf make up exactly the tree's quarter.
            var trees = OnnxSample.RandomTrees(random, 4, 12, [0], () => random.Next(5) / 16f);
            var sample = new OnnxSample
            {
                Trees =
                [
                    .. trees.Select(tree => tree.Select(node => node.Votes.TryGetValue(0, out var vote)
                        ? node with { Votes = new Dictionary<int, float> { [0] = vote, [1] = 0.25f - vote } }
                        : node).ToArray()),
                ],
                IntegerLabels = [0, 1],
            };

            AssertExplains(sample, random, score => score);
        }
    }

    [Fact]
    public void Read_OfHitRatesThatAddUp_NeedsNoBackground()
    {
        var model = ImportedModels.Saved(ImportedModels.Read(OneSplit(4, 1, 3)).Model);
        var table = ImportedModels.Table(model, [Numbers(0), Numbers(2)]);

        var scored = model.WithReasons(1).Bind(table.Schema, appendScores: false).Apply(table);

        // A quarter of the rows has 10, the others 20: 17.5 is expected.
        Assert.Equal([-7.5, 2.5], Tables.Doubles(scored, "Reason 1 Contribution"));
    }

    [Theory]
    [InlineData(new[] { 1f, 1f, 1f })]
    [InlineData(new[] { 0f, 0f, 0f })]
    [InlineData(new[] { 2f, 3f, -1f })]
    [InlineData(new[] { 4f, 1f })]
    [InlineData(new float[0])]
    public void Read_OfHitRatesThatDoNot_GivesNoReasonsWithoutBackground(float[] rates)
    {
        var model = ImportedModels.Read(OneSplit(rates)).Model;

        var refused = Assert.Throws<ModuleException>(() => model.WithReasons(1));

        Assert.Equal(13, refused.Number);
        Assert.Contains("--background", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, model.WithBackground(ImportedModels.Table(model, [Numbers(0)])).WithReasons(1).ReasonCount);
    }

    [Fact]
    public void WithBackground_ThatCannotBe_IsRefused()
    {
        var model = ImportedModels.Read(OneSplit()).Model;

        Assert.Equal(3, Assert.Throws<ModuleException>(() => model.WithBackground(ImportedModels.Table(model, []))).Number);
        Assert.Equal(1, Assert.Throws<ModuleException>(
            () => model.WithBackground(Tables.Of([Tables.Number("other")], 1, _ => [1.0]))).Number);
        Assert.Equal(13, Assert.Throws<ModuleException>(
            () => SampleModels.Linear.WithBackground(SampleModels.Rows)).Number);
    }

    private static void AssertExplains(OnnxSample sample, Random random, Func<double, double> toOutput)
    {
        var plain = ImportedModels.Read(sample.ToBytes()).Model;
        var background = ImportedModels.Table(plain, [.. Enumerable.Range(0, 200).Select(_ => OnnxSample.RandomRow(random))]);
        var model = ImportedModels.Saved(plain.WithBackground(background));
        var table = ImportedModels.Table(model, [.. Enumerable.Range(0, Rows).Select(_ => OnnxSample.RandomRow(random))]);
        var expected = ImportedModels.Score(plain, background)[0].Average(toOutput);

        var scored = model.WithReasons(OnnxSample.Features).Bind(table.Schema, appendScores: false).Apply(table);

        var reasons = AllSubsets.Reasons(model, scored);
        var scores = ImportedModels.Score(plain, table)[0];
        Assert.Equal(scores, ImportedModels.Score(model, table)[0]);
        for (var row = 0; row < Rows; row++)
        {
            Assert.Equal(toOutput(scores[row]) - expected, reasons[row].Sum(), 9);
        }

        var (trees, divisor) = model switch
        {
            TreeModel one => (one.Trees, one.Link.Divisor),
            TreeSumsModel two => (two.Trees.Slice(two.Starts[1], two.Starts[2], 0), 1.0),
            _ => throw new InvalidOperationException(model.GetType().Name),
        };
        var subsets = AllSubsets.Shapley(model, trees, leaf => trees.Arrays.LeafValues[leaf] / divisor, table);
        for (var row = 0; row < Rows; row++)
        {
            Assert.All(subsets[row].Zip(reasons[row]), pair => Assert.Equal(pair.First, pair.Second, 9));
        }
    }

    // Asks whether the first number is at most 1, and gives 10 or 20.
    private static byte[] OneSplit(params float[] rates) => new OnnxSample
    {
        Trees =
        [
            [
                new("BRANCH_LEQ", 0, 1, false, 1, 2, new Dictionary<int, float>()),
                new("LEAF", 0, 0, false, 0, 0, new Dictionary<int, float> { [0] = 10 }),
                new("LEAF", 0, 0, false, 0, 0, new Dictionary<int, float> { [0] = 20 }),
            ],
        ],
        HitRates = rates,
    }.ToBytes();

    private static double[] Numbers(double first) => [first, .. new double[OnnxSample.Features - 1]];
}
