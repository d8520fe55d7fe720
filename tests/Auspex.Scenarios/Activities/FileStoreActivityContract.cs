using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Scenarios.Activities;

/// <summary>What the data activities must do with every store of files that can be written.</summary>
public abstract class FileStoreActivityContract : IAsyncLifetime
{
    protected DataHarness Data { get; } = new();

    /// <summary>A folder or container that no other test uses.</summary>
    protected string Name { get; } = "f" + Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync()
    {
        var (type, properties) = await StartAsync();
        Data.LinkedService("Store", type, properties);
    }

    public ValueTask DisposeAsync()
    {
        Data.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Copy_ThereAndBack_KeepsEveryByteAndDeletesTheSource()
    {
        var content = new byte[7_000_003];
        new Random(3).NextBytes(content);
        Data.Write("in/a/x.bin", content).Write("in/y.bin", "y").Write("in/z.txt", "z")
            .Dataset("In", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"in"} }""")
            .Dataset("There", "Binary", Location("data"), "Store")
            .Dataset("Out", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"out"} }""");

        await Data.RunAsync(
            "Copy", """{"source":{"type":"BinarySource","storeSettings":{"recursive":true}},"sink":{"type":"BinarySink"},"validateDataConsistency":true}""", "In", "There");
        var back = await Data.RunAsync(
            "Copy",
            """
            {"source":{"type":"BinarySource","storeSettings":{"recursive":true,"wildcardFileName":"*.bin","deleteFilesAfterCompletion":true}},"sink":{"type":"BinarySink"}}
            """,
            "There",
            "Out");
        var left = await Data.RunAsync("GetMetadata", """{"dataset":{"referenceName":"There"},"fieldList":["childItems"]}""");

        Assert.Equal(["a/x.bin", "y.bin"], Data.List("out"));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(Data.Folder, "out", "a", "x.bin"), TestContext.Current.CancellationToken));
        Assert.Equal(2, (int)back["filesRead"]!);
        Assert.Contains(left["childItems"]!.AsArray(), item => (string?)item!["name"] == "z.txt");
        Assert.DoesNotContain(left["childItems"]!.AsArray(), item => (string?)item!["name"] == "y.bin");
    }

    [Fact]
    public async Task OtherActivities_SeeFilesAndFolders()
    {
        Data.Write("in/a.csv", "x\n1\n2\n").Write("in/sub/b.csv", "x\n3\n")
            .Dataset("In", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"in"} }""")
            .Dataset("There", "DelimitedText", Location("data")[..^1] + ""","firstRowAsHeader":true}""", "Store")
            .Dataset("File", "DelimitedText", Location("data", "a.csv"), "Store")
            .Dataset("None", "Binary", Location("nowhere"), "Store")
            .Dataset("Raw", "Binary", Location("data"), "Store");
        await Data.RunAsync("Copy", """{"source":{"type":"BinarySource","storeSettings":{"recursive":true}},"sink":{"type":"BinarySink"}}""", "In", "Raw");

        var folder = await Data.RunAsync("GetMetadata", """{"dataset":{"referenceName":"There"},"fieldList":["childItems","exists","itemType"]}""");
        var file = await Data.RunAsync("GetMetadata", """{"dataset":{"referenceName":"File"},"fieldList":["size","itemName","lastModified","exists"]}""");
        var none = await Data.RunAsync("GetMetadata", """{"dataset":{"referenceName":"None"},"fieldList":["exists"]}""");
        var lookup = await Data.RunAsync(
            "Lookup", """{"source":{"type":"DelimitedTextSource","storeSettings":{"recursive":true}},"dataset":{"referenceName":"There"},"firstRowOnly":false}""");
        var future = await Data.RunAsync(
            "GetMetadata",
            """{"dataset":{"referenceName":"There"},"fieldList":["childItems"],"storeSettings":{"modifiedDatetimeStart":"2100-01-01T00:00:00Z"}}""");
        var valid = await Data.RunAsync("Validation", """{"dataset":{"referenceName":"File"},"minimumSize":3,"timeout":"0.00:00:10"}""");
        var deleted = await Data.RunAsync("Delete", """{"dataset":{"referenceName":"There"},"storeSettings":{"recursive":true}}""");

        Assert.Equal("""[{"name":"a.csv","type":"File"},{"name":"sub","type":"Folder"}]""", folder["childItems"]!.ToJsonString());
        Assert.Equal(6, (int)file["size"]!);
        Assert.False((bool)none["exists"]!);
        Assert.Equal(3, (int)lookup["count"]!);
        Assert.DoesNotContain(future["childItems"]!.AsArray(), item => (string?)item!["type"] == "File");
        Assert.True((bool)valid["exists"]!);
        Assert.Equal(2, (int)deleted["filesDeleted"]!);
    }

    [Fact]
    public async Task Copy_Table_IsConvertedOnTheWay()
    {
        Data.Write("in/t.csv", "Id,Name\n1,Ann\n2,Zoë\n")
            .Dataset("In", "DelimitedText", """{"location":{"type":"FileServerLocation","folderPath":"in","fileName":"t.csv"},"firstRowAsHeader":true}""")
            .Dataset("There", "Parquet", Location("data", "t.parquet"), "Store")
            .Dataset("Out", "Json", """{"location":{"type":"FileServerLocation","folderPath":"out","fileName":"t.json"} }""");

        await Data.RunAsync("Copy", """{"source":{"type":"DelimitedTextSource"},"sink":{"type":"ParquetSink"}}""", "In", "There");
        await Data.RunAsync("Copy", """{"source":{"type":"ParquetSource"},"sink":{"type":"JsonSink"}}""", "There", "Out");

        Assert.Contains("Zoë", Data.Read("out/t.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Copy_NoSuchFile_FailsAsTheUsers()
    {
        Data.Dataset("There", "Binary", Location("data", "none.bin"), "Store")
            .Dataset("Out", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"out"} }""");

        var failure = await Assert.ThrowsAsync<ActivityException>(
            () => Data.RunAsync("Copy", """{"source":{"type":"BinarySource"},"sink":{"type":"BinarySink"}}""", "There", "Out"));

        Assert.Contains("none.bin", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Starts the server.</summary>
    /// <returns>The linked service.</returns>
    protected abstract Task<(string Type, JsonObject Properties)> StartAsync();

    /// <summary>A dataset's properties for a folder, or a file in it.</summary>
    protected abstract string Location(string folder, string? file = null);
}
