using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Tests.Experiments.Models.Import;

public sealed class OnnxImportTests
{
    private static readonly Dictionary<int, float> NoVotes = [];

    [Theory]
    [InlineData("BRANCH_LEQ", 1.0, true)]
    [InlineData("BRANCH_LEQ", 1.0000001, false)]
    [InlineData("BRANCH_LT", 1.0, false)]
    [InlineData("BRANCH_LT", 0.99999994, true)]
    [InlineData("BRANCH_GTE", 1.0, true)]
    [InlineData("BRANCH_GTE", 0.99999994, false)]
    [InlineData("BRANCH_GT", 1.0, false)]
    [InlineData("BRANCH_GT", 1.0000001, true)]
    [InlineData("BRANCH_EQ", 1.0, true)]
    [InlineData("BRANCH_EQ", 1.0000001, false)]
    [InlineData("BRANCH_NEQ", 1.0, false)]
    [InlineData("BRANCH_NEQ", double.NaN, true)]
    [InlineData("BRANCH_LEQ", double.NaN, false)]
    [InlineData("BRANCH_EQ", double.NaN, false)]
    public void Read_OfOneNode_AsksItsQuestion(string mode, double number, bool isTrue)
    {
        var sample = new OnnxSample { Trees = [Split(mode, missingIsTrue: false)] };

        var score = ImportedModels.Score(ImportedModels.Read(sample.ToBytes()).Model, Row(number))[0][0];

        Assert.Equal(isTrue ? 10 : 20, score);
    }

    [Fact]
    public void Read_OfMissingTracksTrue_SendsMissingThere()
    {
        foreach (var mode in new[] { "BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ" })
        {
            var sample = new OnnxSample { Trees = [Split(mode, missingIsTrue: true)] };

            Assert.Equal(10, ImportedModels.Score(ImportedModels.Read(sample.ToBytes()).Model, Row(double.NaN))[0][0]);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_OfRandomRegressors_ScoresTheBitsOfTheDefinition(bool inDouble)
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var random = new Random(seed);
            var sample = new OnnxSample
            {
                Trees = OnnxSample.RandomTrees(random, random.Next(30), 50, [0], () => random.NextSingle() - 0.5f, isDouble: inDouble),
                BaseValues = random.Next(2) == 0 ? [] : [random.NextSingle()],
                IsDouble = inDouble,
            };
            var model = ImportedModels.Saved(ImportedModels.Read(sample.ToBytes()).Model);
            var rows = Enumerable.Range(0, 200).Select(_ => OnnxSample.RandomRow(random)).ToArray();

            Assert.Equal(rows.Select(row => sample.Sum(row, 1)[0]), ImportedModels.Score(model, rows)[0]);
        }
    }

    [Fact]
    public void Read_OfAverages_DividesTheSum()
    {
        var sample = new OnnxSample { Trees = [Split("BRANCH_LEQ", false), Split("BRANCH_GT", false)], Aggregate = "AVERAGE", BaseValues = [0.5f] };

        var model = (TreeModel)ImportedModels.Read(sample.ToBytes()).Model;

        Assert.Equal(2, model.Link.Divisor);
        Assert.Equal(15.5, ImportedModels.Score(model, Row(0))[0][0]);
    }

    [Fact]
    public void Read_OfAClassifier_GivesClassesInItsOrder()
    {
        var sample = new OnnxSample
        {
            Trees = [[new("LEAF", 0, 0, false, 0, 0, new Dictionary<int, float> { [0] = 0.5f, [2] = 0.25f })]],
            StringLabels = ["z", "y", "x"],
            Transform = "SOFTMAX",
        };

        var model = ImportedModels.Read(sample.ToBytes()).Model;

        Assert.Equal(ModelTask.Multiclass, model.Task);
        Assert.Equal(["z", "y", "x"], model.Description.Classes);
        Assert.Equal(ColumnType.String, model.Label.Type);
        Assert.Equal(1, ImportedModels.Score(model, Row(0)).Sum(scores => scores[0]), 12);
        Assert.Equal("z", ImportedModels.Labels(model, ImportedModels.Table(model, Row(0)))[0]);
    }

    [Fact]
    public void Read_OfAForestOfTwoClasses_IsNotSwayedByRounding()
    {
        // Five of ten votes, each of a tenth in single precision, which is more than a tenth: a tie all the same.
        var votes = Enumerable.Range(0, 10).Select(tree => new OnnxSampleNode[]
        {
            new("LEAF", 0, 0, false, 0, 0, new Dictionary<int, float> { [0] = tree % 2 == 0 ? 0.1f : 0, [1] = tree % 2 == 0 ? 0 : 0.1f }),
        });
        var model = ImportedModels.Read(new OnnxSample { Trees = [.. votes], IntegerLabels = [0, 1] }.ToBytes()).Model;

        Assert.Equal(ModelTask.Binary, model.Task);
        Assert.Equal(0.5, ImportedModels.Score(model, Row(0))[0][0]);
        Assert.Equal("0", ImportedModels.Labels(model, ImportedModels.Table(model, Row(0)))[0]);
    }

