using System.Text.Json.Nodes;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.DataMovement;

public sealed class DeleteExecutorTests : IDisposable
{
    private readonly DataHarness _data = new();

    public DeleteExecutorTests() =>
        _data.Write("in/a.csv", "1").Write("in/b.txt", "2").Write("in/sub/c.csv", "3").Dataset("D", "Binary", """{"location":{"type":"FileServerLocation","folderPath":"in"}}""");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task ExecuteAsync_FolderNotRecursive_LeavesFoldersBelow()
    {
        var output = await RunAsync("""{"type":"FileServerReadSettings","recursive":false}""");

        Assert.Equal(["sub/c.csv"], _data.List("in"));
        Assert.Equal(2, (int)output["filesDeleted"]!);
        Assert.Equal("D", (string?)output["datasetName"]);
        Assert.False((bool)output["recursive"]!);
        Assert.False((bool)output["isWildcardUsed"]!);
    }

    [Fact]
    public async Task ExecuteAsync_FolderRecursive_RemovesTheFolderItself()
    {
        var output = await RunAsync("""{"type":"FileServerReadSettings","recursive":true}""");

        Assert.False(Directory.Exists(Path.Combine(_data.Folder, "in")));
        Assert.Equal(3, (int)output["filesDeleted"]!);
    }

    [Fact]
    public async Task ExecuteAsync_Wildcard_DeletesWhatFits()
    {
        var output = await RunAsync("""{"type":"FileServerReadSettings","recursive":"true","wildcardFileName":"*.csv"}""");

        Assert.Equal(["b.txt"], _data.List("in"));
        Assert.True((bool)output["isWildcardUsed"]!);
        Assert.Equal(2, (int)output["filesDeleted"]!);
    }

    [Fact]
    public async Task ExecuteAsync_Again_DeletesNothingAndSucceeds()
    {
        await RunAsync("""{"recursive":true}""");

        var output = await RunAsync("""{"recursive":true}""");

        Assert.Equal(0, (int)output["filesDeleted"]!);
    }

    [Fact]
    public async Task ExecuteAsync_Logging_WritesWhatWasDeleted()
    {
        var output = await _data.RunAsync(
            "Delete",
            """{"dataset":{"referenceName":"D"},"enableLogging":true,"logStorageSettings":{"linkedServiceName":{"referenceName":"Files"},"path":"logs"},"storeSettings":{"recursive":true,"wildcardFileName":"a.*"}}""");

        var path = (string)output["logPath"]!;
        Assert.StartsWith("logs/", path, StringComparison.Ordinal);
        Assert.Equal("Name,Category,Status,Error\r\nin/a.csv,File,Deleted,\r\n", _data.Read(path));
    }

    private Task<JsonObject> RunAsync(string storeSettings) =>
        _data.RunAsync("Delete", """{"dataset":{"referenceName":"D"},"enableLogging":false,"storeSettings":""" + storeSettings + "}");
}
