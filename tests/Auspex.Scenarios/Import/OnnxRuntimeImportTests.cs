using Auspex.Experiments.Models;
using Auspex.TestKit.Import;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace Auspex.Scenarios.Import;

/// <summary>
/// Imported ONNX trees against ONNX Runtime: every row takes the same way, so sums differ by what single precision rounds off
/// while they are added up, and by one unit in the last place where that is nothing.
/// </summary>
public sealed class OnnxRuntimeImportTests
{
    private const int Rows = 300;

    // The runtime takes small probabilities as the rest to 1, in single precision.
    private const double LogisticError = 1.2e-7;

    [Fact]
    public void Import_OfRegressors_GivesRuntimesNumbers() => Each((random, what) =>
    {
        var sample = new OnnxSample
        {
            Trees = OnnxSample.RandomTrees(random, random.Next(1, 40), 30, [0], () => (random.NextSingle() * 2) - 1),
            Aggregate = random.Next(2) == 0 ? "SUM" : "AVERAGE",
            BaseValues = random.Next(2) == 0 ? [] : [random.NextSingle()],
            Version = random.Next(2) == 0 ? 1 : 3,
        };
        var (rows, theirs) = Run(sample, random);

        var ours = ImportedModels.Score(ImportedModels.Read(sample.ToBytes()).Model, rows);

        AssertWithin(theirs.Scores[0], ours[0], sample.RoundingBound(0), what);
    });

    [Fact]
    public void Import_OfTreesWhoseSumsAreExact_GivesRuntimesBits() => Each((random, what) =>
    {
        // Multiples of 1/64 add up without rounding.
        var sample = new OnnxSample
        {
            Trees = OnnxSample.RandomTrees(random, 30, 40, [0], () => random.Next(-640, 640) / 64f),
            IsDouble = random.Next(2) == 0,
        };
        var (rows, theirs) = Run(sample, random);

        var ours = ImportedModels.Score(ImportedModels.Read(sample.ToBytes()).Model, rows);

        AssertWithin(theirs.Scores[0], ours[0], 0, what);
    });

    [Fact]
    public void Import_OfOneModeOnly_GivesRuntimesBits()
    {
        // Runtimes have a way of their own for trees of one mode, and for chains of "equals".
        foreach (var mode in new[] { "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ" })
        {
            Each((random, what) =>
            {
                var sample = new OnnxSample
                {
                    Trees = OnnxSample.RandomTrees(random, 20, 40, [0], () => random.Next(-640, 640) / 64f, [mode]),
                };
                var (rows, theirs) = Run(sample, random);

                var ours = ImportedModels.Score(ImportedModels.Read(sample.ToBytes()).Model, rows);

                AssertWithin(theirs.Scores[0], ours[0], 0, $"{mode}, {what}");
            }, seeds: 6);
        }
    }

    [Theory]
    [InlineData("NONE")]
    [InlineData("SOFTMAX")]
    [InlineData("LOGISTIC")]
    public void Import_OfClassifiersOfThreeClasses_GivesRuntimesScoresAndLabels(string transform) => Each((random, what) =>
    {
        var sample = new OnnxSample
        {
            Trees = OnnxSample.RandomTrees(random, random.Next(1, 20), 30, [0, 1, 2], () => random.Next(-640, 640) / 256f),
            StringLabels = ["low", "middle", "high"],
            Transform = transform,
            BaseValues = random.Next(2) == 0 ? [] : [0.25f, 0.5f, -1],
        };
        var (rows, theirs) = Run(sample, random);
        var model = ImportedModels.Read(sample.ToBytes()).Model;

        var ours = ImportedModels.Score(model, rows);

        for (var output = 0; output < 3; output++)
        {
            AssertWithin(
                theirs.Scores[output], ours[output], transform == "LOGISTIC" ? LogisticError : 0, $"{transform}, class {output}, {what}", unitsInLastPlace: 4);
        }

        Assert.Equal(theirs.Labels, ImportedModels.Labels(model, ImportedModels.Table(model, rows)));
    });

