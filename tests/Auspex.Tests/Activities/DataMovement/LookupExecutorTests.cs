using System.Text.Json.Nodes;
using Auspex.Activities.DataMovement;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.DataMovement;

public sealed class LookupExecutorTests : IDisposable
{
    private const string Csv = """{"location":{"type":"FileServerLocation","folderPath":"in","fileName":"a.csv"},"columnDelimiter":",","firstRowAsHeader":true}""";
    private const string FirstRow = """{"source":{"type":"DelimitedTextSource"},"dataset":{"referenceName":"D","type":"DatasetReference"}}""";
    private const string AllRows = """{"source":{"type":"DelimitedTextSource"},"dataset":{"referenceName":"D","type":"DatasetReference"},"firstRowOnly":false}""";

    private readonly DataHarness _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task ExecuteAsync_FirstRowOnly_GivesTheRowAsText()
    {
        _data.Dataset("D", "DelimitedText", Csv).Write("in/a.csv", "id,name,none\n1,Ann,\n2,Bob,x\n");

        var output = await _data.RunAsync("Lookup", FirstRow);

        Assert.Equal("""{"id":"1","name":"Ann","none":null}""", output["firstRow"]!.ToJsonString());
        Assert.Null(output["count"]);
    }

    [Fact]
    public async Task ExecuteAsync_NoRow_HasNoFirstRow()
    {
        _data.Dataset("D", "DelimitedText", Csv).Write("in/a.csv", "id,name\n");

        var output = await _data.RunAsync("Lookup", FirstRow);

        Assert.False(output.ContainsKey("firstRow"));
    }

    [Fact]
    public async Task ExecuteAsync_AllRows_GivesCountAndValue()
    {
        _data.Dataset("D", "DelimitedText", Csv).Write("in/a.csv", "id\n1\n2\n");

        var output = await _data.RunAsync("Lookup", AllRows);

        Assert.Equal(2, (int)output["count"]!);
        Assert.Equal("""[{"id":"1"},{"id":"2"}]""", output["value"]!.ToJsonString());
    }

    [Fact]
    public async Task ExecuteAsync_MoreRowsThanAllowed_GivesTheFirst()
    {
        _data.Dataset("D", "DelimitedText", Csv).Write("in/a.csv", "id\n" + string.Join('\n', Enumerable.Range(0, 5_100)));

        var output = await _data.RunAsync("Lookup", AllRows);

        Assert.Equal(5_000, (int)output["count"]!);
    }

    [Fact]
    public async Task ExecuteAsync_OutputTooLarge_Fails()
    {
        using var data = new DataHarness(options: new DataMovementOptions { OutputSizeInBytes = 100 });
        data.Dataset("D", "DelimitedText", Csv).Write("in/a.csv", "id\n" + new string('x', 200));

        var failure = await Assert.ThrowsAsync<ActivityException>(() => data.RunAsync("Lookup", AllRows));

        Assert.Equal("2001", failure.ActivityErrorCode);
    }

