using Auspex.Connectors.Tables;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Models;

public sealed class TransformContainerTests
{
    [Fact]
    public async Task ReadTransform_OfAWrittenTransform_TransformsAlike()
    {
        var table = Rows();
        var transform = await FitAsync(table);

        var read = ModelContainer.ReadTransform(new MemoryStream(Bytes(transform)));

        Assert.Equal(transform.Kind, read.Kind);
        var (expected, actual) = (transform.Bind(table.Schema).Apply(table), read.Bind(table.Schema).Apply(table));
        Assert.Equal(Tables.Doubles(expected, "x"), Tables.Doubles(actual, "x"));
        Assert.Equal(0, Tables.Doubles(actual, "x")[1]);
    }

    [Fact]
    public async Task ReadTransform_OfAModelOrDamagedFile_IsRefused()
    {
        using var model = new MemoryStream();
        ModelContainer.WriteModel(SampleModels.Linear, model);
        model.Position = 0;
        var bytes = Bytes(await FitAsync(Rows()));

        Assert.Throws<ModelFormatException>(() => ModelContainer.ReadTransform(model));
        Assert.Throws<ModelFormatException>(() => ModelContainer.ReadTransform(new MemoryStream(bytes[..^1])));
        Assert.Throws<ModelFormatException>(() => ModelContainer.ReadModel(new MemoryStream(bytes)));
    }

    private static TableBatch Rows() => Tables.Of([Tables.Number("x")], 3, row => [row == 1 ? null : 5.0]);

    private static byte[] Bytes(FittedTransform transform)
    {
        using var stream = new MemoryStream();
        ModelContainer.WriteTransform(transform, stream);
        return stream.ToArray();
    }

    private static async Task<FittedTransform> FitAsync(TableBatch table)
    {
        Assert.True(ModuleCatalog.CreateDefault().TryFind("Clean Missing Data", out var module));
        var services = new ModuleServices
        {
            OpenBlobStore = _ => throw new InvalidOperationException("Cleaning opens no store."),
            Clock = TimeProvider.System,
            FileRoots = [],
        };
        var context = new ModuleContext(
            new Dictionary<string, PortValue> { ["Dataset"] = new TableValue(table) },
            new ModuleParameters(module!.Descriptor, new Dictionary<string, string>()),
            services);
        await module.RunAsync(context, TestContext.Current.CancellationToken);
        return ((TransformValue)context.Outputs["Cleaning transformation"]).Transform;
    }
}
