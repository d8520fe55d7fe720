using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Training;

public sealed class TrainingSetTests
{
    [Fact]
    public void Create_OfMixedColumns_TakesFeaturesOnly()
    {
        TableField[] fields =
        [
            Tables.Number("x"), Tables.Text("t"), Tables.Truth("b"), Tables.Whole("id") with { Role = ColumnRole.None },
            Tables.Number("w") with { Role = ColumnRole.Weight }, Tables.Number("s") with { Score = new ScoreKind("a", "b") },
            Tables.Category("c", "q", "p"), Tables.Text("y"),
        ];
        var table = Tables.Of(fields, 3, row => [1.0, row == 1 ? null : $"t{2 - row}", true, 1, 1.0, 1.0, "p", row == 0 ? "no" : "yes"]);

        var set = Create(table);

        Assert.Equal(["x", "t", "b", "c"], set.Layout.Columns.Select(column => column.Name));
        Assert.Equal(["t0", "t2"], set.Layout.Columns[1].Categories!.Levels);
        Assert.Equal(["q", "p"], set.Layout.Columns[3].Categories!.Levels);
        Assert.Equal(1 + 3 + 1 + 3, set.Layout.SlotCount);
    }

    [Theory]
    [InlineData(0, 21)]
    [InlineData(2, 130)]
    public void Create_WithoutLabelledRows_Fails(int rows, int number) => AssertError(
        number, Tables.Of([Tables.Number("x"), Tables.Text("y")], rows, _ => [1.0, null]), ModelTask.Binary);

    [Fact]
    public void Create_WithSomeLabelsMissing_LeavesThoseRowsOutAndWarns()
    {
        var messages = new List<string>();
        var table = Tables.Of([Tables.Number("x"), Tables.Text("y")], 5, row => [1.0, row switch { 0 => "a", 1 => "b", 2 => "a", _ => null }]);

        var set = TrainingSet.Create(table, "y", ModelTask.Binary, true, (message, _, _) => messages.Add(message));

        Assert.Equal(3, set.RowCount);
        Assert.Equal(2, set.SkippedRows);
        Assert.Contains("2 rows", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WithOneOrThreeClassesForTwo_IsError83()
    {
        AssertError(83, Tables.Of([Tables.Number("x"), Tables.Text("y")], 3, _ => [1.0, "a"]), ModelTask.Binary);
        AssertError(83, Tables.Of([Tables.Number("x"), Tables.Text("y")], 3, row => [1.0, $"{row}"]), ModelTask.Binary);
        AssertError(83, Tables.Of([Tables.Number("x"), Tables.Text("y")], 3, _ => [1.0, "a"]), ModelTask.Multiclass);
    }

    [Fact]
    public void Create_WithALabelThatIsNoNumberForRegression_IsError23()
    {
        AssertError(23, Tables.Of([Tables.Number("x"), Tables.Text("y")], 1, _ => [1.0, "1"]), ModelTask.Regression);
        AssertError(23, Tables.Of([Tables.Number("x"), Tables.Truth("y")], 1, _ => [1.0, true]), ModelTask.Regression);
        var category = Tables.Whole("y") with { Categories = new CategoryDomain(["1", "2"]) };
        AssertError(23, Tables.Of([Tables.Number("x"), category], 1, _ => [1.0, "1"]), ModelTask.Regression);
        var date = new TableField { Name = "y", Type = ColumnType.DateTime };
        AssertError(23, Tables.Of([Tables.Number("x"), date], 1, _ => [1.0, null]), ModelTask.Binary);
    }

    [Fact]
    public void Create_WithAnUnknownLabelColumn_IsError1() => Assert.Equal(
        1,
        Assert.Throws<ModuleException>(
            () => TrainingSet.Create(TableBatches.Empty(new TableSchema([Tables.Number("Y")])), "y", ModelTask.Regression, true, null)).Number);

    [Fact]
    public void Create_WithDatesAmongFeatures_IsError17()
    {
        var date = new TableField { Name = "when", Type = ColumnType.DateTime };

        AssertError(17, Tables.Of([date, Tables.Number("y")], 1, _ => [null, 1.0]), ModelTask.Regression);
    }

    [Fact]
    public void Create_WithoutFeatures_IsError20() =>
        AssertError(20, Tables.Of([Tables.Number("y")], 1, _ => [1.0]), ModelTask.Regression);

    [Fact]
    public void Create_WithATextPerRow_IsError14() => AssertError(
        14, Tables.Of([Tables.Text("id"), Tables.Number("y")], 70_000, row => [$"id {row}", 1.0]), ModelTask.Regression);

    [Fact]
    public void Create_OfNumericClasses_OrdersThemByValue()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Whole("y")], 3, row => [1.0, row == 0 ? 10 : row == 1 ? 9 : -1]);

        Assert.Equal(["-1", "9", "10"], Create(table, ModelTask.Multiclass).Targets.Classes);
    }

    [Fact]
    public void WithoutMissing_OfIncompleteRows_KeepsTheOthers()
    {
        var table = Tables.Of(
            [Tables.Number("x"), Tables.Text("t"), Tables.Number("y")],
            4,
            row => [row == 1 ? null : row == 2 ? double.NaN : 1.0, row == 3 ? null : "a", (double)row]);

        var loose = Create(table, ModelTask.Regression).WithoutMissing(ModelTask.Regression, null);
        var strict = TrainingSet.Create(table, "y", ModelTask.Regression, false, null).WithoutMissing(ModelTask.Regression, null);

        Assert.Equal([0, 3], loose.Targets.Numbers);
        Assert.Equal([0], strict.Targets.Numbers);
        Assert.Equal(2, loose.SkippedRows);
    }

    [Fact]
    public void WithoutMissing_OfNothingComplete_IsError130()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 2, _ => [null, 1.0]);

        Assert.Equal(
            130,
            Assert.Throws<ModuleException>(() => Create(table, ModelTask.Regression).WithoutMissing(ModelTask.Regression, null)).Number);
    }

    [Fact]
    public void WithoutMissing_OfInfinity_IsError33()
    {
        var table = Tables.Of([Tables.Number("x"), Tables.Number("y")], 1, _ => [double.PositiveInfinity, 1.0]);

        Assert.Equal(
            33,
            Assert.Throws<ModuleException>(() => Create(table, ModelTask.Regression).WithoutMissing(ModelTask.Regression, null)).Number);
    }

    private static TrainingSet Create(TableBatch table, ModelTask task = ModelTask.Binary) =>
        TrainingSet.Create(table, "y", task, true, null);

    private static void AssertError(int number, TableBatch table, ModelTask task) =>
        Assert.Equal(number, Assert.Throws<ModuleException>(() => Create(table, task)).Number);
}
