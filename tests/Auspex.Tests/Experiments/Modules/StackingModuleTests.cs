using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

/// <summary>Add Columns, Add Rows, Remove Duplicate Rows and the modules that pass tables through.</summary>
public sealed class StackingModuleTests
{
    private static readonly TableBatch Table = ModuleRuns.Batch(
        [ModuleRuns.Field("a", ColumnType.Int32), ModuleRuns.Field("b", ColumnType.String)],
        [1, "x"], [2, null], [1, "x"], [null, null], [2, null], [1, "y"]);

    [Fact]
    public async Task AddColumns_ShorterSide_IsPaddedAndNamesAreMadeUnique()
    {
        var right = ModuleRuns.Batch([ModuleRuns.Field("b", ColumnType.Double), ModuleRuns.Field("b (1)", ColumnType.Int32)], [0.5, 1]);

        var output = await ModuleRuns.OutputAsync("Add Columns", [Table, right]);

        Assert.Equal(["a", "b", "b (1)", "b (1) (1)"], ModuleRuns.Names(output));
        Assert.Equal(["0.5", null, null, null, null, null], ModuleRuns.Texts(output, "b (1)"));
        Assert.Equal(6, (await ModuleRuns.OutputAsync("Add Columns", [right, Table])).RowCount);
    }

    [Fact]
    public async Task AddColumns_OneSideUnconnected_IsError3() => await ModuleRuns.FailAsync(3, "Add Columns", [Table]);

    [Fact]
    public async Task AddRows_CompatibleTypes_Widen()
    {
        var below = ModuleRuns.Batch([ModuleRuns.Field("a", ColumnType.Double), ModuleRuns.Category("b", "x", "z")], [1.5, "z"]);

        var output = await ModuleRuns.OutputAsync("Add Rows", [Table, below]);

        Assert.Equal(ColumnType.Double, output.Schema.Fields[0].Type);
        Assert.False(output.Schema.Fields[1].IsCategorical);
        Assert.Equal(["1.5", "z"], [ModuleRuns.Texts(output, "a")[6], ModuleRuns.Texts(output, "b")[6]]);
    }

    [Fact]
    public async Task AddRows_Categories_AreJoined()
    {
        var output = await ModuleRuns.OutputAsync(
            "Add Rows",
            [ModuleRuns.Batch([ModuleRuns.Category("c", "x", "y")], ["y"]), ModuleRuns.Batch([ModuleRuns.Category("c", "z", "y")], ["z"], ["y"])]);

        Assert.Equal(["x", "y", "z"], output.Schema.Fields[0].Categories!.Levels);
        Assert.Equal(["y", "z", "y"], ModuleRuns.Texts(output, "c"));
    }

    [Fact]
    public async Task AddRows_TablesThatDoNotFit_AreErrors()
    {
        await ModuleRuns.FailAsync(8, "Add Rows", [Table, ModuleRuns.Single("a", ColumnType.Int32, 1)]);
        await ModuleRuns.FailAsync(
            10, "Add Rows", [Table, ModuleRuns.Batch([ModuleRuns.Field("b", ColumnType.String), ModuleRuns.Field("a", ColumnType.Int32)], ["x", 1])]);
        await ModuleRuns.FailAsync(
            16, "Add Rows", [Table, ModuleRuns.Batch([ModuleRuns.Field("a", ColumnType.String), ModuleRuns.Field("b", ColumnType.String)], ["1", "x"])]);
    }

    [Theory]
    [InlineData("a,b", "True", "1x,2,,1y")]
    [InlineData("a,b", "False", "1x,,2,1y")]
    [InlineData("a", "True", "1x,2,")]
    [InlineData("a", "False", ",2,1y")]
    public async Task RemoveDuplicateRows_Keys_KeepOneOfEach(string keys, string first, string expected)
    {
        var output = await ModuleRuns.OutputAsync(
            "Remove Duplicate Rows",
            [Table],
            ("Key column selection filter expression", keys),
            ("Retain first duplicate row", first));

        Assert.Equal(expected, string.Join(',', ModuleRuns.Texts(output, "a").Zip(ModuleRuns.Texts(output, "b"), (a, b) => a + b)));
    }

    [Fact]
    public async Task RemoveDuplicateRows_NoKeys_IsError20() => await ModuleRuns.FailAsync(
        20, "Remove Duplicate Rows", [Table], ("Key column selection filter expression", "AllBooleans"));

    [Theory]
    [InlineData("Convert to CSV")]
    [InlineData("Web Service Input")]
    [InlineData("Web Service Output")]
    public async Task PassThrough_Table_IsTheSame(string module) =>
        Assert.Same(Table, await ModuleRuns.OutputAsync(module, [Table]));

    [Fact]
    public async Task ConvertToCsv_Unconnected_IsError3() => await ModuleRuns.FailAsync(3, "Convert to CSV", []);
}
