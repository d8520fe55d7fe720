using Auspex.Errors;
using Auspex.Storage.Definitions;
using Xunit;

namespace Auspex.Tests.Storage.Definitions;

public sealed class FactoryFolderTests : IDisposable
{
    private const string Wait = """{"name": "P", "properties": {"activities": [{"name": "W", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}}]}}""";
    private readonly string _folder = Directory.CreateTempSubdirectory("auspex-factory-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Load_OfAFolder_ReadsItsDefinitionsAndNoData()
    {
        Write("pipeline/P.json", Wait);
        Write("auspex.json", """{"linkedServices": {"L": {"type": "FileServer", "typeProperties": {"host": "./data"}}}, "fileRoots": ["./data"]}""");
        Write("data/broken.json", "{");
        Write(".auspex/run.json", "{");
        Write("node_modules/x/pipeline/Q.json", Wait);

        var factory = FactoryFolder.Load(_folder);

        Assert.Empty(factory.Diagnostics);
        Assert.Equal(_folder, factory.Folder);
        Assert.Equal("P", Assert.Single(factory.Pipelines).Key);
        Assert.Equal([Path.Combine(_folder, "data")], factory.Overlay.FileRoots);
    }

    [Fact]
    public void Load_OfAFolderAboveTheFactory_PassesOverTheOverlaysData()
    {
        Write("adf/pipeline/P.json", Wait);
        Write("auspex.json", """{"fileRoots": ["./data"]}""");
        Write("data/rows.json", "{");

        var factory = FactoryFolder.Load(_folder);

        Assert.Empty(factory.Diagnostics);
        Assert.Single(factory.Pipelines);
        Assert.Equal([Path.Combine(_folder, "data")], factory.Overlay.FileRoots);
    }

    [Fact]
    public void Load_OfASingleFile_TakesTheOverlayBesideIt()
    {
        Write("P.json", Wait);
        Write("Q.json", Wait);
        Write("auspex.test.json", """{"globalParameters": {"a": 1}}""");

        var factory = FactoryFolder.Load(Path.Combine(_folder, "P.json"), "test");

        Assert.Empty(factory.Diagnostics);
        Assert.Equal("P.json", Assert.Single(factory.Pipelines).Value.Origin!.File);
        Assert.Equal("""{"a":1}""", factory.GlobalParameters.ToJsonString());
    }

    [Fact]
    public void Load_OfSeveralFolders_LaysThemOverEachOther()
    {
        Write("shared/linkedService/L.json", """{"name": "L", "properties": {"type": "AzureStorage", "typeProperties": {"connectionString": "x"}}}""");
        Write("shared/pipeline/P.json", Wait);
        Write("own/pipeline/P.json", Wait.Replace("\"W\"", "\"V\"", StringComparison.Ordinal));
        Write("own/auspex.json", """{"linkedServices": {"L": {"typeProperties": {"connectionString": "y"}}}}""");

        var factory = FactoryFolder.Load([Path.Combine(_folder, "shared"), Path.Combine(_folder, "own")]);

        Assert.Equal("V", factory.Pipelines["P"].Activities[0].Name);
        Assert.Equal("y", factory.LinkedServices["L"].TypeProperties["connectionString"]!.GetValue<string>());
        Assert.Equal("AzureStorage", factory.LinkedServices["L"].Type);
    }

    [Fact]
    public void Load_OfNoFolder_IsAnError()
    {
        var factory = FactoryFolder.Load(Path.Combine(_folder, "missing"));

        Assert.Equal(ErrorCode.UnreadableFile, Assert.Single(factory.Diagnostics).Code);
    }

    [Fact]
    public void FindFactory_AfterAnEdit_GivesTheOldOneUntilRefresh()
    {
        Write("pipeline/P.json", Wait);
        Write("factory/F.json", """{"name": "F", "properties": {}}""");
        var store = new FolderDefinitionStore(_folder, null);
        Assert.Single(store.FindFactory("f")!.Pipelines);

        Write("pipeline/Q.json", Wait.Replace("\"P\"", "\"Q\"", StringComparison.Ordinal));

        Assert.Single(store.FindFactory("F")!.Pipelines);
        store.Refresh();
        Assert.Equal(2, store.FindFactory("F")!.Pipelines.Count);
        Assert.Null(store.FindFactory("other"));
    }

    [Fact]
    public void Refresh_AfterAFileOrTheOverlayChanged_ReadsAgain()
    {
        Write("pipeline/P.json", Wait);
        Write("auspex.json", """{"globalParameters": {"a": 1}}""");
        var store = new FolderDefinitionStore(_folder, null);
        var before = store.Factory;

        Write("auspex.json", """{"globalParameters": {"a": 22}}""");
        store.Refresh();
        Assert.Equal("""{"a":22}""", store.Factory.GlobalParameters.ToJsonString());

        File.SetLastWriteTimeUtc(Path.Combine(_folder, "pipeline/P.json"), new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var edited = store.Factory;
        store.Refresh();
        Assert.NotSame(edited, store.Factory);

        File.Delete(Path.Combine(_folder, "pipeline/P.json"));
        store.Refresh();
        Assert.Empty(store.Factory.Pipelines);
        Assert.Single(before.Pipelines);
    }

    [Fact]
    public void Refresh_WhenNothingChanged_KeepsWhatWasRead()
    {
        Write("pipeline/P.json", Wait);
        Write("auspex.json", """{"fileRoots": ["./data"]}""");
        var store = new FolderDefinitionStore(_folder, null);
        var factory = store.Factory;

        Write("data/rows.json", "{}");
        store.Refresh();

        Assert.Same(factory, store.Factory);
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
