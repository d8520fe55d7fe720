using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class ApplyTransformationModuleTests
{
    private const string Module = "Apply Transformation";

    private static readonly TableBatch Training = ModuleRuns.Single("x", ColumnType.Double, 0.0, 10.0);

    [Fact]
    public async Task Run_FittedTransform_IsAppliedAndNotFittedAgain()
    {
        var later = ModuleRuns.Batch(
            [ModuleRuns.Field("more", ColumnType.String), ModuleRuns.Field("x", ColumnType.Int32)], ["a", 5], ["b", 20]);

        var output = ModuleRuns.Table(await ApplyAsync(later), "Transformed dataset");

        Assert.Equal(["more", "x"], ModuleRuns.Names(output));
        Assert.Equal(["0.5", "2"], ModuleRuns.Texts(output, "x"));
    }

    [Fact]
    public async Task Run_TableThatDoesNotFit_IsError1Or17()
    {
        Assert.Equal(1, (await Assert.ThrowsAsync<ModuleException>(
            () => ApplyAsync(ModuleRuns.Single("y", ColumnType.Double, 1.0)))).Number);
        Assert.Equal(17, (await Assert.ThrowsAsync<ModuleException>(
            () => ApplyAsync(ModuleRuns.Single("x", ColumnType.String, "1")))).Number);
    }

    [Fact]
    public async Task Run_WithoutTransform_IsError3() => await ModuleRuns.FailAsync(3, Module, [Training]);

    private static async Task<ModuleContext> ApplyAsync(TableBatch table)
    {
        var fitted = await ModuleRuns.RunAsync("Normalize Data", [Training], [("Transformation method", "MinMax")]);
        var context = new ModuleContext(
            new Dictionary<string, PortValue>
            {
                ["Transformation"] = fitted.Outputs["Transformation function"],
                ["Dataset"] = new TableValue(table),
            },
            new ModuleParameters(ModuleRuns.Find(Module).Descriptor, new Dictionary<string, string>()),
            ModuleRuns.Services);
        await ModuleRuns.Find(Module).RunAsync(context, TestContext.Current.CancellationToken);
        return context;
    }
}
