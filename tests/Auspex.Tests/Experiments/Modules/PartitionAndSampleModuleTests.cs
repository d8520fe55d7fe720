using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class PartitionAndSampleModuleTests
{
    private const string Module = "Partition and Sample";
    private const string Mode = "Partition or sample mode";
    private const string Seed = "Random seed";

    [Theory]
    [InlineData("10", 10)]
    [InlineData("0", 0)]
    [InlineData("500", 100)]
    public async Task Run_Head_TakesTheFirstRows(string wanted, int expected)
    {
        var head = await ModuleRuns.OutputAsync(Module, [Rows(100)], (Mode, "Head"), ("Number of rows to select", wanted));

        Assert.Equal(Enumerable.Range(0, expected).Select(row => (double)row), ModuleRuns.Numbers(head, "x"));
    }

    [Fact]
    public async Task Run_Sampling_TakesTheRateOfRowsInOrderAndRepeatably()
    {
        (string, string)[] parameters = [("Rate of sampling", "0.25"), ("Random seed for sampling", "3")];

        var sample = await ModuleRuns.OutputAsync(Module, [Rows(100)], parameters);

        var numbers = ModuleRuns.Numbers(sample, "x");
        Assert.Equal(25, numbers.Length);
        Assert.Equal(numbers.Order(), numbers);
        ModuleRuns.AssertSame(sample, await ModuleRuns.OutputAsync(Module, [Rows(100)], parameters));
    }

    [Fact]
    public async Task Run_StratifiedSampling_KeepsTheSharesOfTheStrata()
    {
        var sample = await ModuleRuns.OutputAsync(
            Module, [Rows(100)],
            ("Rate of sampling", "0.5"), ("Stratified split for sampling", "True"), ("Stratification key column for sampling", "s"), ("Random seed for sampling", "3"));

        Assert.Equal(5, ModuleRuns.Texts(sample, "s").Count(text => text == "rare"));
        Assert.Equal(45, ModuleRuns.Texts(sample, "s").Count(text => text == "common"));
    }

    [Theory]
    [InlineData("True")]
    [InlineData("False")]
    public async Task Run_FoldsEvenly_AreOfEqualSizeAndDisjoint(string randomized)
    {
        var assigned = await AssignAsync(("Randomized split", randomized), (Seed, "4"), ("Specify number of folds to split evenly into", "4"));

        Assert.Equal(100, assigned.Table.RowCount);
        Assert.Equal([25, 25, 25, 25], Enumerable.Range(0, 4).Select(fold => assigned.Folds!.Of.Count(of => of == fold)));
        if (randomized == "False")
        {
            Assert.Equal(assigned.Folds!.Of.Order(), assigned.Folds.Of);
        }
    }

    [Fact]
    public async Task Run_StratifiedFolds_EachHaveTheirShare()
    {
        var assigned = await AssignAsync(("Stratified split", "True"), ("Stratification key column", "s"), (Seed, "4"));

        var strata = ModuleRuns.Texts(assigned.Table, "s");
        foreach (var fold in Enumerable.Range(0, 5))
        {
            Assert.Equal(2, Enumerable.Range(0, 100).Count(row => assigned.Folds!.Of[row] == fold && strata[row] == "rare"));
        }
    }

    [Fact]
    public async Task Run_Proportions_LeaveTheRestToAFoldOfItsOwn()
    {
        var assigned = await AssignAsync(
            ("Specify the partitioner method", "Partition with customized proportions"), ("List of proportions separated by comma", "0.1, 0.3"), (Seed, "4"));

        Assert.Equal(3, assigned.Folds!.Count);
        Assert.Equal([10, 30, 60], Enumerable.Range(0, 3).Select(fold => assigned.Folds.Of.Count(of => of == fold)));
    }

    [Fact]
    public async Task Run_ProportionsStratified_HoldInEachStratum()
    {
        var assigned = await AssignAsync(
            ("Specify the partitioner method", "Partition with customized proportions"), ("List of proportions separated by comma", "0.5,0.5"),
            ("Stratified split for customized fold assignment", "True"), ("Stratification key column for customized fold assignment", "s"), (Seed, "4"));

        var strata = ModuleRuns.Texts(assigned.Table, "s");
        Assert.Equal(5, Enumerable.Range(0, 100).Count(row => assigned.Folds!.Of[row] == 0 && strata[row] == "rare"));
    }

    [Fact]
    public async Task Run_WithReplacement_DrawsEachFoldFromAllRows()
    {
        var assigned = await AssignAsync(("Use replacement in the partitioning", "True"), (Seed, "4"));

        Assert.Equal(100, assigned.Table.RowCount);
        Assert.True(ModuleRuns.Numbers(assigned.Table, "x").Distinct().Count() < 100);
    }

    [Fact]
    public async Task Run_PickFold_IsTheFoldOrAllOthers()
    {
        var assigned = await AssignAsync((Seed, "4"));

        var second = await PickAsync(assigned, "2", "False");
        var others = await PickAsync(assigned, "2", "True");

        Assert.Equal(20, second.RowCount);
        Assert.Equal(80, others.RowCount);
        Assert.Equal(
            Enumerable.Range(0, 100).Select(row => (double)row),
            ModuleRuns.Numbers(second, "x").Concat(ModuleRuns.Numbers(others, "x")).Order());
    }

    [Fact]
    public async Task Folds_PassThroughARowwiseModuleAndAFile()
    {
        var assigned = await AssignAsync((Seed, "4"));
        var selected = (TableValue)(await ModuleRuns.RunPortsAsync(
            "Select Columns in Dataset", [("Dataset", assigned)], [("Select columns", "x")])).Outputs["Results dataset"];

        using var file = new MemoryStream();
        await TableFile.WriteAsync(file, TableExtras.Attach(selected with { Visualization = "{}" }), TestContext.Current.CancellationToken);
        file.Position = 0;
        var read = TableExtras.Detach(await TableFile.ReadAsync(file, TestContext.Current.CancellationToken));

        Assert.Equal(["x"], ModuleRuns.Names(read.Table));
        Assert.Equal(assigned.Folds!.Of.AsEnumerable(), read.Folds!.Of);
        Assert.Equal(5, read.Folds.Count);
        Assert.Equal("{}", read.Visualization);
    }

    [Fact]
    public async Task Run_BadInput_FailsWithStudiosNumbers()
    {
        var assigned = await AssignAsync((Seed, "4"));
        const string Proportions = "List of proportions separated by comma";
        (string, string)[] custom = [(Mode, "Assign to Folds"), ("Specify the partitioner method", "Partition with customized proportions")];

        await ModuleRuns.FailPortsAsync(8, Module, [("Dataset", assigned)], (Mode, "Pick Fold"), ("Specify which fold to be sampled from", "6"));
        await ModuleRuns.FailPortsAsync(5, Module, [("Dataset", assigned)], (Mode, "Pick Fold"), ("Specify which fold to be sampled from", "0"));
        await ModuleRuns.FailAsync(3, Module, [Rows(5)], (Mode, "Pick Fold"));
        await ModuleRuns.FailAsync(21, Module, [Rows(3)], (Mode, "Assign to Folds"));
        await ModuleRuns.FailAsync(8, Module, [Rows(3)], ("Rate of sampling", "1.5"));
        await ModuleRuns.FailAsync(8, Module, [Rows(9)], [.. custom, (Proportions, "0.9,0.9")]);
        await ModuleRuns.FailAsync(4, Module, [Rows(9)], [.. custom, (Proportions, "0.9,0")]);
        await ModuleRuns.FailAsync(2, Module, [Rows(9)], [.. custom, (Proportions, "half")]);
        await ModuleRuns.FailAsync(1, Module, [Rows(9)], ("Stratified split for sampling", "True"), ("Stratification key column for sampling", "nothing"));
    }

    [Fact]
    public async Task Run_NoRows_SamplesNone() =>
        Assert.Equal(0, (await ModuleRuns.OutputAsync(Module, [Rows(0)])).RowCount);

    private static async Task<TableValue> AssignAsync(params (string, string)[] parameters) =>
        (TableValue)(await ModuleRuns.RunAsync(Module, [Rows(100)], [(Mode, "Assign to Folds"), .. parameters])).Outputs["oDataset"];

    private static async Task<TableBatch> PickAsync(TableValue assigned, string fold, string complement) => ModuleRuns.Table(
        await ModuleRuns.RunPortsAsync(
            Module, [("Dataset", assigned)],
            [(Mode, "Pick Fold"), ("Specify which fold to be sampled from", fold), ("Pick complement of the selected fold", complement)]),
        "oDataset");

    private static TableBatch Rows(int count) => Tables.Of(
        [Tables.Number("x"), Tables.Text("s")], count, row => [row, row % 10 == 3 ? "rare" : "common"]);
}
