using System.Text.Json.Nodes;
using Auspex.Cli.Testing;
using Auspex.Cli.Testing.Mocks;
using Auspex.Storage.Definitions;
using Auspex.Tests.Architecture;
using Xunit;
using static Auspex.Tests.Cli.Testing.PipelineTests;

namespace Auspex.Tests.Cli.Testing;

/// <summary>The tests of the samples pass, and what is made to begin with does so too.</summary>
public sealed class SampleTests
{
    [Fact]
    public async Task Run_OfTheSamplesTests_Passes()
    {
        var factory = FactoryFolder.Load(Path.Combine(RepositoryRoot.Path, "samples", "orders"));
        var files = TestFiles.Read(factory, TestFiles.FolderOf(factory));
        Assert.Empty(files.SelectMany(file => file.Diagnostics));

        var results = await new TestRunner(factory, TimeProvider.System).RunAsync(
            [.. files.SelectMany(file => file.Tests)], 2, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(7, results.Length);
        Assert.All(results, result => Assert.Empty(result.Failures));
    }

    [Theory]
    [InlineData("load-orders")]
    [InlineData("load-files")]
    public void Create_OfAScaffold_MakesATestThatCanBeRead(string pipeline)
    {
        var factory = FactoryFolder.Load(Path.Combine(RepositoryRoot.Path, "samples", "orders"));

        var json = TestScaffold.Create(factory, factory.Pipelines[pipeline]);

        var test = Single(factory, json);
        Assert.Equal(pipeline, test.Pipeline!.Name);
        Assert.All(
            PipelineReach.Activities(test.Pipeline).Where(activity => activity.Type is "Copy" or "WebActivity" or "GetMetadata"),
            activity => Assert.NotNull(test.Mocks.Find(activity.Name, activity.Type)));
    }

    [Fact]
    public void Create_OfASample_HoldsWhatExpressionsRead()
    {
        var factory = Factory($$$$"""
            {{{{Work("Look", "Lookup", "", """{"firstRowOnly": false}""")}}}},
            {"name": "Keep", "type": "Filter", {{{{After("Look")}}}} "typeProperties": {"items": {"value": "@activity('Look').output.value", "type": "Expression"}, "condition": {"value": "@item().isActive", "type": "Expression"}}},
            {"name": "Each", "type": "ForEach", {{{{After("Keep")}}}} "typeProperties": {"items": {"value": "@activity('Keep').output.Value", "type": "Expression"},
              "activities": [{{{{Work("Load", "Copy", "", """{"file": "@concat(item().folder.name, string(activity('Look').output.total.rowCount))"}""")}}}}]}}
            """);
        var pipeline = factory.Pipelines["P"];
        var look = pipeline.Activities[0];

        var output = SampleOutputs.Create(look, OutputReads.Of(pipeline)["Look"]);

        Assert.True(JsonNode.DeepEquals(
            Json("""{"count": 1, "value": [{"isActive": true, "folder": {"name": "sample"}}], "total": {"rowCount": 1}}"""), output), output.ToJsonString());
    }
}
