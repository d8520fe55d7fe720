using Auspex.Errors;
using Auspex.Tests.Experiments.Contracts;
using Xunit;

namespace Auspex.Tests.Experiments.WebServices;

public sealed class WebServiceContractTests
{
    private static readonly Dictionary<string, string> NoParameters = [];

    // The column is added to and shifted before it reaches the model: nothing is known of the values in the file.
    [Fact]
    public async Task ContractOf_AComputedColumn_AsksForNameAndTypeOnly()
    {
        var services = new ServiceHarness();
        var runtime = await services.LoadAsync(await services.PackageAsync(ServiceHarness.Predictive));

        var contract = runtime.ContractOf("rows", NoParameters);

        // It is the label's name as well, so that callers may leave it out.
        var column = Assert.Single(contract.Columns);
        Assert.Equal(("x", true, false), (column.Name, column.Feature is null, column.IsRequired));
        Assert.Contains("not checked", contract.Basis, StringComparison.Ordinal);
        Assert.True((await Census.CheckAsync("y\n1\n", contract: contract)).Fits);
        Census.Single(await Census.CheckAsync("x\none\n", contract: contract), ErrorCode.ContractTypeDiffers, DiagnosticSeverity.Error);
    }

    [Fact]
    public async Task ContractOf_AnUnchangedColumn_AsksWhatTheModelAsks()
    {
        var services = new ServiceHarness();
        var runtime = await services.LoadAsync(await services.PackageAsync("""
            { "name": "p",
              "nodes": {
                "data": { "module": "Numbers" },
                "model": { "trainedModel": "The model" },
                "score": { "module": "Fake Scorer", "inputs": { "Trained model": "model", "Dataset": "data" } } },
              "webServiceInputs": { "rows": "data" }, "webServiceOutputs": { "scored": "score" } }
            """));

        var contract = runtime.ContractOf("rows", NoParameters);

        Assert.Equal("x", Assert.Single(contract.Columns).Feature?.Name);
        Assert.Contains("1 column(s) that reach the model unchanged", contract.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContractOf_AGraphThatIsNotRowwise_AsksForTheSchema()
    {
        var services = new ServiceHarness();
        var runtime = await services.LoadAsync(await services.PackageAsync(ServiceHarness.Joining));

        var contract = runtime.ContractOf("input1", NoParameters);

        Assert.All(contract.Columns, column => Assert.Null(column.Feature));
        Assert.Throws<ArgumentException>(() => runtime.ContractOf("input9", NoParameters));
    }
}