    [Fact]
    public void Import_OfMarginsForOneOfTwoClasses_GivesRuntimesProbabilities() => Each((random, what) =>
    {
        var output = random.Next(2);
        var sample = new OnnxSample
        {
            Trees = OnnxSample.RandomTrees(random, 20, 30, [output], () => random.Next(-640, 640) / 256f),
            IntegerLabels = [3, 7],
            Transform = "LOGISTIC",
            BaseValues = output == 0 && random.Next(2) == 0 ? [0.5f] : [],
        };
        var (rows, theirs) = Run(sample, random);
        var model = ImportedModels.Read(sample.ToBytes()).Model;

        var ours = ImportedModels.Score(model, rows);

        Assert.Equal(ModelTask.Binary, model.Task);
        AssertWithin(theirs.Scores[1], ours[0], LogisticError, what, unitsInLastPlace: 4);
        Assert.Equal(theirs.Labels, ImportedModels.Labels(model, ImportedModels.Table(model, rows)));
    });

    [Fact]
    public void Import_OfVotesForOneOfTwoClasses_GivesRuntimesShares() => Each((random, what) =>
    {
        var sample = new OnnxSample
        {
            Trees = OnnxSample.RandomTrees(random, 16, 30, [0], () => random.Next(17) / 256f),
            StringLabels = ["no", "yes"],
        };
        var (rows, theirs) = Run(sample, random);
        var model = ImportedModels.Read(sample.ToBytes()).Model;

        AssertWithin(theirs.Scores[1], ImportedModels.Score(model, rows)[0], 0, what);
        Assert.Equal(theirs.Labels, ImportedModels.Labels(model, ImportedModels.Table(model, rows)));
    });

    [Theory]
    [InlineData("NONE", true)]
    [InlineData("NONE", false)]
    [InlineData("SOFTMAX", false)]
    [InlineData("LOGISTIC", false)]
    public void Import_OfVotesForBothOfTwoClasses_GivesRuntimesScores(string transform, bool areShares) => Each((random, what) =>
    {
        var trees = OnnxSample.RandomTrees(random, 16, 30, [1], () => areShares ? random.Next(17) / 256f : random.Next(-64, 64) / 16f);
        var sample = new OnnxSample
        {
            Trees = [.. trees.Select(tree => tree.Select(node => node.Mode == "LEAF" ? node with { Votes = Both(node.Votes[1]) } : node).ToArray())],
            StringLabels = ["no", "yes"],
            Transform = transform,
        };
        var (rows, theirs) = Run(sample, random);
        var model = ImportedModels.Read(sample.ToBytes()).Model;
        var ours = ImportedModels.Score(model, rows);

        Assert.Equal(transform == "SOFTMAX" || areShares ? ModelTask.Binary : ModelTask.Multiclass, model.Task);
        AssertWithin(theirs.Scores[1], ours[^1], transform == "LOGISTIC" ? LogisticError : 0, what, unitsInLastPlace: 4);

        // The operator's definition says "the top class"; the runtime says the second wherever its own sum is above 0.
        var labels = ImportedModels.Labels(model, ImportedModels.Table(model, rows));
        for (var row = 0; row < Rows; row++)
        {
            if (theirs.Scores[0][row] != theirs.Scores[1][row])
            {
                Assert.Equal(theirs.Scores[1][row] > theirs.Scores[0][row] ? "yes" : "no", labels[row]);
            }
        }

        Dictionary<int, float> Both(float second) => new() { [0] = areShares ? 0.0625f - second : random.Next(-64, 64) / 16f, [1] = second };
    });

    [Fact]
    public void Import_OfAGraphAsMlNetWritesIt_GivesRuntimesProbabilities() => Each((random, what) =>
    {
        var sample = new OnnxSample { Trees = OnnxSample.RandomTrees(random, 20, 30, [0], () => random.Next(-640, 640) / 64f, ["BRANCH_LEQ"]) };
        var model = MlNetGraph(sample, random);
        var rows = Enumerable.Range(0, Rows).Select(_ => OnnxSample.RandomRow(random)).ToArray();
        using var session = new InferenceSession(model);
        var columns = Enumerable.Range(0, OnnxSample.Features).Select(column => NamedOnnxValue.CreateFromTensor(
            $"c{column}", new DenseTensor<float>(rows.Select(row => (float)row[column]).ToArray(), [Rows, 1])));
        using var results = session.Run([.. columns], ["Probability.output"]);
        float[] theirs = [.. results[0].AsEnumerable<float>()];

        var imported = ImportedModels.Read(model);

        Assert.Equal(ModelTask.Binary, imported.Model.Task);
        Assert.Equal(["c0", "c1", "c2", "c3", "c4", "c5"], imported.Model.Features.Fields.Select(field => field.Name));
        AssertWithin(theirs, ImportedModels.Score(imported.Model, rows)[0], LogisticError, what, unitsInLastPlace: 4);
    });

