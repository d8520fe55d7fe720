using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Import;
using Auspex.TestKit.Import;
using Xunit;

namespace Auspex.Tests.Experiments.Models.Import;

/// <summary>Graphs that are no trees: what becomes of their inputs and outputs, and what is refused.</summary>
public sealed class OnnxRuntimeModelTests
{
    [Fact]
    public void Read_OfALinearRegressor_GivesItsNumber()
    {
        var imported = ImportedModels.Read(OnnxGraphs.LinearRegressor());

        Assert.Equal("ONNX Runtime", imported.ScoredBy);
        Assert.Contains("LinearRegressor", imported.Notes[0], StringComparison.Ordinal);
        Assert.Equal(ModelTask.Regression, imported.Model.Task);
        Assert.Equal(["X_0", "X_1"], imported.Model.Features.Fields.Select(field => field.Name));
        Assert.Equal([4.5, -1.5], ImportedModels.Score(ImportedModels.Saved(imported.Model), [[2, 0], [-1, 0]])[0]);
    }

    [Fact]
    public void Read_OfALogisticPipeline_GivesTheSecondClassItsProbability()
    {
        var model = ImportedModels.Saved(ImportedModels.Read(OnnxGraphs.LogisticPipeline()).Model);
        double[][] rows = [[0.5, 9], [1.75, 9], [double.NaN, 9]];

        var scores = ImportedModels.Score(model, rows)[0];

        Assert.Equal(ModelTask.Binary, model.Task);
        Assert.Equal(["no", "yes"], model.Description.Classes);
        Assert.Equal(ColumnType.String, model.Label.Type);
        Assert.Equal(1 / (1 + Math.E), scores[0], 6);
        Assert.Equal(1 / (1 + Math.Exp(-1.5)), scores[1], 6);
        Assert.True(double.IsNaN(scores[2]));
        Assert.Equal(["no", "yes", ""], ImportedModels.Labels(model, ImportedModels.Table(model, rows)));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Read_OfANetwork_GivesAProbabilityForEachClass(int batch)
    {
        var model = ImportedModels.Saved(ImportedModels.Read(OnnxGraphs.Network(batch: batch)).Model);
        double[][] rows = [[1, 2], [-3, 4], [1, double.NaN], [1, 2.5]];

        var scores = ImportedModels.Score(model, rows);

        Assert.Equal(ModelTask.Multiclass, model.Task);
        Assert.Equal(["0", "1", "2"], model.Description.Classes);
        Assert.Equal([ColumnType.Double, ColumnType.Int64], model.Features.Fields.Select(field => field.Type));
        for (var row = 0; row < 2; row++)
        {
            var expected = Network(rows[row][0], rows[row][1]);
            for (var output = 0; output < 3; output++)
            {
                Assert.Equal(expected[output], scores[output][row], 6);
            }
        }

        // Missing, and no whole number.
        Assert.All(scores, score => Assert.True(double.IsNaN(score[2]) && double.IsNaN(score[3])));
    }

    [Fact]
    public void Score_OfManyRowsByManyThreads_GivesEachRowItsOwn()
    {
        var model = ImportedModels.Saved(ImportedModels.Read(OnnxGraphs.LinearRegressor()).Model);
        double[][] rows = [.. Enumerable.Range(0, 10_000).Select(row => new double[] { row, 1 })];
        var table = ImportedModels.Table(model, rows);

        Parallel.For(0, 4, _ => Assert.Equal(rows.Select(row => (2 * row[0]) - 0.5), ImportedModels.Score(model, table)[0]));
    }

    [Fact]
    public void Read_OfAnInputWithoutASize_TakesTheNamesForIt()
    {
        var bytes = OnnxGraphs.One("ReduceSum", OnnxFile.Value("X", 1, -1, -1), OnnxFile.Value("y", 1, -1, 1));

        AssertRefused(bytes, "--features");
        var sigmoid = OnnxGraphs.One("Sigmoid", OnnxFile.Value("X", 1, -1, -1), OnnxFile.Value("y", 1, -1, -1));
        var model = ImportedModels.Saved(ImportedModels.Read(sigmoid, new ModelImportOptions { FileName = "m", Features = ["only"] }).Model);

        Assert.Equal(ModelTask.Binary, model.Task);
        Assert.Equal(0.5, ImportedModels.Score(model, [[0]])[0][0]);
    }

    [Fact]
    public void Read_OfWhatIsNoRowOfATable_SaysWhat()
    {
        var number = OnnxFile.Value("y", 1, -1, 1);
        AssertRefused(OnnxGraphs.One("Identity", OnnxFile.Value("X", 8, -1, 1), number), "'X' (string[N, 1])");
        AssertRefused(OnnxGraphs.One("Identity", OnnxFile.Value("X", 1, -1, 3, 8, 8), number), "'X' (float[N, 3, 8, 8])");
        AssertRefused(OnnxGraphs.One("Identity", OnnxFile.Value("X", 1, 7, 1), number), "7 rows at a time");
        AssertRefused(OnnxGraphs.One("Identity", OnnxFile.Value("X", 1, -1, 1)), "0 outputs");
        AssertRefused(OnnxGraphs.One("Identity", OnnxFile.Value("X", 1, -1, 1), number, OnnxFile.Value("X", 1, -1, 1)), "2 outputs: 'y' (float[N, 1]), 'X'");
        AssertRefused(OnnxGraphs.One("Identity", OnnxFile.Value("X", 1, -1, 3), OnnxFile.Value("y", 1, -1, 3)), "3 numbers a row");
        AssertRefused(OnnxGraphs.One("NoSuchOperator", OnnxFile.Value("X", 1, -1, 1), number), "NoSuchOperator");
        AssertRefused(OnnxGraphs.Network(last: ""), "by operator 'MatMul'");
        AssertRefused(OnnxGraphs.LogisticPipeline("NONE"), "not raw scores");
    }

    [Fact]
    public void Read_OfDataInAnotherFile_IsRefused()
    {
        var tensor = new ProtoWriter().Packed(1, [1]).Integer(2, 1).Text(8, "w")
            .Message(13, new ProtoWriter().Text(1, "location").Text(2, "/etc/hostname")).Integer(14, 1);
        var inner = new ProtoWriter().Message(1, OnnxFile.Node("Constant", "deep", "", [], ["w"])
            .Message(5, new ProtoWriter().Text(1, "value").Message(5, tensor).Integer(20, 4)));
        var graph = new ProtoWriter()
            .Message(1, OnnxFile.Node("If", "either", "", ["X"], ["y"]).Message(5, new ProtoWriter().Text(1, "then_branch").Message(6, inner)))
            .Message(11, OnnxFile.Value("X", 1, -1, 1)).Message(12, OnnxFile.Value("y", 1, -1, 1));

        AssertRefused(OnnxFile.Model(graph), "tensor 'w' lies in another file");
    }

    [Fact]
    public void Read_OfTreesThatAreDamaged_DoesNotHandThemOn()
    {
        var leaf = new OnnxSampleNode("LEAF", 0, 0, false, 0, 0, new Dictionary<int, float> { [0] = 1 });
        var circle = new OnnxSample { Trees = [[new("BRANCH_LEQ", 0, 0, false, 0, 1, new Dictionary<int, float>()), leaf]] };

        var message = Assert.Throws<ModelImportException>(() => ImportedModels.Read(circle.ToBytes())).Message;

        Assert.DoesNotContain("ONNX Runtime", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_OfTreesInAnInnerGraphOrFunction_IsRefused(bool inFunction)
    {
        var trees = OnnxFile.Node("TreeEnsembleRegressor", "inner", "ai.onnx.ml", ["X"], ["y"]);
        var outer = OnnxFile.Node(inFunction ? "Own" : "If", "outer", "", ["X"], ["y"]);
        if (!inFunction)
        {
            outer.Message(5, new ProtoWriter().Text(1, "then_branch").Message(6, new ProtoWriter().Message(1, trees)));
        }

        var bytes = OnnxFile.Model(new ProtoWriter().Message(1, outer)
            .Message(11, OnnxFile.Value("X", 1, -1, 1)).Message(12, OnnxFile.Value("y", 1, -1, 1)));

        AssertRefused(inFunction ? [.. bytes, .. new ProtoWriter().Message(25, new ProtoWriter().Message(7, trees)).ToArray()] : bytes, "graph within the graph");
    }

    [Fact]
    public void ReadModel_OfAFileWhoseGraphIsAnother_SaysSo()
    {
        var model = ImportedModels.Read(OnnxGraphs.LinearRegressor()).Model;
        var other = OnnxGraphs.One("Identity", OnnxFile.Value("X", 8, -1, 1), OnnxFile.Value("y", 1, -1, 1));
        using var stream = new MemoryStream();
        ContainerFormat.Write(
            new Container(ContainerKind.Model, Header(model), new Dictionary<string, byte[]> { ["onnx"] = other }, ContainerFormat.LearnersVersion), stream);
        stream.Position = 0;

        Assert.Contains("string[N, 1]", Assert.Throws<ModelFormatException>(() => ModelContainer.ReadModel(stream)).Message, StringComparison.Ordinal);
    }

    private static byte[] Header(TrainedModel model)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteModel(model, stream);
        stream.Position = 0;
        return ContainerFormat.Read(stream, ContainerKind.Model).Header;
    }

    private static void AssertRefused(byte[] bytes, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelImportException>(() => ImportedModels.Read(bytes)).Message, StringComparison.Ordinal);

    private static double[] Network(double a, double n)
    {
        var (first, second) = (Math.Max(0, a + (0.5 * n) + 0.25), Math.Max(0, n - a));
        double[] sums = [first + (0.5 * second), second, -first];
        var total = sums.Sum(Math.Exp);
        return [.. sums.Select(sum => Math.Exp(sum) / total)];
    }
}
