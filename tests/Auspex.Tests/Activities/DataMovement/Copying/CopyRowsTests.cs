using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.DataMovement.Copying;

/// <summary>Copies of rows: formats, mapping, conversion, fault tolerance, tables.</summary>
public sealed class CopyRowsTests : IDisposable
{
    private readonly DataHarness _data = new();

    public CopyRowsTests() => _data
        .Dataset("Csv", "DelimitedText", """{"location":{"folderPath":"in"},"firstRowAsHeader":true}""")
        .Dataset("Out", "DelimitedText", """{"location":{"folderPath":"out"},"firstRowAsHeader":true,"rowDelimiter":"\n"}""")
        .Dataset("One", "DelimitedText", """{"location":{"folderPath":"out","fileName":"one.csv"},"firstRowAsHeader":true,"rowDelimiter":"\\n"}""")
        .Dataset("Json", "Json", """{"location":{"folderPath":"out","fileName":"x.json"}}""")
        .Dataset("Documents", "Json", """{"location":{"folderPath":"in","fileName":"x.json"}}""")
        .Dataset("Table", "AzureSqlTable", """{"schema":"dbo","table":"people"}""", "Db");

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task ExecuteAsync_OtherDialect_KeepsRows()
    {
        _data.Write("in/a.csv", "id,text\n1,\"a;\"\"b\"\"\"\n2,\n")
            .Dataset("Semi", "DelimitedText", """{"location":{"folderPath":"out"},"columnDelimiter":";","quoteChar":"'","escapeChar":"\\","firstRowAsHeader":"true","nullValue":"NULL"}""");

        var output = await CopyAsync("Csv", "Semi");

        Assert.Equal("id;text\r\n1;'a;\"b\"'\r\n2;NULL\r\n", _data.Read("out/a.csv"));
        Assert.Equal(2, (int)output["rowsRead"]!);
        Assert.Equal(2, (int)output["rowsCopied"]!);
        Assert.Equal(1, (int)output["filesWritten"]!);
        Assert.Equal("Succeeded", (string?)output["executionDetails"]![0]!["status"]);
        Assert.Equal("FileServer", (string?)output["executionDetails"]![0]!["source"]!["type"]);
        Assert.Null(output["rowsSkipped"]);
    }

    [Fact]
    public async Task ExecuteAsync_NoHeader_NamesColumnsProp()
    {
        _data.Write("in/a.csv", "1,x\n2\n").Dataset("Csv", "DelimitedText", """{"location":{"folderPath":"in"}}""");

        await CopyAsync("Csv", "Json");

        Assert.Equal("{\"Prop_0\":\"1\",\"Prop_1\":\"x\"}\r\n{\"Prop_0\":\"2\",\"Prop_1\":null}\r\n", _data.Read("out/x.json"));
    }

