using Auspex.Experiments.WebServices;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Experiments.Execution;

public sealed class ParameterOverridesTests
{
    private const string Json = """
        { "name": "n",
          "parameters": {
            "Amount": { "type": "Int", "default": 10, "links": [ "left.Amount", "right.Amount" ] },
            "Values": { "type": "String", "links": [ "data.Values" ] },
            "Mode": { "links": [ "left.Mode" ], "default": "Plain" },
            "Factor": { "type": "Double", "links": [ "left.Factor" ], "default": 2 } },
          "nodes": {
            "data": { "module": "Numbers", "parameters": { "Values": "7" } },
            "left": { "module": "Add", "inputs": { "Dataset": "data" }, "parameters": { "Amount": 1 } },
            "right": { "module": "Add", "inputs": { "Dataset": "left" } } },
          "webServiceOutputs": { "o": "right" } }
        """;

    private readonly ExperimentHarness _harness = new();

    [Fact]
    public async Task Run_AtDesignTime_NodeStandsInForAParameterWithoutDefault() => Assert.Equal("x\n27", await RunAsync([], isCall: false));

    [Fact]
    public async Task Run_CallGivesValues_SetsEveryLink() =>
        Assert.Equal("x\n9", await RunAsync(new() { ["Values"] = "3", ["Amount"] = " 3 " }, isCall: true));

    [Theory]
    [InlineData("Amount", "5", "MissingRequiredGlobalParameters", "Values")]
    [InlineData("values", "5", "UnexpectedParameter", "Did you mean 'Values'?")]
    [InlineData("Amount", "1.5", "UserParameterInvalid", "a whole number")]
    [InlineData("Amount", "seven", "UserParameterInvalid", "a whole number")]
    [InlineData("Amount", "", "UserParameterInvalid", "a whole number")]
    [InlineData("Amount", "500", "BadParameterValue", "at most 100")]
    [InlineData("Mode", "Thrice", "BadParameterValue", "one of Plain, Twice")]
    [InlineData("Factor", "x", "UserParameterInvalid", "a number")]
    public async Task Run_CallIsWrong_SaysSoInStudiosWords(string name, string value, string subCode, string text)
    {
        var values = new Dictionary<string, string> { [name] = value };
        if (subCode != "MissingRequiredGlobalParameters")
        {
            values["Values"] = "1";
        }

        var exception = await Assert.ThrowsAsync<WebServiceCallException>(() => RunAsync(values, isCall: true));

        Assert.Equal(subCode, exception.SubCode);
        Assert.Contains(text, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Promote_LabelTaken_AddsANumber()
    {
        var definition = ExperimentHarness.Load(Json);
        var parameter = new FakeLearnerModule().Descriptor.Parameters[1] with { Name = "Amount" };

        var promoted = ServiceParameters.Promote(ServiceParameters.Promote(definition, "right", parameter), "right", parameter);

        Assert.Equal(["Amount", "Values", "Mode", "Factor", "Amount1", "Amount2"], promoted.Parameters.Select(known => known.Name));
        Assert.Equal(("Double", true), (promoted.Parameters[4].Type, promoted.Parameters[4].HasDefault));
    }

    private async Task<string> RunAsync(Dictionary<string, string> values, bool isCall)
    {
        var run = await _harness.RunAsync(Json, request => request with { ParameterValues = values, IsCall = isCall });
        return SmallTables.Print(ExperimentHarness.TableAt(run, "right", "Results dataset"));
    }
}
