using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

public sealed class WebServicePackagerTests
{
    private readonly ServiceHarness _services = new();

    [Fact]
    public async Task Package_Predictive_DescribesItsEnds()
    {
        var package = await _services.PackageAsync(ServiceHarness.Predictive);

        var input = Assert.Single(package.Signature.Inputs);
        Assert.Equal(("rows", PortType.Dataset), (input.Name, input.Type));
        Assert.Equal("x", Assert.Single(input.Schema!.Fields).Name);
        Assert.True(input.Schema.Fields[0].IsNullable);
        Assert.Equal(["1"], input.Sample!.Value);
        var output = Assert.Single(package.Signature.Outputs);
        Assert.Equal(["x", "Scored Labels"], output.Schema!.Fields.Select(field => field.Name));
        Assert.Equal(["0", "100"], output.Sample!.Value);
        var parameter = package.Signature.Parameters[0];
        Assert.Equal(("Amount", ParameterKind.Integer, true, -100.0, 100.0), (parameter.Name, parameter.Kind, parameter.HasDefault, parameter.Minimum, parameter.Maximum));
        Assert.Equal(1, parameter.DefaultValue!.GetValue<int>());
        Assert.Equal((true, null), (package.Signature.Parameters[1].HasDefault, package.Signature.Parameters[1].DefaultValue));
        Assert.Equal(["The model", "The shift"], package.Assets.Select(asset => asset.Asset.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Package_NoSample_ShowsNoRow()
    {
        var run = await _services.RunAsync(ServiceHarness.Predictive);

        var package = await new WebServicePackager(_services.Experiments.Values).PackageAsync(run, exposeSample: false, CancellationToken.None);

        Assert.Null(package.Signature.Inputs[0].Sample);
        Assert.Null(package.Signature.Outputs[0].Sample);
    }

    [Fact]
    public async Task Package_RunFailed_SaysWhichNode()
    {
        var run = await _services.Experiments.RunAsync(ServiceHarness.Predictive);

        var exception = await Assert.ThrowsAsync<PackagingException>(
            () => new WebServicePackager(_services.Experiments.Values).PackageAsync(run, true, CancellationToken.None));

        Assert.Equal(ErrorCode.PackagingFailed, exception.Code);
        Assert.Contains("no saved", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_NoEnds_SaysSo()
    {
        var run = await _services.Experiments.RunAsync("""{ "name": "n", "nodes": { "a": { "module": "Numbers" } } }""");

        var exception = await Assert.ThrowsAsync<PackagingException>(
            () => new WebServicePackager(_services.Experiments.Values).PackageAsync(run, true, CancellationToken.None));

        Assert.Contains("no web-service output", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Package_LookupSideOfAJoin_StaysInsideAsItIsAfterPreparation()
    {
        var package = await _services.PackageAsync(ServiceHarness.Joining);

        Assert.Equal(["people", "twice"], package.DesignTables.Keys.Order(StringComparer.Ordinal));
        var table = await _services.Experiments.Values.LoadAsync(AssetKind.Dataset, package.DesignTables["twice"], CancellationToken.None);
        Assert.Equal("x\n20", SmallTables.Print(((TableValue)table).Table));
    }
}
