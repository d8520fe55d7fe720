using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class SelectColumnsInDatasetModuleTests
{
    private const string Module = "Select Columns in Dataset";

    private static readonly TableBatch Table = ModuleRuns.Batch(
        [ModuleRuns.Field("a", ColumnType.Int32), ModuleRuns.Field("b", ColumnType.String, ColumnRole.Label), ModuleRuns.Field("c", ColumnType.Double)],
        [1, "x", 1.5],
        [2, null, 2.5]);

    [Fact]
    public async Task Run_NamesInAnotherOrder_ReordersAndKeepsRoles()
    {
        var output = await ModuleRuns.OutputAsync(Module, [Table], ("Select columns", "c,b"));

        Assert.Equal(["c", "b"], ModuleRuns.Names(output));
        Assert.Equal(ColumnRole.Label, output.Schema.Fields[1].Role);
        Assert.Equal(["x", null], ModuleRuns.Texts(output, "b"));
    }

    [Fact]
    public async Task Run_NothingSelected_IsError11() =>
        await ModuleRuns.FailAsync(11, Module, [Table], ("Select columns", "AllDateTimes"));

    [Fact]
    public async Task Run_UnknownColumn_IsError1() =>
        await ModuleRuns.FailAsync(1, Module, [Table], ("Select columns", "A"));

    [Fact]
    public async Task Run_Blank_IsError3() => await ModuleRuns.FailAsync(3, Module, [Table]);

    [Fact]
    public async Task Run_Unconnected_IsError3() => await ModuleRuns.FailAsync(3, Module, [], ("Select columns", "a"));

    [Fact]
    public void Bind_ToSchema_GivesWhatRunGives()
    {
        var module = (IRowwiseModule)ModuleRuns.Find(Module);
        var context = ModuleRuns.Context(Module, [], [("Select columns", "c,a")]);

        var transform = module.Bind(Table.Schema, context);

        Assert.Equal(["c", "a"], ModuleRuns.Names(transform.Apply(Table)));
    }
}
