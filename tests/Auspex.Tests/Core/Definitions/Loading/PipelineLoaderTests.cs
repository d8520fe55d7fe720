using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Loading;

public sealed class PipelineLoaderTests
{
    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();

    [Fact]
    public void Load_OfAnActivity_ReadsEveryCommonMember()
    {
        var activity = Load("""
            {
              "name": "A", "type": "Copy", "description": "d", "state": "inactive", "onInactiveMarkAs": "failed",
              "dependsOn": [ { "activity": "B", "dependencyConditions": [ "succeeded", "Skipped", "Succeeded" ] }, { "activity": "C" } ],
              "policy": { "timeout": "0.01:00:00", "retry": "2", "retryIntervalInSeconds": "45", "secureInput": "true", "secureOutput": false },
              "linkedServiceName": { "referenceName": "L", "type": "LinkedServiceReference", "parameters": { "p": "@item()" } },
              "typeProperties": { "x": 1 }, "madeUp": true
            }
            """).Activities[0];

        Assert.Empty(_diagnostics);
        Assert.Equal(("A", "Copy", "d", false, InactiveMark.Failed), (activity.Name, activity.Type, activity.Description, activity.IsActive, activity.OnInactiveMarkAs));
        Assert.Equal([DependencyCondition.Succeeded, DependencyCondition.Skipped], activity.DependsOn[0].Conditions);
        Assert.Equal([DependencyCondition.Succeeded], activity.DependsOn[1].Conditions);
        Assert.Equal(TimeSpan.FromSeconds(45), activity.Policy.RetryInterval);
        Assert.Equal("0.01:00:00", activity.Policy.Timeout!.GetValue<string>());
        Assert.Equal("2", activity.Policy.Retry.AsText());
        Assert.True(activity.Policy.SecureInput);
        Assert.False(activity.Policy.SecureOutput);
        Assert.Equal("@item()", activity.LinkedServiceName!.Parameters!["p"]!.GetValue<string>());
        Assert.True(activity.Source["madeUp"]!.GetValue<bool>());
    }

    [Fact]
    public void Load_OfContainers_NamesTheirBranches()
    {
        var pipeline = Load("""
            { "name": "S", "type": "Switch", "typeProperties": { "expression": "@x", "cases": [ { "value": "a", "activities": [] }, { "value": 2, "activities": [ { "name": "I", "type": "Wait" } ] } ], "defaultActivities": [] } },
            { "name": "F", "type": "IfCondition", "typeProperties": { "expression": "@x", "ifFalseActivities": [] } },
            { "name": "L", "type": "ForEach", "typeProperties": { "items": "@x", "activities": [] } },
            { "name": "U", "type": "Until", "typeProperties": { "expression": "@x", "activities": [] } }
            """);

        Assert.Equal(
            ["case:a", "case:2", "defaultActivities", "ifFalseActivities", "activities", "activities"],
            pipeline.Activities.SelectMany(activity => activity.Branches).Select(branch => branch.Name));
        Assert.Equal("I", pipeline.Activities[0].Branches[1].Activities[0].Name);
        Assert.Equal("@x", pipeline.Activities[0].TypeProperties["on"]!.GetValue<string>());
        Assert.False(pipeline.Activities[0].Source["typeProperties"]!.AsObject().ContainsKey("on"));
    }

    [Fact]
    public void Load_OfDeclarations_KeepsTheirOrderAndTellsNullFromNone()
    {
        var pipeline = PipelineLoader.Load(
            JsonNode.Parse("""
                {"name": "P", "properties": {"activities": [], "concurrency": "3", "folder": {"name": "A/B"},
                 "parameters": [{"b": {"type": "int", "defaultValue": null}}, {"a": {"type": "String"}}], "variables": {"v": {"type": "Array", "defaultValue": [1]}}}}
                """)!.AsObject(),
            null,
            _diagnostics)!;

        Assert.Equal([new ParameterDefinition("b", "int", true, null), new ParameterDefinition("a", "String", false, null)], pipeline.Parameters);
        Assert.Equal("[1]", pipeline.Variables[0].DefaultValue!.ToJsonString());
        Assert.Equal((3, "A/B"), (pipeline.Concurrency, pipeline.Folder));
        Assert.Empty(_diagnostics);
    }

    [Fact]
    public void Load_OfTheSourceOfABareActivity_GivesTheSamePipelineAgain()
    {
        var source = JsonNode.Parse("""{"name": "A", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}""")!.AsObject();

        var first = PipelineLoader.Load(source, "a.json", _diagnostics)!;
        var second = PipelineLoader.Load(JsonNode.Parse(first.Source.ToJsonString())!.AsObject(), null, _diagnostics)!;

        Assert.Equal(("A", "A"), (first.Name, second.Name));
        Assert.Equal("Wait", Assert.Single(second.Activities).Type);
    }

    [Fact]
    public void Load_OfVersion1_OrdersByDatasetsWithoutMakingACircle()
    {
        var pipeline = Load("""
            { "name": "update", "type": "AzureMLUpdateResource", "inputs": [ { "name": "MODEL" } ], "outputs": [ { "name": "loop" } ], "linkedServiceName": "L" },
            { "name": "train", "type": "AzureMLBatchExecution", "inputs": [ { "name": "loop" } ], "outputs": [ { "name": "model" } ], "linkedServiceName": "L" },
            { "name": "score", "type": "AzureMLBatchScoring", "inputs": [ { "name": "model" } ], "outputs": [ { "name": "out" } ], "linkedServiceName": "L", "typeProperties": { "webServiceParameters": { "p": "1" } } }
            """);

        Assert.Equal("train", Assert.Single(pipeline.Activities[0].DependsOn).Activity);
        Assert.Empty(pipeline.Activities[1].DependsOn);
        Assert.Equal("train", Assert.Single(pipeline.Activities[2].DependsOn).Activity);
        Assert.Equal("AzureMLBatchExecution", pipeline.Activities[2].Type);
        Assert.Equal("""{"webServiceInput":"model","webServiceOutput":"out","globalParameters":{"p":"1"}}""", pipeline.Activities[2].TypeProperties.ToJsonString());
        Assert.Equal(new ResourceReference("L", string.Empty), pipeline.Activities[0].LinkedServiceName);
    }

    [Fact]
    public void Load_OfSomethingElse_GivesNothingAndSaysWhatIsMissing()
    {
        Assert.Null(PipelineLoader.Load(JsonNode.Parse("""{"name": "P"}""")!.AsObject(), "p.json", _diagnostics));
        Assert.Equal(ErrorCode.MissingMember, Assert.Single(_diagnostics).Code);
    }

    private PipelineDefinition Load(string activities) =>
        PipelineLoader.Load(JsonNode.Parse($$$"""{"name": "P", "properties": {"activities": [{{{activities}}}]}}""")!.AsObject(), null, _diagnostics)!;
}
