using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.DataMovement;

public sealed class GetMetadataExecutorTests : IDisposable
{
    private readonly DataHarness _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task ExecuteAsync_File_GivesEveryFieldOfAFile()
    {
        _data.Dataset("D", "DelimitedText", """{"location":{"folderPath":"in","fileName":"a.csv"},"firstRowAsHeader":true}""")
            .Write("in/a.csv", "id,name\n1,x\n");
        File.SetLastWriteTimeUtc(Path.Combine(_data.Folder, "in", "a.csv"), new DateTime(2024, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        var output = await RunAsync("itemName", "itemType", "size", "lastModified", "created", "contentMD5", "structure", "columnCount", "exists");

        Assert.Equal("a.csv", (string?)output["itemName"]);
        Assert.Equal("File", (string?)output["itemType"]);
        Assert.Equal(12, (int)output["size"]!);
        Assert.Equal("2024-02-03T04:05:06Z", (string?)output["lastModified"]);
        Assert.EndsWith("Z", (string?)output["created"], StringComparison.Ordinal);
        Assert.Equal("A/UUHQmqNh4zN75/WfGmPQ==".Length, ((string?)output["contentMD5"])!.Length);
        Assert.Equal("""[{"name":"id","type":"String"},{"name":"name","type":"String"}]""", output["structure"]!.ToJsonString());
        Assert.Equal(2, (int)output["columnCount"]!);
        Assert.True((bool)output["exists"]!);
        Assert.Null(output["childItems"]);
    }

    [Fact]
    public async Task ExecuteAsync_Folder_ListsItsChildrenOnly()
    {
        _data.Dataset("D", "Binary", """{"location":{"folderPath":"in"}}""").Write("in/b.csv", "x").Write("in/a/deep.csv", "x");
        Directory.CreateDirectory(Path.Combine(_data.Folder, "in", "empty"));

        var output = await RunAsync("childItems", "itemType", "itemName", "lastModified");

        Assert.Equal(
            """[{"name":"a","type":"Folder"},{"name":"b.csv","type":"File"},{"name":"empty","type":"Folder"}]""",
            output["childItems"]!.ToJsonString());
        Assert.Equal("Folder", (string?)output["itemType"]);
        Assert.Equal("in", (string?)output["itemName"]);
    }

    [Fact]
    public async Task ExecuteAsync_ModifiedWindow_FiltersChildren()
    {
        _data.Dataset("D", "Binary", """{"location":{"folderPath":"in"}}""").Write("in/old", "x").Write("in/new", "x");
        File.SetLastWriteTimeUtc(Path.Combine(_data.Folder, "in", "old"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(Path.Combine(_data.Folder, "in", "new"), new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var output = await _data.RunAsync(
            "GetMetadata",
            """{"dataset":{"referenceName":"D"},"fieldList":["childItems"],"storeSettings":{"modifiedDatetimeStart":"2020-06-01","modifiedDatetimeEnd":"2021-01-02"}}""");

        Assert.Equal("""[{"name":"new","type":"File"}]""", output["childItems"]!.ToJsonString());
    }

    [Fact]
    public async Task ExecuteAsync_MissingFile_ExistsTurnsTheErrorIntoFalse()
    {
        _data.Dataset("D", "Binary", """{"location":{"folderPath":"in","fileName":"none"}}""");

        var output = await RunAsync("exists", "size");
        var failure = await Assert.ThrowsAsync<ActivityException>(() => RunAsync("size"));

        Assert.False((bool)output["exists"]!);
        Assert.False(output.ContainsKey("size"));
        Assert.Contains("in/none", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_FieldThatDoesNotApply_NamesIt()
    {
        _data.Dataset("D", "Binary", """{"location":{"folderPath":"in"}}""").Write("in/a", "x");

        var failure = await Assert.ThrowsAsync<ActivityException>(() => RunAsync("size"));

        Assert.Equal("2104", failure.ActivityErrorCode);
        Assert.Contains("'size', which does not apply to a folder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_Table_GivesStructure()
    {
        await _data.FillAsync("t", new TableSchema([new TableField { Name = "a", Type = ColumnType.Int64 }, new TableField { Name = "b", Type = ColumnType.String }]));
        _data.Dataset("D", "SqlServerTable", """{"tableName":"[dbo].[t]"}""", "Db");

        var output = await RunAsync("structure", "columnCount", "exists");

        Assert.Equal("""[{"name":"a","type":"Int64"},{"name":"b","type":"String"}]""", output["structure"]!.ToJsonString());
        Assert.Equal(2, (int)output["columnCount"]!);
    }

    [Fact]
    public async Task ExecuteAsync_MissingTable_DoesNotExist()
    {
        await _data.FillAsync("t", new TableSchema([new TableField { Name = "a", Type = ColumnType.Int64 }]));
        _data.Dataset("D", "SqlServerTable", """{"schema":"dbo","table":"other"}""", "Db");

        Assert.False((bool)(await RunAsync("exists"))["exists"]!);
    }

    private Task<JsonObject> RunAsync(params string[] fields) => _data.RunAsync(
        "GetMetadata",
        new JsonObject
        {
            ["dataset"] = new JsonObject { ["referenceName"] = "D" },
            ["fieldList"] = new JsonArray([.. fields.Select(field => (JsonNode)field)]),
        }.ToJsonString());
}
