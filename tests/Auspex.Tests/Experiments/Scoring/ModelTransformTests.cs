using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Scoring;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class ModelTransformTests
{
    [Fact]
    public void Bind_WithoutAFeatureColumn_IsError1()
    {
        var error = Assert.Throws<ModuleException>(() => Model().Bind(new TableSchema([Tables.Number("size")]), true));

        Assert.Equal(1, error.Number);
        Assert.Contains("'colour'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_WithTextWhereNumbersWere_IsError17()
    {
        var error = Assert.Throws<ModuleException>(
            () => Model().Bind(new TableSchema([Tables.Text("size"), Tables.Text("colour")]), true));

        Assert.Equal(17, error.Number);
        Assert.Contains("'size'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_WithDatesWhereTextWas_IsError17()
    {
        var date = new TableField { Name = "colour", Type = ColumnType.DateTime };

        Assert.Equal(17, Assert.Throws<ModuleException>(() => Model().Bind(new TableSchema([Tables.Number("size"), date]), true)).Number);
    }

    [Fact]
    public void Apply_WithOtherColumnOrderAndTypes_FindsColumnsByName()
    {
        TableField[] fields = [Tables.Category("colour", "blue", "red"), Tables.Text("note"), Tables.Whole("size")];
        var table = Tables.Of(fields, 2, row => row == 0 ? ["red", "x", 2] : ["blue", null, 3]);

        var scored = Model().Bind(table.Schema, true).Apply(table);

        Assert.Equal(["colour", "note", "size", "Scored Labels", "Scored Probabilities"], scored.Schema.Fields.Select(field => field.Name));
        Assert.Equal([Logistic(2 + 10), Logistic(3 + 20)], Tables.Doubles(scored, "Scored Probabilities"));
        Assert.Equal(["yes", "yes"], Labels(scored));
        Assert.Equal(new ScoreKind("Binary Classification Scores", "Scored Labels"), scored.Schema.Fields[3].Score);
    }

    [Fact]
    public void Apply_WithUnknownAndMissingLevels_UsesTheirSlotWhereAllowed()
    {
        var table = Rows(["size", "colour"], [0.0, "green"], [0.0, null], [0.0, "blue"]);

        Assert.Equal([-30.0, -30, 20], Scores(Model(), table).Select(Logit), Near);
        var strict = Scores(Model(allowUnknown: false), table);
        Assert.Equal([double.NaN, double.NaN], strict[..2]);
        Assert.Equal(20, Logit(strict[2]), 6);
    }

    [Fact]
    public void Apply_WithAMissingNumber_GivesNoScoreToThatRow()
    {
        var table = Rows(["size", "colour"], [null, "red"], [1.0, "red"]);

        var scored = Model().Bind(table.Schema, true).Apply(table);

        Assert.Equal([null, "yes"], Labels(scored));
        Assert.True(double.IsNaN(Tables.Doubles(scored, "Scored Probabilities")[0]));
    }

    [Fact]
    public void Bind_WithoutAppending_KeepsTheLabelAlone()
    {
        TableField[] fields = [Tables.Number("size"), Tables.Text("answer"), Tables.Text("colour")];
        var table = Tables.Of(fields, 1, _ => [1.0, "no", "red"]);

        var scored = Model().Bind(table.Schema, false).Apply(table);

        Assert.Equal(["answer", "Scored Labels", "Scored Probabilities"], scored.Schema.Fields.Select(field => field.Name));
        Assert.Equal(ColumnRole.Label, scored.Schema.Fields[0].Role);
    }

    [Fact]
    public void Bind_ToAScoredTable_ReplacesItsScores()
    {
        var table = Rows(["size", "colour"], [1.0, "red"]);
        var once = Model().Bind(table.Schema, true).Apply(table);

        var twice = Model().Bind(once.Schema, true).Apply(once);

        Assert.Equal(once.Schema.Fields, twice.Schema.Fields);
    }

    [Fact]
    public void Bind_ToATableWithAColumnOfAScoresName_IsError28()
    {
        var schema = new TableSchema([Tables.Number("size"), Tables.Text("colour"), Tables.Text("Scored Labels")]);

        Assert.Equal(28, Assert.Throws<ModuleException>(() => Model().Bind(schema, true)).Number);
    }

    [Fact]
    public void Apply_OfSeveralClasses_NamesAProbabilityPerClassAndThenTheLabel()
    {
        var description = Description(true) with { Task = ModelTask.Multiclass, Label = Tables.Whole("grade"), Classes = ["1", "2", "10"] };
        var model = new MulticlassLinearModel(
            description, [[1, 0, 0, 0], [0, 0, 0, 0], [-1, 0, 0, 0]], [0, 0.5, 0]);
        var table = Rows(["size", "colour"], [5.0, "red"], [-5.0, "red"], [0.0, "red"], [null, "red"]);

        var scored = model.Bind(table.Schema, false).Apply(table);

        Assert.Equal(
            [
                "Scored Probabilities for Class \"1\"", "Scored Probabilities for Class \"2\"",
                "Scored Probabilities for Class \"10\"", "Scored Labels",
            ],
            scored.Schema.Fields.Select(field => field.Name));
        var labels = (Int64Column)scored.Columns[3];
        Assert.Equal([1L, 10, 2], labels.Values[..3].ToArray());
        Assert.True(labels.IsNull(3));
        var sum = Enumerable.Range(0, 3).Sum(column => ((DoubleColumn)scored.Columns[column]).Values[0]);
        Assert.Equal(1, sum, 12);
    }

    [Fact]
    public void Apply_OfAnyBatchSize_GivesTheSameBits()
    {
        var random = new Random(5);
        var table = Tables.Of(
            [Tables.Number("size"), Tables.Text("colour")], 3000, _ => [random.NextDouble(), random.Next(2) == 0 ? "red" : "blue"]);
        var transform = Model().Bind(table.Schema, false);

        var whole = Tables.Doubles(transform.Apply(table), "Scored Probabilities");
        int[] some = [2999, 0, 1024, 1023];
        var single = some.Select(row => Tables.Doubles(transform.Apply(table.Take([row])), "Scored Probabilities")[0]);

        Assert.Equal(some.Select(row => whole[row]), single);
    }

    private static ModelDescription Description(bool allowUnknown) => new()
    {
        Learner = "Two-Class Logistic Regression",
        Task = ModelTask.Binary,
        Label = Tables.Text("answer"),
        Features = new TableSchema([Tables.Number("size"), Tables.Category("colour", "red", "blue")]),
        Classes = ["no", "yes"],
        AllowsUnknownLevels = allowUnknown,
    };

    private static LinearModel Model(bool allowUnknown = true) =>
        new(Description(allowUnknown), allowUnknown ? [1, 10, 20, -30] : [1, 10, 20], 0);

    private static TableBatch Rows(string[] names, params object?[][] rows) =>
        Tables.Of([Tables.Number(names[0]), Tables.Text(names[1])], rows.Length, row => rows[row]);

    private static double[] Scores(TrainedModel model, TableBatch table) =>
        Tables.Doubles(model.Bind(table.Schema, false).Apply(table), "Scored Probabilities");

    private static ImmutableArray<string?> Labels(TableBatch scored)
    {
        var column = (StringColumn)scored.Columns[scored.Schema.IndexOf(ScoreNames.ScoredLabels)];
        return [.. Enumerable.Range(0, column.Length).Select(column.Text)];
    }

    private static double Logistic(double sum) => 1 / (1 + Math.Exp(-sum));

    private static double Logit(double probability) => Math.Log(probability / (1 - probability));

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-6;
}