    [Fact]
    public void Read_OfAScaler_KeepsTheSideOfEveryNumber()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var random = new Random(seed);
            var (offset, scale) = (random.NextSingle() * 3, (random.NextSingle() + 0.01f) * (random.Next(2) == 0 ? 1 : -1));
            var sample = new OnnxSample { Trees = [Split(random.Next(2) == 0 ? "BRANCH_LEQ" : "BRANCH_LT", random.Next(2) == 0)] };
            var graph = new ProtoWriter()
                .Message(1, OnnxFile.Node("Scaler", "Scaler", "ai.onnx.ml", ["X"], ["S"])
                    .Message(5, OnnxFile.Singles("offset", [offset])).Message(5, OnnxFile.Singles("scale", [scale])))
                .Message(1, sample.Node("S", "score"))
                .Message(11, OnnxFile.Value("X", 1, -1, OnnxSample.Features)).Message(12, OnnxFile.Value("score", 1, -1, 1));
            var model = ImportedModels.Read(OnnxFile.Model(graph)).Model;
            var edge = (1 / scale) + offset;
            var rows = Enumerable.Range(0, 200).Select(_ => Row(Near(random, edge))[0]).Append(Row(double.NaN)[0]).ToArray();

            Assert.Equal(
                rows.Select(row => sample.Sum([.. row.Select(number => (double)(((float)number - offset) * scale))], 1)[0]),
                ImportedModels.Score(model, rows)[0]);
        }
    }

    [Fact]
    public void Read_OfInputsOfTheirOwn_NamesColumnsAfterThem()
    {
        var sample = new OnnxSample { Trees = [Split("BRANCH_LEQ", false)] };
        var graph = new ProtoWriter()
            .Message(1, OnnxFile.Node("Cast", "c", "", ["flag"], ["number"]).Message(5, OnnxFile.Integer("to", 1)))
            .Message(1, OnnxFile.Node("Concat", "j", "", ["age", "number", "three"], ["F"]).Message(5, OnnxFile.Integer("axis", -1)))
            .Message(1, sample.Node("F", "score"))
            .Message(1, OnnxFile.Node("Identity", "left alone", "", ["other"], ["other.output"]))
            .Message(11, OnnxFile.Value("other", 8, -1, 1)).Message(11, OnnxFile.Value("age", 1, -1, 1))
            .Message(11, OnnxFile.Value("flag", 9, -1, 1)).Message(11, OnnxFile.Value("three", 1, -1, 3))
            .Message(12, OnnxFile.Value("score", 1, -1, 1));

        var features = ImportedModels.Read(OnnxFile.Model(graph)).Model.Features.Fields;

        Assert.Equal(["age", "flag", "three_0", "three_1", "three_2"], features.Select(field => field.Name));
        Assert.Equal(ColumnType.Boolean, features[1].Type);
    }

    [Theory]
    [InlineData("Normalizer", "operator 'Normalizer' of node 'between'")]
    [InlineData("Concat", "operator 'Concat' of node 'between'")]
    [InlineData("If", "operator 'If' of node 'between'")]
    public void Read_OfAnOperatorBefore_NamesIt(string type, string expected)
    {
        var sample = new OnnxSample { Trees = [Split("BRANCH_LEQ", false)] };
        var graph = new ProtoWriter()
            .Message(1, OnnxFile.Node(type, "between", "", ["X"], ["F"]).Message(5, OnnxFile.Integer("axis", 0)))
            .Message(1, sample.Node("F", "score")).Message(11, OnnxFile.Value("X", 1, -1, OnnxSample.Features));

        AssertRefused(OnnxFile.Model(graph), expected);
    }

    [Fact]
    public void Read_OfAnOperatorAfter_NamesIt()
    {
        var sample = new OnnxSample { Trees = [Split("BRANCH_LEQ", false)] };
        var graph = new ProtoWriter()
            .Message(1, sample.Node("X", "score")).Message(1, OnnxFile.Node("Tanh", "squash", "", ["score"], ["y"]))
            .Message(11, OnnxFile.Value("X", 1, -1, OnnxSample.Features));

        AssertRefused(OnnxFile.Model(graph), "operator 'Tanh' of node 'squash'");
    }

    [Fact]
    public void Read_OfACircleOfNodes_IsRefused()
    {
        var sample = new OnnxSample { Trees = [Split("BRANCH_LEQ", false)] };
        var before = new ProtoWriter().Message(1, OnnxFile.Node("Identity", "a", "", ["B"], ["A"]))
            .Message(1, OnnxFile.Node("Identity", "b", "", ["A"], ["B"])).Message(1, sample.Node("A", "score"));
        var after = new ProtoWriter().Message(1, sample.Node("X", "score")).Message(11, OnnxFile.Value("X", 1, -1, OnnxSample.Features))
            .Message(1, OnnxFile.Node("Add", "a", "", ["score", "B"], ["A"])).Message(1, OnnxFile.Node("Identity", "b", "", ["A"], ["B"]));

        AssertRefused(OnnxFile.Model(before), "circle");
        AssertRefused(OnnxFile.Model(after), "operator 'Add' of node 'a'");
    }

    [Fact]
    public void Read_OfWhatTreesMayNotHave_SaysWhat()
    {
        var tree = Split("BRANCH_LEQ", false);
        AssertRefused(new OnnxSample { Trees = [tree], IntegerLabels = [1, 1] }.ToBytes(), "2 class labels");
        AssertRefused(new OnnxSample { Trees = [tree], Version = 5 }.ToBytes(), "version 5");
        AssertRefused(new OnnxSample { Trees = [Change(tree, 0, node => node with { Mode = "BRANCH_MEMBER" })] }.ToBytes(), "BRANCH_MEMBER");
        AssertRefused(new OnnxSample { Trees = [Change(tree, 0, node => node with { True = 9 })] }.ToBytes(), "node 9");
        AssertRefused(new OnnxSample { Trees = [Change(tree, 0, node => node with { True = 0 })] }.ToBytes(), "two parents");
        AssertRefused(new OnnxSample { Trees = [Change(tree, 0, node => node with { True = 2 })] }.ToBytes(), "two parents");
        AssertRefused(new OnnxSample { Trees = [Change(tree, 0, node => node with { Value = double.NaN })] }.ToBytes(), "NaN");
        AssertRefused(new OnnxSample { Trees = [Change(tree, 0, node => node with { Feature = 6 })] }.ToBytes(), "feature 6");
        AssertRefused(OnnxFile.Model(new ProtoWriter().Message(1, OnnxFile.Node("Relu", "r", "", ["X"], ["Y"]))), "operator 'Relu' of node 'r'");
        AssertRefused([], "the file is empty");
        AssertRefused("PK\u0003\u0004"u8.ToArray(), "ConvertToOnnx");
        AssertRefused("solver_type L2R_LR"u8.ToArray(), "LightGBM's text, ONNX");
    }

    [Theory]
    [InlineData("MAX", "NONE", "aggregate_function 'MAX'", 20)]
    [InlineData("SUM", "PROBIT", "post_transform 'PROBIT'", double.NaN)]
    public void Read_OfTreesOfOtherSums_LeavesThemToOnnxRuntime(string aggregate, string transform, string reason, double score)
    {
        var sample = new OnnxSample { Trees = [Split("BRANCH_LEQ", false), Split("BRANCH_GT", false)], Aggregate = aggregate, Transform = transform };

        var imported = ImportedModels.Read(sample.ToBytes());

        Assert.Equal("ONNX Runtime", imported.ScoredBy);
        Assert.Contains(reason, imported.Notes[0], StringComparison.Ordinal);
        Assert.Equal(score, ImportedModels.Score(imported.Model, Row(0))[0][0]);
    }

    [Fact]
    public void Read_OfAFeatureBeyondColumnsThatAreNotFollowed_IsRefused()
    {
        var sample = new OnnxSample { Trees = [Change(Split("BRANCH_LEQ", false), 0, node => node with { Feature = 100_000_000 })] };
        var graph = new ProtoWriter().Text(2, "beyond")
            .Message(1, OnnxFile.Node("Relu", "between", "", ["X"], ["F"]))
            .Message(1, sample.Node("F", "score"))
            .Message(11, OnnxFile.Value("X", 1, -1, OnnxSample.Features)).Message(12, OnnxFile.Value("score", 1, -1, 1));

        AssertRefused(OnnxFile.Model(graph), "Nor can ONNX Runtime score it");
    }

    [Fact]
    public void Read_OfFeaturesThatNobodyNamedRight_SaysHowMany()
    {
        var bytes = new OnnxSample { Trees = [Split("BRANCH_LEQ", false)] }.ToBytes();

        var exception = Assert.Throws<ModelImportException>(
            () => ImportedModels.Read(bytes, new ModelImportOptions { FileName = "m.onnx", Features = ["a", "b"] }));

        Assert.Contains("6 features; 2 names", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(byte[] bytes, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelImportException>(() => ImportedModels.Read(bytes)).Message, StringComparison.Ordinal);

    // Compares column 1 with 1: true gives 10, false 20.
    private static OnnxSampleNode[] Split(string mode, bool missingIsTrue) =>
    [
        new(mode, 1, 1, missingIsTrue, 1, 2, NoVotes),
        new("LEAF", 0, 0, false, 0, 0, new Dictionary<int, float> { [0] = 10 }),
        new("LEAF", 0, 0, false, 0, 0, new Dictionary<int, float> { [0] = 20 }),
    ];

    private static OnnxSampleNode[] Change(OnnxSampleNode[] tree, int index, Func<OnnxSampleNode, OnnxSampleNode> change) =>
        [.. tree.Select((node, at) => at == index ? change(node) : node)];

    private static double[][] Row(double second) => [[0, second, 0, 0, 0, 0]];

    private static double Near(Random random, float edge)
    {
        for (var steps = random.Next(40); steps > 0; steps--)
        {
            edge = random.Next(2) == 0 ? float.BitIncrement(edge) : float.BitDecrement(edge);
        }

        return edge;
    }
}