    [Fact]
    public async Task ExecuteAsync_MissingFile_SaysWhichAndFailsAsUserError()
    {
        _data.Dataset("D", "DelimitedText", Csv);

        var failure = await Assert.ThrowsAsync<ActivityException>(() => _data.RunAsync("Lookup", FirstRow));

        Assert.Equal("2100", failure.ActivityErrorCode);
        Assert.Contains("in/a.csv", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"a":{"b":[1]}},{"a":2}]""")]
    [InlineData("""
        {"a":{"b":[1]}}
        {"a":2}
        """)]
    public async Task ExecuteAsync_JsonInAnyPattern_KeepsInnerObjects(string text)
    {
        _data.Dataset("D", "Json", """{"location":{"fileName":"a.json"}}""").Write("a.json", text);

        var output = await _data.RunAsync("Lookup", AllRows);

        Assert.Equal("""[{"a":{"b":[1]}},{"a":2}]""", output["value"]!.ToJsonString());
    }

    [Fact]
    public async Task ExecuteAsync_TableOrQuery_GivesTypedValues()
    {
        await _data.FillAsync(
            "people",
            new TableSchema(
            [
                new TableField { Name = "Id", Type = ColumnType.Int64 },
                new TableField { Name = "Ratio", Type = ColumnType.Double },
                new TableField { Name = "On", Type = ColumnType.Boolean },
                new TableField { Name = "At", Type = ColumnType.DateTime },
            ]),
            [1L, 0.5, true, new DateTime(2024, 1, 31)],
            [2L, null, false, null]);
        _data.Dataset("D", "AzureSqlTable", """{"schema":"dbo","table":"people"}""", "Db");

        var table = await _data.RunAsync("Lookup", FirstRow);
        var query = await _data.RunAsync(
            "Lookup", """{"source":{"type":"AzureSqlSource","sqlReaderQuery":"SELECT max(Id) AS top FROM people"},"dataset":{"referenceName":"D"}}""");

        Assert.Equal("""{"Id":1,"Ratio":0.5,"On":true,"At":"2024-01-31T00:00:00Z"}""", table["firstRow"]!.ToJsonString());
        Assert.Equal("""{"top":2}""", query["firstRow"]!.ToJsonString());
    }

    [Fact]
    public async Task ExecuteAsync_DatasetParameters_AreEvaluated()
    {
        _data.Dataset(
                "D", "DelimitedText", """{"location":{"folderPath":"@dataset().folder","fileName":{"value":"@concat(dataset().FILE, '.csv')","type":"Expression"}}}""",
                parameters: ["folder", "file"])
            .Write("in/b.csv", "7,x\n");

        var output = await _data.RunAsync(
            "Lookup",
            """{"source":{"type":"DelimitedTextSource"},"dataset":{"referenceName":"d","type":"DatasetReference","parameters":{"Folder":"in","file":"b"}}}""");

        Assert.Equal("""{"Prop_0":"7","Prop_1":"x"}""", output["firstRow"]!.ToJsonString());
    }

    [Fact]
    public async Task ExecuteAsync_MissingDatasetArgument_NamesIt()
    {
        _data.Dataset("D", "DelimitedText", Csv, parameters: ["folder"]);

        var failure = await Assert.ThrowsAsync<ActivityException>(() => _data.RunAsync("Lookup", FirstRow));

        Assert.Contains("parameter 'folder' of dataset 'D'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Binary", "cannot read")]
    [InlineData("Avro", "supported are")]
    [InlineData("DynamicsEntity", "supported are")]
    public async Task ExecuteAsync_TypeThatCannotBeRead_SaysWhatCan(string type, string words)
    {
        _data.Dataset("D", type, """{"location":{"fileName":"a.bin"}}""").Write("a.bin", "x");

        var failure = await Assert.ThrowsAsync<ActivityException>(() => _data.RunAsync("Lookup", FirstRow));

        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Contains(type, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_LegacyDataset_IsReadAsWhatReplacedIt()
    {
        _data.Dataset("D", "FileShare", """{"folderPath":"in","fileName":"a.txt","format":{"type":"TextFormat","columnDelimiter":"|","firstRowAsHeader":true}}""")
            .Write("in/a.txt", "a|b\n1|\\N\n");

        var output = await _data.RunAsync("Lookup", FirstRow);

        Assert.Equal("""{"a":"1","b":null}""", output["firstRow"]!.ToJsonString());
    }

    [Fact]
    public async Task ExecuteAsync_RestPages_FollowsTheRules()
    {
        using var http = new ScriptedHttp(request => ScriptedHttp.Json(request.Address switch
        {
            "http://rest/items?page=1" => """{"rows":[1],"next":"http://rest/items?page=2"}""",
            "http://rest/items?page=2" => """{"rows":[2],"next":null}""",
            _ => "{}",
        }));
        using var data = new DataHarness(http: http);
        data.LinkedService("Rest", "RestService", new JsonObject { ["url"] = "http://rest/", ["authenticationType"] = "Anonymous" });
        data.Dataset("D", "RestResource", """{"relativeUrl":"items?page=1"}""", "Rest");

        var output = await data.RunAsync(
            "Lookup",
            """{"source":{"type":"RestSource","paginationRules":{"AbsoluteUrl":"$.next"}},"dataset":{"referenceName":"D"},"firstRowOnly":false}""");

        Assert.Equal(2, (int)output["count"]!);
        Assert.Equal(2, (int)output["value"]![1]!["rows"]![0]!);
    }
}
