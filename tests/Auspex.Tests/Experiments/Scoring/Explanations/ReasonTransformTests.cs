using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;
using Auspex.Tests.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring.Explanations;

public sealed class ReasonTransformTests
{
    [Fact]
    public void Apply_TellsTheGreatestFirstAndAddsUp()
    {
        var table = SampleModels.Rows;
        var model = Model();
        var scored = model.WithReasons(2).Bind(table.Schema, appendScores: true).Apply(table);

        Assert.Equal(
            ["size", "colour", "Scored Labels", "Scored Probabilities", "Reason 1", "Reason 1 Contribution", "Reason 2", "Reason 2 Contribution"],
            scored.Schema.Fields.Select(field => field.Name));
        var (first, second) = (Tables.Doubles(scored, "Reason 1 Contribution"), Tables.Doubles(scored, "Reason 2 Contribution"));
        var probabilities = Tables.Doubles(scored, "Scored Probabilities");
        for (var row = 0; row < table.RowCount; row++)
        {
            Assert.True(double.IsNaN(second[row]) || Math.Abs(first[row]) >= Math.Abs(second[row]));
            var reasons = first[row] + (double.IsNaN(second[row]) ? 0 : second[row]);
            Assert.Equal(Math.Log(probabilities[row] / (1 - probabilities[row])), Expected + reasons, 12);
        }

        Assert.Equal(Tables.Doubles(model.Bind(table.Schema, true).Apply(table), "Scored Probabilities"), probabilities);
    }

    [Fact]
    public void Apply_OfAnyBatch_GivesTheSameBits()
    {
        var random = new Random(3);
        var table = Tables.Of(
            [Tables.Number("size"), Tables.Text("colour")],
            700,
            _ => [random.Next(9) == 0 ? null : random.NextDouble() * 4, new[] { "red", "blue", "green", null }[random.Next(4)]]);
        var transform = Model().WithReasons(2).Bind(table.Schema, appendScores: false);
        var whole = transform.Apply(table);

        foreach (var row in new[] { 0, 127, 128, 400, 699 })
        {
            var alone = transform.Apply(table.Take([row]));
            foreach (var name in new[] { "Reason 1 Contribution", "Reason 2 Contribution" })
            {
                Assert.Equal(
                    BitConverter.DoubleToInt64Bits(Tables.Doubles(whole, name)[row]), BitConverter.DoubleToInt64Bits(Tables.Doubles(alone, name)[0]));
            }
        }
    }

    [Fact]
    public async Task Compile_ForText_WritesTheSameReasons()
    {
        var table = SampleModels.Rows;
        var model = Model().WithReasons(1);
        var expected = model.Bind(table.Schema, appendScores: true).Apply(table);
        var text = "size,colour\n1,red\n-1,blue\n,red\n3.5,\n0.5,green\n2,blue\n";
        var options = DelimitedTextOptions.Csv with { Name = "rows.csv" };
        await using var reader = await DelimitedBlockReader.OpenAsync(
            new MemoryStream(Encoding.UTF8.GetBytes(text)), options, TestContext.Current.CancellationToken);
        options = options with { Schema = BatchScorer.ReadingSchema(model, reader.FileColumns) };
        var plan = TextScoringPlan.Compile(
            model.Bind(options.Schema, appendScores: true), options, reader.FileColumns, DelimitedTextWriterOptions.ForPath("out.csv"));

        Assert.Equal(expected.Schema.Fields.Select(field => field.Name), plan.Output.Fields.Select(field => field.Name));
    }

    [Fact]
    public void WithReasons_OfAModelThatHasNone_IsError13()
    {
        Assert.Equal(13, Assert.Throws<ModuleException>(() => SampleModels.Linear.WithReasons(1)).Number);
        Assert.Contains("Train it again", Assert.Throws<ModuleException>(() => SampleModels.Trees.WithReasons(1)).Message, StringComparison.Ordinal);
        Assert.Equal(0, SampleModels.Linear.WithReasons(0).ReasonCount);
    }

    [Fact]
    public void Apply_OfSeveralClasses_ExplainsThePredictedOne()
    {
        var builder = new TreeEnsembleBuilder();
        builder.Add([new(0, 1f, -1, true, ~0, ~1)], [0, 3], [1, 1]);
        builder.Add([new(1, 0, 0, false, ~0, ~1)], [0, 2], [1, 1]);
        builder.Add([], [0.5], [2]);
        var model = new TreeSumsModel(
            SampleModels.Multiclass.Description, builder.Build(0), [0, 1, 2, 3], [0, 0, 0], new SumLink(SumLinkKind.Softmax));
        var table = Tables.Of([Tables.Number("size"), Tables.Text("colour")], 3, row => row switch { 0 => [2.0, "blue"], 1 => [0.0, "red"], _ => [0.0, "blue"] });

        var scored = model.WithReasons(2).Bind(table.Schema, appendScores: false).Apply(table);

        var reasons = (StringColumn)scored.Columns[scored.Schema.IndexOf("Reason 1")];
        Assert.Equal((false, false, true), (reasons.IsNull(0), reasons.IsNull(1), reasons.IsNull(2)));
        Assert.Equal([1.5, 1.0], Tables.Doubles(scored, "Reason 1 Contribution").Take(2));
    }

    [Fact]
    public void WriteModel_KeepsTheNumbersOfRows()
    {
        using var file = new MemoryStream();
        ModelContainer.WriteModel(Model(), file);
        file.Position = 0;

        var read = Assert.IsType<TreeModel>(ModelContainer.ReadModel(file));

        Assert.Equal(Model().Trees.Arrays.LeafCovers, read.Trees.Arrays.LeafCovers);
        Assert.Equal(3, read.WithReasons(3).ReasonCount);
    }

    // Of the trees below: bias and each tree's mean over its rows.
    private static double Expected => -0.5 + (((4 * 0.5) + (1 * -0.25) + (5 * 0.125)) / 10) + (((6 * 2) + (4 * -2)) / 10.0);

    private static TreeModel Model()
    {
        var builder = new TreeEnsembleBuilder();
        builder.Add([new(0, 1.5f, -1, true, 1, ~0), new(1, 0, 1, false, ~1, ~2)], [0.5, -0.25, 0.125], [4, 1, 5]);
        builder.Add([new(1, 0, 2, false, ~1, ~0)], [2, -2], [6, 4]);
        return new TreeModel(SampleModels.Trees.Description, builder.Build(-0.5), new LogisticLink(1, 0));
    }
}
