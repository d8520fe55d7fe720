using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class ConvertToIndicatorValuesModuleTests
{
    private const string Module = "Convert to Indicator Values";
    private const string Columns = "Categorical columns to convert";

    private static readonly TableBatch Table = ModuleRuns.Batch(
        [ModuleRuns.Category("job", "clerk", "Ärztin, Dr.", "none"), ModuleRuns.Field("x", ColumnType.Int32)],
        ["Ärztin, Dr.", 1],
        [null, 2],
        ["clerk", 3]);

    [Fact]
    public async Task Run_Category_GetsAColumnPerLevelInCategoryOrder()
    {
        var output = await ModuleRuns.OutputAsync(Module, [Table], (Columns, "job"));

        Assert.Equal(["job", "x", "job-clerk", "job-Ärztin, Dr.", "job-none"], ModuleRuns.Names(output));
        Assert.Equal(["0", "0", "1"], ModuleRuns.Texts(output, "job-clerk"));
        Assert.Equal(["1", "0", "0"], ModuleRuns.Texts(output, "job-Ärztin, Dr."));
        Assert.Equal(["0", "0", "0"], ModuleRuns.Texts(output, "job-none"));
    }

    [Fact]
    public async Task Run_Overwrite_DropsTheSource()
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [Table], (Columns, "AllCategorical"), ("Overwrite categorical columns", "True"));

        Assert.Equal(["x", "job-clerk", "job-Ärztin, Dr.", "job-none"], ModuleRuns.Names(output));
    }

    [Fact]
    public async Task Run_NameTaken_GetsANumber()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Category("a", "b"), ModuleRuns.Field("a-b", ColumnType.Int32)], ["b", 5]);

        var output = await ModuleRuns.OutputAsync(Module, [table], (Columns, "a"));

        Assert.Equal(["a", "a-b", "a-b (1)"], ModuleRuns.Names(output));
    }

    [Fact]
    public async Task Run_PlainColumn_IsError56() => await ModuleRuns.FailAsync(56, Module, [Table], (Columns, "x"));

    [Fact]
    public async Task Transform_OnTrainingTable_GivesTheSameBits()
    {
        var context = await ModuleRuns.RunAsync(Module, [Table], [(Columns, "job")]);

        ModuleRuns.AssertSame(
            ModuleRuns.Table(context, "Results dataset"),
            ModuleRuns.Reload(context, "Indicator values transformation").Bind(Table.Schema).Apply(Table));
    }

    [Fact]
    public async Task Transform_OnTextAndOtherLevels_GoesByText()
    {
        var context = await ModuleRuns.RunAsync(Module, [Table], [(Columns, "job")]);
        var transform = ModuleRuns.Reload(context, "Indicator values transformation");
        var texts = ModuleRuns.Single("job", ColumnType.String, "none", "pilot", null, "clerk");
        var others = ModuleRuns.Batch([ModuleRuns.Category("job", "pilot", "none")], ["none"], ["pilot"]);

        Assert.Equal(["1", "0", "0", "0"], ModuleRuns.Texts(transform.Bind(texts.Schema).Apply(texts), "job-none"));
        Assert.Equal(["0", "0", "0", "1"], ModuleRuns.Texts(transform.Bind(texts.Schema).Apply(texts), "job-clerk"));
        Assert.Equal(["1", "0"], ModuleRuns.Texts(transform.Bind(others.Schema).Apply(others), "job-none"));
    }

    [Fact]
    public async Task Bind_AnotherType_IsError17()
    {
        var context = await ModuleRuns.RunAsync(Module, [Table], [(Columns, "job")]);
        var transform = ModuleRuns.Reload(context, "Indicator values transformation");

        Assert.Equal(17, Assert.Throws<ModuleException>(
            () => transform.Bind(new TableSchema([ModuleRuns.Field("job", ColumnType.Double)]))).Number);
    }

    [Fact]
    public async Task Run_LabelColumn_GivesNoFeatures()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Category("y", "0", "1") with { Role = ColumnRole.Label }], ["1"]);

        var output = await ModuleRuns.OutputAsync(Module, [table], (Columns, "y"));

        Assert.Equal(ColumnRole.None, output.Schema.Fields[1].Role);
    }
}
