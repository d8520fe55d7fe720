using System.Globalization;
using Auspex.Experiments.Models.Import;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Scenarios.Import;

/// <summary>Imported LightGBM models against LightGBM itself: the same bits, for every row.</summary>
public sealed class LightGbmImportTests
{
    private const int Numbers = 6;

    [Theory]
    [InlineData("objective=binary", 1)]
    [InlineData("objective=binary sigmoid=0.7 is_unbalance=true", 1)]
    [InlineData("objective=binary use_missing=false", 1)]
    [InlineData("objective=binary zero_as_missing=true", 1)]
    [InlineData("objective=binary boosting=rf bagging_freq=1 bagging_fraction=0.6 feature_fraction=0.7", 1)]
    [InlineData("objective=binary boosting=dart", 1)]
    [InlineData("objective=regression", 1)]
    [InlineData("objective=regression reg_sqrt=true", 1)]
    [InlineData("objective=regression boosting=rf bagging_freq=1 bagging_fraction=0.6", 1)]
    [InlineData("objective=regression_l1", 1)]
    [InlineData("objective=huber", 1)]
    [InlineData("objective=fair", 1)]
    [InlineData("objective=quantile alpha=0.8", 1)]
    [InlineData("objective=mape", 1)]
    [InlineData("objective=poisson", 1)]
    [InlineData("objective=gamma", 1)]
    [InlineData("objective=tweedie", 1)]
    [InlineData("objective=cross_entropy", 1)]
    [InlineData("objective=multiclass num_class=4", 4)]
    [InlineData("objective=multiclass num_class=3 boosting=rf bagging_freq=1 bagging_fraction=0.6", 3)]
    [InlineData("objective=multiclassova num_class=4 sigmoid=1.5", 4)]
    public void Import_OfATrainedModel_GivesLightGbmsBits(string parameters, int outputs)
    {
        Assert.SkipWhen(LightGbmLibrary.Absence is not null, LightGbmLibrary.Absence ?? "");
        var random = new Random(11);
        var rows = Enumerable.Range(0, 4000).Select(_ => Row(random)).ToArray();
        float[] labels = [.. rows.Select(row => Label(row, random, parameters, outputs))];
        using var theirs = LightGbmLibrary.Train(
            rows, labels, parameters + " num_leaves=15 min_data_in_leaf=5 categorical_feature=6,7 max_cat_to_onehot=4 seed=3 verbosity=-1", 30);
        double[][] unseen = [.. rows[..500], .. Enumerable.Range(0, 500).Select(_ => Row(random)), .. Edges(theirs.Save(), random)];

        var imported = ImportedModels.Read(theirs.Save());

        Assert.True(imported.Trees >= 30, $"{imported.Trees} trees");
        AssertEqual(theirs.Predict(unseen, outputs, raw: false), ImportedModels.Score(imported.Model, unseen), parameters);
        AssertEqual(ImportedModels.Score(imported.Model, unseen), ImportedModels.Score(ImportedModels.Saved(imported.Model), unseen), parameters);
    }

    [Fact]
    public void Import_OfMadeUpModels_GivesLightGbmsBits()
    {
        Assert.SkipWhen(LightGbmLibrary.Absence is not null, LightGbmLibrary.Absence ?? "");
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var sums = random.Next(2) == 0 ? 1 : 3;
            var sample = LightGbmSample.Create(
                random, sums == 1 ? "binary sigmoid:0.9" : "multiclass num_class:3", sums, random.Next(1, 20), 40, random.Next(3) == 0);
            var rows = Enumerable.Range(0, 300).Select(_ => LightGbmSample.RandomRow(random)).ToArray();
            using var theirs = LightGbmLibrary.Load(sample.ToText());

            if (!sample.IsMean)
            {
                // Raw sums are never divided.
                AssertEqual(
                    theirs.Predict(rows, sums, raw: true),
                    [.. Enumerable.Range(0, sums).Select(sum => rows.Select(row => sample.Sum(row)[sum]).ToArray())],
                    $"sums of the sample, seed {seed}");
            }

            AssertEqual(
                theirs.Predict(rows, sums, raw: false),
                ImportedModels.Score(ImportedModels.Read(sample.ToText()).Model, rows),
                $"scores, seed {seed}");
        }
    }

    [Fact]
    public void Import_OfALinearTree_SaysThatItIsNotRead()
    {
        Assert.SkipWhen(LightGbmLibrary.Absence is not null, LightGbmLibrary.Absence ?? "");
        var random = new Random(1);
        var rows = Enumerable.Range(0, 500).Select(_ => Row(random)).ToArray();
        using var theirs = LightGbmLibrary.Train(
            rows, [.. rows.Select(row => (float)row[0])], "objective=regression linear_tree=true verbosity=-1", 3);

        var exception = Assert.Throws<ModelImportException>(() => ImportedModels.Read(theirs.Save()));

        Assert.Contains("linear_tree", exception.Message, StringComparison.Ordinal);
    }

    internal static void AssertEqual(double[][] expected, double[][] found, string what)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var output = 0; output < expected.Length; output++)
        {
            for (var row = 0; row < expected[output].Length; row++)
            {
                Assert.True(
                    expected[output][row].Equals(found[output][row]),
                    $"{what}, output {output}, row {row}: expected {expected[output][row]:R}, found {found[output][row]:R}");
            }
        }
    }

    private static double[] Row(Random random)
    {
        var row = new double[Numbers + 2];
        for (var column = 0; column < Numbers; column++)
        {
            row[column] = random.Next(8) switch
            {
                0 => double.NaN,
                1 => 0,
                2 => random.Next(-3, 4) * 0.1,
                _ => random.NextDouble() - 0.5,
            };
        }

        row[Numbers] = random.Next(20) == 0 ? double.NaN : random.Next(60);
        row[Numbers + 1] = random.Next(3);
        return row;
    }

    // Every threshold of the model, with its neighbours; categories that training has not seen.
    private static IEnumerable<double[]> Edges(string text, Random random)
    {
        var thresholds = text.Split('\n').Where(line => line.StartsWith("threshold=", StringComparison.Ordinal))
            .SelectMany(line => line["threshold=".Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(word => word == "inf" ? double.PositiveInfinity : double.Parse(word, CultureInfo.InvariantCulture)).Distinct().Take(400);
        foreach (var threshold in thresholds)
        {
            foreach (var value in new[] { threshold, Math.BitIncrement(threshold), Math.BitDecrement(threshold), (float)threshold })
            {
                yield return
                [
                    .. Enumerable.Range(0, Numbers).Select(_ => random.Next(2) == 0 ? value : random.NextDouble()),
                    random.Next(3) == 0 ? 1000 : -1, random.Next(10),
                ];
            }
        }
    }

    private static float Label(double[] row, Random random, string parameters, int outputs)
    {
        var signal = (double.IsNaN(row[0]) ? 0.4 : row[0]) + (row[Numbers] % 7 / 7) + (row[1] * row[2] > 0 ? 0.3 : 0) + (random.NextDouble() * 0.3);
        signal = double.IsNaN(signal) ? 0.2 : signal;
        return outputs > 1 ? Math.Clamp((int)(signal * outputs), 0, outputs - 1)
            : parameters.Contains("binary", StringComparison.Ordinal) ? (signal > 0.6 ? 1 : 0)
            : parameters.Contains("cross_entropy", StringComparison.Ordinal) ? (float)Math.Clamp(signal, 0, 1)
            : (float)Math.Max(0.01, signal);
    }
}