    [Fact]
    public async Task ExecuteAsync_ManyFilesToOne_MergesRowsByName()
    {
        _data.Write("in/a.csv", "id,text\n1,x\n").Write("in/b.csv", "text,id\ny,2\n");

        await CopyAsync("Csv", "One");

        Assert.Equal("id,text\n1,x\n2,y\n", _data.Read("out/one.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_ColumnTheSinkLacks_FailsAndWritesNothing()
    {
        _data.Write("in/a.csv", "id\n1\n").Write("in/b.csv", "other\n2\n");

        var failure = await Assert.ThrowsAsync<ActivityException>(() => CopyAsync("Csv", "One"));

        Assert.Contains("'other'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_data.List("out"));
    }

    [Fact]
    public async Task ExecuteAsync_MaxRowsPerFile_WritesNumberedFiles()
    {
        _data.Write("in/a.csv", "id\n1\n2\n3\n");

        await _data.RunAsync(
            "Copy",
            """{"source":{"type":"DelimitedTextSource"},"sink":{"type":"DelimitedTextSink","formatSettings":{"fileExtension":".csv","maxRowsPerFile":2,"fileNamePrefix":"part"}}}""",
            "Csv",
            "Out");

        Assert.Equal(["part_00000.csv", "part_00001.csv"], _data.List("out"));
        Assert.Equal("id\n3\n", _data.Read("out/part_00001.csv"));
    }

    [Theory]
    [InlineData("""{"type":"TabularTranslator","mappings":[{"source":{"name":"b"},"sink":{"name":"B"}},{"source":{"ordinal":1},"sink":{"name":"A","type":"Int32"}}]}""")]
    [InlineData("""{"type":"TabularTranslator","columnMappings":"b: B, a: A"}""")]
    [InlineData("""{"type":"TabularTranslator","columnMappings":{"b":"B","a":"A"}}""")]
    public async Task ExecuteAsync_Mapping_InEveryForm(string translator)
    {
        _data.Write("in/a.csv", "a,b,c\n1,x,no\n");

        await CopyAsync("Csv", "One", $",\"translator\":{translator}");

        Assert.Equal("B,A\nx,1\n", _data.Read("out/one.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_TranslatorAsText_IsRead()
    {
        _data.Write("in/a.csv", "a,b\n1,x\n");

        await CopyAsync("Csv", "One", """,translator":"{\"type\":\"TabularTranslator\",\"mappings\":[{\"source\":{\"name\":\"b\"},\"sink\":{\"name\":\"z\"}}]}" """.Replace(",translator", ",\"translator", StringComparison.Ordinal));

        Assert.Equal("z\nx\n", _data.Read("out/one.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_AddedColumns_HoldPathCopyAndText()
    {
        _data.Write("in/year=2024/a.csv", "a\n1\n");

        await _data.RunAsync(
            "Copy",
            """{"source":{"type":"DelimitedTextSource","additionalColumns":[{"name":"path","value":"$$FILEPATH"},{"name":"again","value":"$$COLUMN:a"},{"name":"text","value":"t"}],"storeSettings":{"recursive":true,"enablePartitionDiscovery":true}},"sink":{"type":"DelimitedTextSink"}}""",
            "Csv",
            "One");

        Assert.Equal("a,year,path,again,text\n1,2024,year=2024/a.csv,1,t\n", _data.Read("out/one.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_IncompatibleRows_FailWithPlaceOrAreKeptAside()
    {
        _data.Write("in/a.csv", "id,n\n1,5\n2,five\n3,7,extra\n4,8\n");
        const string Mapping = ""","translator":{"type":"TabularTranslator","mappings":[{"source":{"name":"id"},"sink":{"name":"id"}},{"source":{"name":"n"},"sink":{"name":"n","type":"Int32"}}]}""";
        const string Skip = Mapping + ""","enableSkipIncompatibleRow":true,"redirectIncompatibleRowSettings":{"linkedServiceName":{"referenceName":"Files"},"path":"bad"},"logSettings":{"logLocationSettings":{"linkedServiceName":{"referenceName":"Files"},"path":"logs"}}""";

        var failure = await Assert.ThrowsAsync<ActivityException>(() => CopyAsync("Csv", "One", Mapping));
        Assert.Empty(_data.List("out"));
        var output = await CopyAsync("Csv", "One", Skip);

        Assert.Equal("2200", failure.ActivityErrorCode);
        Assert.DoesNotContain("five", failure.Message, StringComparison.Ordinal);
        Assert.Equal("id,n\n1,5\n4,8\n", _data.Read("out/one.csv"));
        Assert.Equal(4, (int)output["rowsRead"]!);
        Assert.Equal(2, (int)output["rowsCopied"]!);
        Assert.Equal(2, (int)output["rowsSkipped"]!);
        Assert.Contains("2,five,AUX5023,", _data.Read((string)output["redirectRowPath"]!), StringComparison.Ordinal);
        Assert.Contains("3,7,extra,AUX3001,", _data.Read((string)output["redirectRowPath"]!), StringComparison.Ordinal);
        Assert.Contains("TabularRowSkip", _data.Read((string)output["logFilePath"]!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ExecuteAsync_TextToTable_ConvertsToItsTypes()
    {
        await MakePeopleAsync();
        _data.Write("in/a.csv", "Id,Name,Ratio,At\n1,Ann,0.25,2024-01-31 10:00:00\n2,,,\n");

        var output = await CopyAsync("Csv", "Table", sink: """{"type":"AzureSqlSink","preCopyScript":"DELETE FROM people"}""");
        var rows = await _data.QueryAsync("SELECT Id, Name, Ratio, At, typeof(Id), typeof(Ratio) FROM people ORDER BY Id");

        Assert.Equal(["1|Ann|0.25|2024-01-31T10:00:00|integer|real", "2|-|-|-|integer|null"], rows);
        Assert.Equal(2, (int)output["rowsCopied"]!);
        Assert.Null(output["filesWritten"]);
    }

    [Fact]
    public async Task ExecuteAsync_TableRefusesARow_UndoesScriptAndRowsOrSkipsIt()
    {
        await MakePeopleAsync();
        await _data.QueryAsync("SELECT 1");
        _data.Write("in/a.csv", "Id,Name\n7,x\nseven,y\n8,z\n");
        const string Sink = """{"type":"AzureSqlSink","preCopyScript":"DELETE FROM people"}""";

        await Assert.ThrowsAsync<ActivityException>(() => CopyAsync("Csv", "Table", sink: Sink));
        var before = await _data.QueryAsync("SELECT Id FROM people");
        var output = await CopyAsync("Csv", "Table", ""","enableSkipIncompatibleRow":true""", Sink);

        Assert.Equal(["99"], before);
        Assert.Equal(["7", "8"], await _data.QueryAsync("SELECT Id FROM people ORDER BY Id"));
        Assert.Equal(1, (int)output["rowsSkipped"]!);
    }

    [Fact]
    public async Task ExecuteAsync_KeyTwice_IsSkippedByTheDatabasesWord()
    {
        _data.Write("in/a.csv", "Id,Name\n1,x\n1,y\n2,z\n");
        _data.Dataset("Keys", "AzureSqlTable", """{"table":"keyed"}""", "Db");
        const string Sink = """{"type":"AzureSqlSink","preCopyScript":"CREATE TABLE IF NOT EXISTS keyed (Id INTEGER PRIMARY KEY, Name TEXT)"}""";

        await MakePeopleAsync();
        await CopyAsync("Empty", "Keys", sink: Sink, prepare: () => _data.Write("empty/a.csv", "Id,Name\n").Dataset(
            "Empty", "DelimitedText", """{"location":{"folderPath":"empty"},"firstRowAsHeader":true}"""));
        var output = await CopyAsync("Csv", "Keys", ""","enableSkipIncompatibleRow":true""", Sink);

        Assert.Equal(["1|x", "2|z"], await _data.QueryAsync("SELECT Id, Name FROM keyed ORDER BY Id"));
        Assert.Equal(1, (int)output["rowsSkipped"]!);
        Assert.Equal(2, (int)output["rowsCopied"]!);
    }

    [Fact]
    public async Task ExecuteAsync_AgainAfterTheCommit_InsertsNothingAndGivesTheSameOutput()
    {
        await MakePeopleAsync();
        _data.Write("in/a.csv", "Id\n1\n");
        var first = await CopyAsync("Csv", "Table", sink: """{"type":"AzureSqlSink"}""");

        _data.Checkpoint = _data.SavedCheckpoint;
        var again = await CopyAsync("Csv", "Table", sink: """{"type":"AzureSqlSink"}""");

        Assert.Equal(first.ToJsonString(), again.ToJsonString());
        Assert.Equal(["1", "99"], await _data.QueryAsync("SELECT Id FROM people ORDER BY Id"));
    }

    [Fact]
    public async Task ExecuteAsync_NoTable_FailsUnlessItIsToBeMade()
    {
        await MakePeopleAsync();
        _data.Write("in/a.csv", "a\n1\n").Dataset("New", "AzureSqlTable", """{"table":"fresh"}""", "Db");

        await Assert.ThrowsAsync<ActivityException>(() => CopyAsync("Csv", "New", sink: """{"type":"AzureSqlSink"}"""));
        await CopyAsync("Csv", "New", sink: """{"type":"AzureSqlSink","tableOption":"autoCreate"}""");

        Assert.Equal(["1"], await _data.QueryAsync("SELECT a FROM fresh"));
    }

    [Fact]
    public async Task ExecuteAsync_QueryToText_WritesDatesAsDataFactoryDoes()
    {
        await MakePeopleAsync();

        await CopyAsync("Table", "One", source: """{"type":"AzureSqlSource","sqlReaderQuery":"SELECT Id, At FROM people"}""");

        Assert.Equal("Id,At\n99,2020-02-29 00:00:00.0000000\n", _data.Read("out/one.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_Documents_StayAsTheyAre()
    {
        _data.Write("in/x.json", """[{"a":{"b":[1,2]},"c":1.50},{"d":null}]""");

        var output = await CopyAsync("Documents", "Json");

        Assert.Equal("{\"a\":{\"b\":[1,2]},\"c\":1.50}\r\n{\"d\":null}\r\n", _data.Read("out/x.json"));
        Assert.Equal(2, (int)output["rowsCopied"]!);
    }

    [Fact]
    public async Task ExecuteAsync_DocumentsMapped_MoveTheirMembers()
    {
        _data.Write("in/x.json", """{"name":"n","items":[{"v":1},{"v":2}]}""");

        await _data.RunAsync(
            "Copy",
            """{"source":{"type":"JsonSource"},"sink":{"type":"JsonSink","formatSettings":{"filePattern":"arrayOfObjects"}},"translator":{"type":"TabularTranslator","collectionReference":"$['items']","mappings":[{"source":{"path":"['v']"},"sink":{"path":"$['out']['value']"}},{"source":{"path":"$['name']"},"sink":{"path":"$['name']"}}]}}""",
            "Documents",
            "Json");

        Assert.Equal("""[{"out":{"value":1},"name":"n"},{"out":{"value":2},"name":"n"}]""", _data.Read("out/x.json"));
    }

    [Fact]
    public async Task ExecuteAsync_DocumentsToText_TakesMembersAndPaths()
    {
        _data.Write("in/x.json", """[{"id":1,"on":true,"in":{"x":0.5}},{"id":2,"on":null,"in":{"x":2}}]""");

        await CopyAsync("Documents", "One", ""","translator":{"type":"TabularTranslator","mappings":[{"source":{"path":"$['id']"},"sink":{"name":"id"}},{"source":{"path":"$['in']['x']"},"sink":{"name":"x"}},{"source":{"path":"$['on']"},"sink":{"name":"on"}}]}""");

        Assert.Equal("id,x,on\n1,0.5,True\n2,2,\n", _data.Read("out/one.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_RestPages_BecomeRows()
    {
        using var http = new ScriptedHttp(request => ScriptedHttp.Json(
            request.Address.EndsWith("skip=0", StringComparison.Ordinal) ? """{"value":[{"a":1},{"a":2}]}"""
            : request.Address.EndsWith("skip=2", StringComparison.Ordinal) ? """{"value":[{"a":3}]}""" : """{"value":[]}"""));
        using var data = new DataHarness(http: http);
        data.LinkedService("Rest", "RestService", new JsonObject { ["url"] = "http://rest/", ["authenticationType"] = "Anonymous" })
            .Dataset("In", "RestResource", """{"relativeUrl":"items"}""", "Rest")
            .Dataset("Out", "DelimitedText", """{"location":{"folderPath":"out","fileName":"o.csv"},"rowDelimiter":"\n"}""");

        await data.RunAsync(
            "Copy",
            """{"source":{"type":"RestSource","paginationRules":{"QueryParameters.skip":"RANGE:0::2","EndCondition:$.value":"Empty"}},"sink":{"type":"DelimitedTextSink"},"translator":{"type":"TabularTranslator","collectionReference":"$['value']"}}""",
            "In",
            "Out");

        Assert.Equal("1\n2\n3\n", data.Read("out/o.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_Upsert_UpdatesRowsOfTheKeyAndInsertsOthers()
    {
        await MakePeopleAsync();
        _data.Write("in/a.csv", "Id,Name\n99,new\n7,seven\n");
        const string Sink = """{"type":"AzureSqlSink","writeBehavior":"upsert","upsertSettings":{"useTempDB":true,"keys":["ID"]}}""";

        var output = await CopyAsync("Csv", "Table", sink: Sink);
        await CopyAsync("Csv", "Table", sink: Sink);

        Assert.Equal(["7|seven", "99|new"], await _data.QueryAsync("SELECT Id, Name FROM people ORDER BY Id"));
        Assert.Equal(["2020-02-29T00:00:00"], await _data.QueryAsync("SELECT At FROM people WHERE Id = 99"));
        Assert.Equal(2, (int)output["rowsCopied"]!);
    }

    [Theory]
    [InlineData("""{"type":"AzureSqlSink","writeBehavior":"upsert"}""", "Id\n1\n", "primary key")]
    [InlineData("""{"type":"AzureSqlSink","writeBehavior":"upsert","upsertSettings":{"keys":["Other"]}}""", "Id\n1\n", "'Other'")]
    [InlineData("""{"type":"AzureSqlSink","writeBehavior":"upsert","upsertSettings":{"keys":"Id"}}""", "Id\n1\n", "array")]
    [InlineData("""{"type":"AzureSqlSink","writeBehavior":"upsert","upsertSettings":{"keys":["Id"]}}""", "Id\n1\n1\n", "each once")]
    [InlineData("""{"type":"AzureSqlSink","writeBehavior":"merge"}""", "Id\n1\n", "Upsert")]
    public async Task ExecuteAsync_UpsertThatCannotBe_SaysWhyAndWritesNothing(string sink, string file, string word)
    {
        await MakePeopleAsync();
        _data.Write("in/a.csv", file);

        var failure = await Assert.ThrowsAsync<ActivityException>(() => CopyAsync("Csv", "Table", sink: sink));

        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        Assert.Equal(["99"], await _data.QueryAsync("SELECT Id FROM people"));
    }

    [Fact]
    public async Task ExecuteAsync_RowsToRest_AreSentInArrays()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Empty());
        using var data = new DataHarness(http: http);
        data.LinkedService("Rest", "RestService", new JsonObject { ["url"] = "http://rest/base", ["authenticationType"] = "Anonymous" })
            .Dataset("In", "DelimitedText", """{"location":{"folderPath":"in"},"firstRowAsHeader":true}""")
            .Dataset("Out", "RestResource", """{"relativeUrl":"people"}""", "Rest")
            .Write("in/a.csv", "id,name\n1,a\n2,\n3,c\n");

        var output = await data.RunAsync(
            "Copy",
            """{"source":{"type":"DelimitedTextSource"},"sink":{"type":"RestSink","requestMethod":"PUT","writeBatchSize":2,"additionalHeaders":{"x-key":"k"}},"translator":{"type":"TabularTranslator","mappings":[{"source":{"name":"id","type":"Int32"},"sink":{"name":"id","type":"Int32"}},{"source":{"name":"name"},"sink":{"name":"name"}}]}}""",
            "In",
            "Out");

        Assert.Equal(["""[{"id":1,"name":"a"},{"id":2,"name":null}]""", """[{"id":3,"name":"c"}]"""], http.Requests.Select(request => request.Body));
        Assert.All(http.Requests, request => Assert.Equal(
            ("PUT", "http://rest/base/people", "k", "application/json; charset=utf-8"),
            (request.Method, request.Address, request.Headers["x-key"], request.Headers["Content-Type"])));
        Assert.Equal((3, http.Requests.Sum(request => request.Body.Length)), ((int)output["rowsCopied"]!, (int)output["dataWritten"]!));
        Assert.NotNull(data.SavedCheckpoint);
    }

    [Fact]
    public async Task ExecuteAsync_RestThatRefuses_FailsWithItsStatus()
    {
        using var http = new ScriptedHttp(_ => ScriptedHttp.Json("{}", System.Net.HttpStatusCode.BadRequest));
        using var data = new DataHarness(http: http);
        data.LinkedService("Rest", "RestService", new JsonObject { ["url"] = "http://rest/", ["authenticationType"] = "Anonymous" })
            .Dataset("In", "DelimitedText", """{"location":{"folderPath":"in"},"firstRowAsHeader":true}""")
            .Dataset("Out", "RestResource", "{}", "Rest")
            .Write("in/a.csv", "id\n1\n");
        Task RunAsync(string sink) => data.RunAsync("Copy", """{"source":{"type":"DelimitedTextSource"},"sink":""" + sink + "}", "In", "Out");

        var refused = await Assert.ThrowsAsync<ActivityException>(() => RunAsync("""{"type":"RestSink"}"""));
        var wrong = await Assert.ThrowsAsync<ActivityException>(() => RunAsync("""{"type":"RestSink","requestMethod":"GET"}"""));

        Assert.Contains("'400'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("POST, PUT or PATCH", wrong.Message, StringComparison.Ordinal);
        Assert.Single(http.Requests);
    }

    [Theory]
    [InlineData("Csv", "Table", """{"type":"AzureSqlSink","sqlWriterStoredProcedureName":"p","sqlWriterTableType":"t"}""", "only SQL Server")]
    [InlineData("Csv", "Parquet", """{"type":"ParquetSink"}""", "lzo")]
    public async Task ExecuteAsync_WhatIsNotSupported_SaysSoByName(string source, string sink, string settings, string word)
    {
        await MakePeopleAsync();
        _data.Write("in/a.csv", "Id\n1\n").Dataset("Parquet", "Parquet", """{"location":{"folderPath":"out"},"compressionCodec":"lzo"}""");

        var failure = await Assert.ThrowsAsync<ActivityException>(() => CopyAsync(source, sink, sink: settings));

        Assert.Contains(word, failure.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("supported|Use", failure.Message);
    }

    [Theory]
    [InlineData("snappy")]
    [InlineData("none")]
    [InlineData("zstd")]
    public async Task ExecuteAsync_ToParquetAndBack_KeepsRows(string codec)
    {
        _data.Write("in/a.csv", "id,text\n1,x\n2,\n")
            .Dataset("Parquet", "Parquet", "{\"location\":{\"folderPath\":\"out\",\"fileName\":\"a.parquet\"},\"compressionCodec\":\"" + codec + "\"}");

        var written = await CopyAsync("Csv", "Parquet", sink: """{"type":"ParquetSink"}""");
        var read = await CopyAsync("Parquet", "One", source: """{"type":"ParquetSource"}""");

        Assert.Equal((2, 2), ((int)written["rowsCopied"]!, (int)read["rowsRead"]!));
        Assert.Equal("id,text\n1,x\n2,\n", _data.Read("out/one.csv"));
    }

    [Fact]
    public async Task ExecuteAsync_EmptyFile_GivesAnEmptyFile()
    {
        _data.Write("in/a.csv", "");

        await CopyAsync("Csv", "Out");

        Assert.Equal("", _data.Read("out/a.csv"));
    }

    private Task MakePeopleAsync() => _data.FillAsync(
        "people",
        new TableSchema(
        [
            new TableField { Name = "Id", Type = ColumnType.Int64 },
            new TableField { Name = "Name", Type = ColumnType.String },
            new TableField { Name = "Ratio", Type = ColumnType.Double },
            new TableField { Name = "At", Type = ColumnType.DateTime },
        ]),
        [99L, "old", 1.0, new DateTime(2020, 2, 29)]);

    private Task<JsonObject> CopyAsync(
        string from, string to, string more = "", string sink = """{"type":"DelimitedTextSink"}""", string source = """{"type":"DelimitedTextSource"}""", Action? prepare = null)
    {
        prepare?.Invoke();
        return _data.RunAsync("Copy", $$"""{"source":{{source}},"sink":{{sink}}{{more}}}""", from, to);
    }
}
