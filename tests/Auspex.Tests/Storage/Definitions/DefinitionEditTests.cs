using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Storage.Definitions;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Storage.Definitions;

public sealed class DefinitionEditTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Edit_AFileWithTabs_KeepsItsPlaceAndItsIndentation()
    {
        Write("pipelines/deep/odd name.json", "{\r\n\t\"name\": \"p\",\r\n\t\"properties\": {\"activities\": []}\r\n}");
        var store = new FolderDefinitionStore(_folder.Path, null);

        store.Edit(factory =>
        {
            var source = factory.Find("pipeline", "P")!.Source.DeepClone().AsObject();
            source["properties"]!["description"] = "new";
            return new DefinitionEdit("pipeline", "p", source);
        });

        var text = File.ReadAllText(_folder.File("pipelines/deep/odd name.json"));
        Assert.StartsWith("{\r\n\t\"name\": \"p\",\r\n\t\"properties\": {\r\n\t\t\"activities\": [],", text, StringComparison.Ordinal);
        Assert.Equal("new", store.Factory.Pipelines["p"].Description);
    }

    [Fact]
    public void Edit_NothingChanged_DoesNotTouchTheFile()
    {
        const string Text = "{ \"name\": \"p\",   \"properties\": {\"activities\": []} } // mine";
        Write("pipeline/p.json", Text);
        var store = new FolderDefinitionStore(_folder.Path, null);

        store.Edit(factory => new DefinitionEdit("pipeline", "p", factory.Find("pipeline", "p")!.Source.DeepClone().AsObject()));

        Assert.Equal(Text, File.ReadAllText(_folder.File("pipeline/p.json")));
    }

    [Fact]
    public void Edit_ANameWhoseFileIsTakenOrTooLong_GetsAnotherFile()
    {
        Write("dataset/b.json", """{"name": "a", "properties": {"type": "Json", "linkedServiceName": "l"}}""");
        var store = new FolderDefinitionStore(_folder.Path, null);
        var name = new string('é', 250);

        foreach (var added in (string[])["b", name])
        {
            store.Edit(_ => new DefinitionEdit("dataset", added, Dataset(added)));
        }

        Assert.Equal(["a", "b", name], store.Factory.List("dataset").Select(dataset => dataset.Name));
        store.Edit(_ => new DefinitionEdit("dataset", "b", null));
        Assert.Equal(["a", name], store.Factory.List("dataset").Select(dataset => dataset.Name));
        Assert.True(File.Exists(_folder.File("dataset/b.json")));
    }

    [Fact]
    public void Edit_AnExportedTemplate_IsRefused()
    {
        Write(
            "template.json",
            """{"contentVersion": "1", "resources": [{"name": "f/p", "type": "Microsoft.DataFactory/factories/pipelines", "properties": {"activities": []}}]}""");
        var store = new FolderDefinitionStore(_folder.Path, null);

        var refused = Assert.Throws<DefinitionNotEditableException>(
            () => store.Edit(_ => new DefinitionEdit("dataset", "d", Dataset("d"))));

        Assert.Equal(ErrorCode.DefinitionNotEditable, refused.Code);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Edit_FromManySides_LosesNothing()
    {
        var store = new FolderDefinitionStore(_folder.Path, null);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(
            () => store.Edit(_ => new DefinitionEdit("dataset", $"d{number}", Dataset($"d{number}"))),
            TestContext.Current.CancellationToken)));

        Assert.Equal(40, new FolderDefinitionStore(_folder.Path, null).Factory.Datasets.Count);
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.File("dataset")), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    private static JsonObject Dataset(string name) => JsonNode.Parse(
        """{"properties": {"type": "Json", "linkedServiceName": {"referenceName": "l", "type": "LinkedServiceReference"}}}""")!.AsObject() is var json
        ? new JsonObject { ["name"] = name, ["properties"] = json["properties"]!.DeepClone() }
        : [];

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(path))!);
        File.WriteAllText(_folder.File(path), text);
    }
}
