using System.Globalization;
using System.Text;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Definitions.Validation;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Validation;

/// <summary>What the corpus does not show well: what must not be reported, sizes, and definitions made in memory.</summary>
public sealed class DefinitionValidatorTests
{
    [Theory]
    [InlineData("gets nothing", """{"name": "A", "type": "Copy", "state": "Inactive", "linkedServiceName": {"referenceName": "none", "type": "LinkedServiceReference"}, "typeProperties": {"x": "@nothing("}}""")]
    [InlineData("version in any case", """{"name": "A", "type": "WAIT", "typeProperties": {"WaitTimeInSeconds": "5"}}""")]
    [InlineData("expression anywhere", """{"name": "A", "type": "Wait", "typeProperties": {"waitTimeInSeconds": {"type": "Expression", "content": "@int('5')"}}}""")]
    [InlineData("null is a value", """{"name": "A", "type": "SetVariable", "typeProperties": {"variableName": "v", "value": null}}""")]
    [InlineData("computed names", """{"name": "A", "type": "SetVariable", "typeProperties": {"variableName": "v", "value": "@variables(concat('w', '1'))"}}""")]
    [InlineData("bare parameters", """{"name": "A", "type": "SetVariable", "typeProperties": {"variableName": "v", "value": "@string(pipeline().parameters)"}}""")]
    public void Validate_OfWhatIsAllRight_ReportsNothing(string _, string activity)
    {
        var factory = Load("""{"name": "P", "properties": {"variables": {"v": {"type": "String"}}, "activities": [""" + activity + "]}}");

        Assert.Empty(DefinitionValidator.Validate(factory).Where(found => found.Code != ErrorCode.UnusedVariable));
    }

    [Fact]
    public void Validate_OfAReferenceThatOnlyTheFilesNameFits_SaysTheInnerName()
    {
        var factory = DefinitionFolder.Load(
            ("linkedService/Ls_A.json", """{"name": "Ls_B", "properties": {"type": "AzureKeyVault", "typeProperties": {"baseUrl": "https://x"}}}"""),
            ("dataset/D.json", """{"name": "D", "properties": {"type": "Json", "linkedServiceName": {"referenceName": "Ls_A", "type": "LinkedServiceReference"}, "typeProperties": {"location": {"type": "X"}}}}"""));

        var diagnostic = Assert.Single(DefinitionValidator.Validate(factory));
        Assert.Equal(ErrorCode.UnknownLinkedService, diagnostic.Code);
        Assert.Contains("linkedService/Ls_A.json", diagnostic.Message, StringComparison.Ordinal);
        Assert.Contains("'Ls_B'", diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_OfSecretsThatTheOverlayGives_AsksForNoMore()
    {
        var factory = DefinitionFolder.Load(
            ("linkedService/M.json", """{"name": "M", "properties": {"type": "AzureML", "typeProperties": {"mlEndpoint": "https://h/w/jobs", "apiKey": "**********"}}}"""),
            ("linkedService/N.json", """{"name": "N.x", "properties": {"type": "AzureML", "typeProperties": {"mlEndpoint": "https://h/w/jobs"}}}"""),
            ("auspex.json", """{"secrets": {"M.apiKey": {"env": "A"}, "N.x.apiKey": {"env": "B"}, "O.apiKey": {"env": "C"}}}"""));

        var found = DefinitionValidator.Validate(factory);

        Assert.Equal(["AUX1063", "AUX1241"], found.Select(diagnostic => diagnostic.Code.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Inner", null)]
    [InlineData("inner", null)]
    [InlineData("*", null)]
    [InlineData("Iner", "Did you mean 'Inner'?")]
    public void Validate_OfAGateForAnActivity_WarnsWhenNoPipelineHasIt(string name, string? hint)
    {
        var factory = DefinitionFolder.Load(
            ("pipeline/p.json", """
                {"name": "p", "properties": {"activities": [{"name": "If", "type": "IfCondition", "typeProperties": {"expression": {"type": "Expression", "value": "@bool(1)"},
                "ifTrueActivities": [{"name": "Inner", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]}}]}}
                """),
            ("auspex.json", $$$"""{"modelGates": {"{{{name}}}": {"metric": "AUC"}}, "badRows": {"{{{name}}}": {"policy": "skip"}}, "driftReports": {"{{{name}}}": true}}"""));

        var found = DefinitionValidator.Validate(factory);

        Assert.Equal(hint is null ? 0 : 3, found.Count(diagnostic => diagnostic.Code.Value == "AUX1060"));
        Assert.All(found.Where(diagnostic => diagnostic.Code.Value == "AUX1060"), diagnostic => Assert.EndsWith(hint!, diagnostic.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_OfALargePipeline_IsQuickAndWarnsOfTheLimit()
    {
        var activities = new StringBuilder();
        for (var index = 0; index < 2_000; index++)
        {
            var after = index == 0 ? "[]" : string.Create(CultureInfo.InvariantCulture, $$"""[{"activity": "A{{index - 1}}", "dependencyConditions": ["Succeeded"]}]""");
            activities.Append(index == 0 ? string.Empty : ",").Append(
                CultureInfo.InvariantCulture,
                $$"""{"name": "A{{index}}", "type": "Wait", "dependsOn": {{after}}, "typeProperties": { "waitTimeInSeconds": "@int(coalesce(activity('A{{Math.Max(index - 1, 0)}}').status, 1))" } }""");
        }

        var factory = Load($$"""{"name": "P", "properties": { "activities": [{{activities}}] } }""");

        // The first one reads itself; the chain of all the others is long, and each finds its predecessor.
        Assert.Equal(["AUX1301", "AUX1301", "AUX1261"], DefinitionValidator.Validate(factory).Select(diagnostic => diagnostic.Code.Value));
    }

    [Fact]
    public void Validate_OfADefinitionMadeInMemory_NeedsNoFile()
    {
        var diagnostics = System.Collections.Immutable.ImmutableArray.CreateBuilder<Diagnostic>();
        var pipeline = PipelineLoader.Load(
            System.Text.Json.Nodes.JsonNode.Parse("""{"name": "P", "properties": {"activities": [{"name": "A", "type": "Wait"}]}}""")!.AsObject(), null, diagnostics)!;
        var factory = new FactoryDefinition { Name = "F" };

        var diagnostic = Assert.Single(DefinitionValidator.Validate(factory with { Pipelines = factory.Pipelines.Add("P", pipeline with { Origin = null }) }));

        Assert.Equal(("$.properties.activities[0]", null, null), (diagnostic.JsonPath, diagnostic.File, diagnostic.Line));
    }

    private static FactoryDefinition Load(string pipeline)
    {
        var factory = DefinitionFolder.Load(("pipeline/P.json", pipeline));
        Assert.Empty(factory.Diagnostics);
        return factory;
    }
}
