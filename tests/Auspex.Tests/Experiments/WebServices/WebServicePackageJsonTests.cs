using Auspex.Errors;
using Auspex.Experiments.WebServices;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

public sealed class WebServicePackageJsonTests
{
    private readonly ServiceHarness _services = new();

    [Fact]
    public async Task Json_Package_ComesBackWhole()
    {
        var package = await _services.PackageAsync(ServiceHarness.Joining);
        var json = new WebServicePackageJson();

        var read = json.Read(json.Write(package));

        Assert.Equal(json.Write(package), json.Write(read));
        Assert.Equal(package.Assets, read.Assets);
        Assert.Equal(package.DesignTables, read.DesignTables);
        Assert.Equal(package.Signature.Inputs[0].Schema!.Fields, read.Signature.Inputs[0].Schema!.Fields);
        Assert.Equal(package.Signature.Inputs[0].Sample!.Value, read.Signature.Inputs[0].Sample!.Value);
    }

    [Fact]
    public async Task Json_Credentials_AreHiddenAndComeBack()
    {
        var package = await _services.PackageAsync(ServiceHarness.Predictive);
        var json = new WebServicePackageJson(new PackageSecrets(
            _services.Experiments.Catalog,
            text => new string([.. text.Reverse()]) + "!",
            hidden => new string([.. hidden.TrimEnd('!').Reverse()])));

        var bytes = json.Write(package);

        var text = System.Text.Encoding.UTF8.GetString(bytes);
        Assert.DoesNotContain("hush", text, StringComparison.Ordinal);
        Assert.DoesNotContain("psst", text, StringComparison.Ordinal);
        var read = json.Read(bytes);
        Assert.Equal("hush", read.Experiment.Parameters[1].DefaultValue!.GetValue<string>());
        Assert.Equal("psst", read.Experiment.Nodes[0].Parameters["Password"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"version":7,"experiment":{},"assets":[],"inputs":[],"outputs":[],"parameters":[],"designTables":{}}""")]
    [InlineData("""{"version":1,"experiment":{},"assets":[],"inputs":[],"outputs":[],"parameters":[],"designTables":{}}""")]
    public void Json_Damaged_SaysSo(string json) => Assert.Equal(
        ErrorCode.PackageInvalid,
        Assert.Throws<PackagingException>(() => new WebServicePackageJson().Read(System.Text.Encoding.UTF8.GetBytes(json))).Code);
}
