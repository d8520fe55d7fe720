using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Models.Transforms;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class CountingModulesTests
{
    private const string Build = "Build Counting Transform";

    [Theory]
    [InlineData("Dictionary")]
    [InlineData("CMSketch")]
    public async Task Build_Counts_BecomeFeaturesOfLaterRows(string kind)
    {
        var transform = Modified(await BuildAsync(("Count table type", kind)), new CountingFeatures(2, 0, 0, true, true, true));
        var later = ModuleRuns.Single("x", ColumnType.String, "a", "b", "never seen", null);

        var output = ModuleRuns.Reload(transform.Transform).Bind(later.Schema).Apply(later);

        Assert.Equal(["x", "x_no_Count", "x_yes_Count", "x_LogOdds", "x_IsBackOff"], ModuleRuns.Names(output));
        Assert.Equal(["6", "2", "1", "1"], ModuleRuns.Texts(output, "x_no_Count"));
        Assert.Equal(["2", "6", "0", "0"], ModuleRuns.Texts(output, "x_yes_Count"));
        Assert.Equal(System.Math.Log(2.0 / 6), Tables.Doubles(output, "x_LogOdds")[0], 1e-12);
        Assert.Equal(["0", "0", "1", "1"], ModuleRuns.Texts(output, "x_IsBackOff"));
    }

    [Fact]
    public async Task Export_ThenImport_GivesTheSameTransform()
    {
        var transform = await BuildAsync();
        var exported = await ModuleRuns.RunPortsAsync("Export Count Table", [("Counting transform", transform)], []);

        var imported = await ModuleRuns.RunPortsAsync(
            "Import Count Table",
            [
                ("Count metadata", exported.Outputs["Count metadata"]), ("Count table", exported.Outputs["Count table"]),
                ("Counted data set", new TableValue(Rows())),
            ],
            []);

        ModuleRuns.AssertSame(Apply(transform), Apply(imported.Outputs["Counting transform"]));
        await ModuleRuns.FailPortsAsync(
            18, "Import Count Table", [("Count metadata", exported.Outputs["Count table"]), ("Count table", exported.Outputs["Count table"])]);
        await ModuleRuns.FailPortsAsync(3, "Import Count Table", [("Count table", exported.Outputs["Count table"])]);
    }

    [Fact]
    public async Task Merge_WithDecay_AddsThePartOfTheSecond()
    {
        var transform = await BuildAsync();

        var merged = await ModuleRuns.RunPortsAsync(
            "Merge Count Transform", [("Previous counting transform", transform), ("New counting transform", transform)], [("Decay factor", "0.5")]);
        var alone = await ModuleRuns.RunPortsAsync("Merge Count Transform", [("Previous counting transform", transform)], []);

        Assert.Equal(9, Tables.Doubles(Apply(merged.Outputs["Merged counting transform"], 2), "x_no_Count")[0]);
        ModuleRuns.AssertSame(Apply(transform), Apply(alone.Outputs["Merged counting transform"]));
        var other = await BuildAsync(("The seed of hash function", "7"));
        await ModuleRuns.FailPortsAsync(86, "Merge Count Transform", [("Previous counting transform", transform), ("New counting transform", other)]);
    }

    [Theory]
    [InlineData("CountsOnly", "False", new[] { "x_no_Count", "x_yes_Count", "x_IsBackOff" })]
    [InlineData("LogOddsOnly", "True", new[] { "x_LogOdds" })]
    public async Task Modify_Output_ChoosesFeatures(string output, string ignore, string[] expected)
    {
        var modified = await ModuleRuns.RunPortsAsync(
            "Modify Count Table Parameters", [("Counting transform", await BuildAsync())],
            [("Output features include", output), ("Ignore back off column", ignore), ("Laplacian noise scale", "1")]);

        var table = Apply(modified.Outputs["Modified transform"]);
        Assert.Equal(["x", "y", .. expected], ModuleRuns.Names(table));
        ModuleRuns.AssertSame(table, Apply(modified.Outputs["Modified transform"]));
    }

    [Fact]
    public async Task Counting_BadInput_FailsWithStudiosNumbers()
    {
        var selection = await ModuleRuns.RunAsync("Select Columns Transform", [Rows()], []);
        (string, string)[] columns = [("Label column index or name", "y"), ("Select columns to count", "x")];

        await ModuleRuns.FailPortsAsync(86, "Export Count Table", [("Counting transform", selection.Outputs["Columns selection transformation"])]);
        await ModuleRuns.FailAsync(89, Build, [Tables.Of([Tables.Text("x"), Tables.Whole("y")], 5, row => ["a", row])], columns);
        await ModuleRuns.FailAsync(88, Build, [Rows()], ("Module type", "Blob"));
        await ModuleRuns.FailAsync(8, Build, [Rows()], [.. columns, ("The bits of hash function", "4")]);
        await ModuleRuns.FailAsync(11, Build, [Rows()], columns[0], ("Select columns to count", "AllDoubles"));
        await ModuleRuns.FailAsync(59, Build, [Rows()], columns[0], ("Select columns to count", "{\"rules\":[{\"ruleType\":\"ColumnIndexes\",\"columns\":[\"x\"]}]}"));
        await ModuleRuns.FailAsync(60, Build, [Rows()], columns[0], ("Select columns to count", "{\"rules\":[{\"ruleType\":\"ColumnIndexes\",\"columns\":[\"9\"]}]}"));
        await ModuleRuns.FailAsync(28, Build, [Rows()], columns[0], ("Select columns to count", "y"));
    }

    private static TransformValue Modified(PortValue transform, CountingFeatures features)
    {
        var counting = (CountingTransform)((TransformValue)transform).Transform;
        return new TransformValue(new CountingTransform(counting.Scheme, features, counting.Columns));
    }

    private static FittedTransform Reload(TransformValue value) => ModuleRuns.Reload(value.Transform);

    private static TableBatch Apply(PortValue transform, double? garbage = null)
    {
        var value = garbage is { } threshold ? Modified(transform, CountingFeatures.Default with { GarbageThreshold = threshold }) : (TransformValue)transform;
        return Reload(value).Bind(Rows().Schema).Apply(Rows());
    }

    private static async Task<PortValue> BuildAsync(params (string, string)[] parameters) =>
        (await ModuleRuns.RunAsync(Build, [Rows()], [("Label column index or name", "y"), ("Select columns to count", "x"), .. parameters])).Outputs["Counting transform"];

    // Eight rows each of a and b, and one c.
    private static TableBatch Rows() => Tables.Of(
        [Tables.Text("x"), Tables.Text("y")], 17, row => row < 8 ? ["a", row < 6 ? "no" : "yes"] : row < 16 ? ["b", row < 10 ? "no" : "yes"] : ["c", "no"]);
}