    private static void Each(Action<Random, string> check, int seeds = 15)
    {
        for (var seed = 1; seed <= seeds; seed++)
        {
            check(new Random(seed), $"seed {seed}");
        }
    }

    private static (double[][] Rows, (float[][] Scores, string[] Labels) Theirs) Run(OnnxSample sample, Random random)
    {
        var rows = Enumerable.Range(0, Rows).Select(_ => OnnxSample.RandomRow(random)).ToArray();
        using var session = new InferenceSession(sample.ToBytes());
        var input = sample.IsDouble
            ? NamedOnnxValue.CreateFromTensor("X", new DenseTensor<double>(rows.SelectMany(row => row).ToArray(), [Rows, OnnxSample.Features]))
            : NamedOnnxValue.CreateFromTensor(
                "X", new DenseTensor<float>(rows.SelectMany(row => row).Select(value => (float)value).ToArray(), [Rows, OnnxSample.Features]));
        using var results = session.Run([input]);
        float[] scores = [.. results[^1].AsEnumerable<float>()];
        var outputs = scores.Length / Rows;
        var labels = !sample.IsClassifier ? []
            : sample.StringLabels.Length > 0 ? results[0].AsEnumerable<string>().ToArray()
            : [.. results[0].AsEnumerable<long>().Select(label => $"{label}")];
        return (rows, ([.. Enumerable.Range(0, outputs).Select(output => Enumerable.Range(0, Rows).Select(row => scores[(row * outputs) + output]).ToArray())], labels));
    }

    // Scalar columns, joined and scaled; the trees; a calibrator; a sigmoid; and a label that nothing here needs.
    private static byte[] MlNetGraph(OnnxSample sample, Random random)
    {
        var names = Enumerable.Range(0, OnnxSample.Features).Select(column => $"c{column}").ToArray();
        var graph = new ProtoWriter()
            .Message(1, OnnxFile.Node("Concat", "Concat", "", names, ["Features"]).Message(5, OnnxFile.Integer("axis", 1)))
            .Message(1, OnnxFile.Node("Scaler", "Scaler", "ai.onnx.ml", ["Features"], ["Scaled"])
                .Message(5, OnnxFile.Singles("offset", names.Select(_ => random.Next(3) == 0 ? 0 : random.NextSingle())))
                .Message(5, OnnxFile.Singles("scale", names.Select(_ => (random.NextSingle() + 0.1f) * (random.Next(2) == 0 ? 1 : -3)))))
            .Message(1, sample.Node("Scaled", "Score"))
            .Message(1, OnnxFile.Node("Mul", "Mul", "", ["slope", "Score"], ["Product"]))
            .Message(1, OnnxFile.Node("Add", "Add", "", ["Product", "offset"], ["Linear"]))
            .Message(1, OnnxFile.Node("Sigmoid", "Sigmoid", "", ["Linear"], ["Probability"]))
            .Message(1, OnnxFile.Node("Binarizer", "Binarizer", "ai.onnx.ml", ["Score"], ["Predicted"]).Message(5, OnnxFile.Number("threshold", 0)))
            .Message(1, OnnxFile.Node("Cast", "Cast", "", ["Predicted"], ["PredictedLabel.output"]).Message(5, OnnxFile.Integer("to", 9)))
            .Message(1, OnnxFile.Node("Identity", "Identity", "", ["Score"], ["Score.output"]))
            .Message(1, OnnxFile.Node("Identity", "Identity1", "", ["Probability"], ["Probability.output"]))
            .Text(2, "model")
            .Message(5, OnnxFile.Scalar("slope", 0.4f))
            .Message(5, OnnxFile.Scalar("offset", 0.05f));
        foreach (var name in names)
        {
            graph.Message(11, OnnxFile.Value(name, 1, -1, 1));
        }

        return OnnxFile.Model(graph
            .Message(12, OnnxFile.Value("PredictedLabel.output", 9, -1, 1))
            .Message(12, OnnxFile.Value("Score.output", 1, -1, 1))
            .Message(12, OnnxFile.Value("Probability.output", 1, -1, 1)));
    }

    private static void AssertWithin(float[] expected, double[] found, double bound, string what, int unitsInLastPlace = 1)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var row = 0; row < expected.Length; row++)
        {
            var unit = Math.Abs((double)MathF.BitIncrement(Math.Abs(expected[row])) - Math.Abs(expected[row]));
            Assert.True(
                Math.Abs(expected[row] - found[row]) <= bound + (unitsInLastPlace * unit),
                $"{what}, row {row}: expected {expected[row]:R}, found {found[row]:R}");
        }
    }
}
