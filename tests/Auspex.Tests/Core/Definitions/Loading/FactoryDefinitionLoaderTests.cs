using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Core.Definitions.Loading;

public sealed class FactoryDefinitionLoaderTests
{
    private const string Wait = """{"name": "P", "properties": {"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]}}""";

    [Theory]
    [InlineData("pipeline/P.json")]
    [InlineData("Pipelines/P.json")]
    [InlineData("deep/below/pipeline/P.json")]
    [InlineData("P.json")]
    [InlineData("anything/P.json")]
    public void Load_OfAPipelineWhereverItLies_FindsIt(string path)
    {
        var factory = DefinitionFolder.Load((path, Wait));

        Assert.Equal("P", Assert.Single(factory.Pipelines).Value.Name);
        Assert.Empty(factory.Diagnostics);
        Assert.Equal(path, factory.Pipelines["p"].Origin!.File);
    }

    [Fact]
    public void Load_OfAFileInTheFolderOfAnotherKind_GoesByWhatItHolds()
    {
        var factory = DefinitionFolder.Load(("dataset/P.json", Wait));

        Assert.Single(factory.Pipelines);
        Assert.Equal(ErrorCode.FolderMismatch, Assert.Single(factory.Diagnostics).Code);
    }

    [Fact]
    public void Load_OfAGitFolderWithAnExportBesideIt_CountsNothingTwice()
    {
        var template = """{"contentVersion": "1.0.0.0", "resources": [{"name": "f/P", "type": "Microsoft.DataFactory/factories/pipelines", "properties": {"activities": []}}]}""";

        var factory = DefinitionFolder.Load(("pipeline/P.json", Wait), ("export/ARMTemplateForFactory.json", template), ("data/rows.json", "{\"a\":1}\n{\"a\":2}"));

        Assert.Single(factory.Pipelines["P"].Activities);
        Assert.Empty(factory.Diagnostics);
    }

    [Fact]
    public void Load_OfSeveralFactories_LaysTheLaterOverTheEarlierAndSaysSo()
    {
        var factory = DefinitionFolder.Load(("a/pipeline/P.json", Wait), ("b/pipeline/P.json", Wait.Replace("\"W\"", "\"V\"", StringComparison.Ordinal)), ("b/pipeline/Q.json", Wait.Replace("\"P\"", "\"Q\"", StringComparison.Ordinal)));

        Assert.Equal(["AUX1024", "AUX1023"], factory.Diagnostics.Select(diagnostic => diagnostic.Code.Value));
        Assert.Equal("V", factory.Pipelines["P"].Activities[0].Name);
        Assert.Equal(2, factory.Pipelines.Count);
    }

    [Fact]
    public void Load_OfNothing_SaysWhatWasExpected()
    {
        var factory = DefinitionFolder.Load();

        Assert.Equal("auspex", factory.Name);
        Assert.Equal(ErrorCode.EmptyFactory, Assert.Single(factory.Diagnostics).Code);
    }

    [Fact]
    public void Load_OfABareLinkedService_TakesTheFilesName()
    {
        var factory = DefinitionFolder.Load(("Store.json", """{"type": "AzureStorage", "typeProperties": {"connectionString": "UseDevelopmentStorage=true"}}"""));

        Assert.Equal("AzureStorage", factory.LinkedServices["store"].Type);
        Assert.Equal(ErrorCode.MissingName, Assert.Single(factory.Diagnostics).Code);
    }

    [Fact]
    public void Load_OfFilesInAnyOrder_GivesTheSame()
    {
        (string, string)[] files = [("pipeline/A.json", Wait), ("pipeline/B.json", Wait), ("factory/F.json", """{"name": "F", "properties": {}}""")];

        var forward = DefinitionFolder.Load(files);
        var backward = DefinitionFolder.Load([.. files.Reverse()]);

        Assert.Equal("F", forward.Name);
        Assert.Equal(forward.Diagnostics.AsEnumerable(), backward.Diagnostics);
        Assert.Equal("pipeline/B.json", Assert.Single(forward.Diagnostics).File);
    }

    [Fact]
    public void Load_OfAnExperiment_HandsItToItsLoaderAndAddsLines()
    {
        var factory = DefinitionFolder.Load(("experiment/E.json", "{\n\"name\": \"E\",\n\"nodes\": { \"a\": { \"module\": \"Add Rows\",\n\"inputs\": { \"Dataset1\": \"b\" } } }\n}"));

        Assert.Single(factory.Experiments["e"].Nodes);
        Assert.Equal(4, Assert.Single(factory.Diagnostics).Line);
    }
}
