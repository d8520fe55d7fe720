using System.Text.Json;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;
using Auspex.Server.WebServices.Scoring;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Scoring;

public sealed class GlobalParametersTests
{
    private static readonly ServiceSignature Signature = new(
        [],
        [],
        [
            new ServiceParameter("Database query", ParameterKind.String, false, null, [], null, null, ""),
            new ServiceParameter("Trees", ParameterKind.Integer, true, 100, [], 1, 1000, ""),
            new ServiceParameter("Rate", ParameterKind.Float, true, 0.2, [], 0, 1, ""),
            new ServiceParameter("Mode", ParameterKind.Enum, true, "A", ["A", "B"], null, null, ""),
            new ServiceParameter("Quick", ParameterKind.Boolean, true, true, [], null, null, ""),
        ]);

    [Fact]
    public void Read_Values_BecomeTexts()
    {
        var given = Read("""{"Database query": "select 1", "Trees": 5, "Rate": 0.5, "Mode": "b", "Quick": false, "Other": null}""");

        Assert.Equal(
            ["Database query=select 1", "Trees=5", "Rate=0.5", "Mode=b", "Quick=False"],
            given.Select(parameter => $"{parameter.Key}={parameter.Value}"));
    }

    [Theory]
    [InlineData("{}", "MissingRequiredGlobalParameters", "'Database query'")]
    [InlineData("null", "MissingRequiredGlobalParameters", "'Database query'")]
    [InlineData("""{"database query": "x"}""", "UnexpectedParameter", "did you mean 'Database query'?")]
    [InlineData("""{"Database query": "x", "Trees": 1.5}""", "UserParameterInvalid", "a whole number")]
    [InlineData("""{"Database query": "x", "Trees": 0}""", "BadParameterValue", "1 to 1000")]
    [InlineData("""{"Database query": "x", "Rate": "much"}""", "UserParameterInvalid", "a number")]
    [InlineData("""{"Database query": "x", "Rate": 2}""", "BadParameterValue", "0 to 1")]
    [InlineData("""{"Database query": "x", "Mode": "C"}""", "BadParameterValue", "A, B")]
    [InlineData("""{"Database query": "x", "Quick": "maybe"}""", "UserParameterInvalid", "True or False")]
    [InlineData("[]", "RequestBodyInvalid", "JSON object")]
    public void Read_BadValues_AreRefused(string json, string code, string expected)
    {
        var error = Assert.Throws<ServiceErrorException>(() => Read(json));

        Assert.Equal(("BadArgument", code), (error.ServiceCode, error.Details[0].Code));
        Assert.Contains(expected, error.Details[0].Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return GlobalParameters.Read(document.RootElement, Signature);
    }
}
