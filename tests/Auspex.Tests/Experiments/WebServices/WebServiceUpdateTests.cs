using Auspex.Errors;
using Auspex.Experiments.Models;
using Auspex.Experiments.WebServices;
using Auspex.Stores;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

public sealed class WebServiceUpdateTests
{
    private readonly ServiceHarness _services = new();

    [Fact]
    public async Task Update_FittingModel_ScoresWithIt()
    {
        var package = await _services.PackageAsync(ServiceHarness.Predictive);
        var before = await _services.LoadAsync(package);
        var artifact = await SaveAsync(new ModelValue(FakeModels.Create("x", "x", 1000)));

        var after = await _services.LoadAsync(await UpdateAsync(package, "the MODEL", artifact));

        var rows = SmallTables.Numbers("x", 1);
        Assert.Equal("x|Scored Labels\n0|1000", SmallTables.Print(after.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows)));
        Assert.Equal("x|Scored Labels\n0|100", SmallTables.Print(before.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows)));
    }

    [Fact]
    public async Task Update_FittingTransform_AppliesIt()
    {
        var package = await _services.PackageAsync(ServiceHarness.Predictive);

        var after = await _services.LoadAsync(await UpdateAsync(package, "The shift", await SaveAsync(new TransformValue(new ShiftTransform(0, false)))));

        var rows = SmallTables.Numbers("x", 1);
        Assert.Equal("x|Scored Labels\n2|102", SmallTables.Print(after.BindRowwise(rows.Schema, new Dictionary<string, string>())!.Apply(rows)));
    }

    [Fact]
    public async Task Update_ModelThatDoesNotFit_IsRefused()
    {
        var package = await _services.PackageAsync(ServiceHarness.Predictive);

        Assert.Contains("trained for Binary; expected Regression", await RefusalAsync(package, "The model", new ModelValue(FakeModels.Create("x", "x", 1, ModelTask.Binary))), StringComparison.Ordinal);
        Assert.Contains("other", await RefusalAsync(package, "The model", new ModelValue(FakeModels.Create("other", "x", 1))), StringComparison.Ordinal);
        Assert.Contains("cannot be read", await RefusalAsync(package, "The model", new TableValue(SmallTables.Numbers("x", 1))), StringComparison.Ordinal);
        Assert.Contains("drops rows", await RefusalAsync(package, "The shift", new TransformValue(new ShiftTransform(0, true))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_UnknownAsset_ListsThoseThatExist()
    {
        var package = await _services.PackageAsync(ServiceHarness.Predictive);

        var exception = await Assert.ThrowsAsync<PackagingException>(() => UpdateAsync(package, "The modle", new ArtifactId("x")));

        Assert.Equal(ErrorCode.AssetNotFound, exception.Code);
        Assert.Contains("Did you mean 'The model'?", exception.Message, StringComparison.Ordinal);
    }

    private Task<ArtifactId> SaveAsync(PortValue value) => _services.Experiments.Values.SaveAsync(value, CancellationToken.None);

    private async Task<string> RefusalAsync(WebServicePackage package, string name, PortValue value)
    {
        var artifact = await SaveAsync(value);
        var exception = await Assert.ThrowsAsync<PackagingException>(() => UpdateAsync(package, name, artifact));
        Assert.Equal(ErrorCode.ModelIncompatible, exception.Code);
        return exception.Message;
    }

    private Task<WebServicePackage> UpdateAsync(WebServicePackage package, string name, ArtifactId artifact) =>
        new WebServiceUpdate(_services.Experiments.Catalog, _services.Experiments.Values).WithAssetAsync(package, name, artifact, CancellationToken.None);
}
