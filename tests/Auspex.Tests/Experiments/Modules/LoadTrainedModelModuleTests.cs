using Auspex.Connectors.ObjectStorage;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.TestKit;
using Auspex.Tests.Experiments.Training;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class LoadTrainedModelModuleTests : IDisposable
{
    private const string Module = "Load Trained Model";

    private readonly TemporaryFolder _folder = new();
    private readonly BlobStores _stores;
    private readonly ModuleServices _services;

    public LoadTrainedModelModuleTests()
    {
        _stores = new BlobStores(new BlobStoresOptions { FileRoots = [_folder.Path] }, TimeProvider.System);
        _services = ModuleRuns.Services with { OpenBlobStore = _stores.Open, FileRoots = [_folder.Path] };
        Directory.CreateDirectory(Path.Combine(_folder.Path, "models"));
    }

    public void Dispose()
    {
        _stores.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_OfAModelFile_GivesTheModel()
    {
        var table = LearnerSuite.Table(ModelTask.Binary, 60);
        var model = LearnerSuite.Train(LearnerSuite.Create("Two-Class Decision Forest"), table);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "models", "m.ilearner"), LearnerSuite.Bytes(model), TestContext.Current.CancellationToken);

        var context = await RunAsync("models/m.ilearner");

        var loaded = ((ModelValue)context.Outputs["Trained model"]).Model;
        Assert.Equal(LearnerSuite.Scores(model, table), LearnerSuite.Scores(loaded, table));
    }

    [Theory]
    [InlineData("models/foreign.ilearner", 82)]
    [InlineData("models/absent.ilearner", 65)]
    public async Task RunAsync_OfWhatIsNoModel_FailsWithItsNumber(string path, int number)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "models", "foreign.ilearner"), "AB7=", TestContext.Current.CancellationToken);

        Assert.Equal(number, (await Assert.ThrowsAsync<ModuleException>(() => RunAsync(path))).Number);
    }

    [Fact]
    public async Task RunAsync_OfNoAddress_Fails29()
    {
        var failure = await Assert.ThrowsAsync<ModuleException>(() => ModuleRuns.RunAsync(
            Module, [], [("Data source", "Http"), ("Data source URL", "no address")], _services));

        Assert.Equal(29, failure.Number);
    }

    private Task<ModuleContext> RunAsync(string path) => ModuleRuns.RunAsync(
        Module, [], [("Account name", $"FileRoot={_folder.Path}"), ("Path to container or directory or blob", path)], _services);
}
