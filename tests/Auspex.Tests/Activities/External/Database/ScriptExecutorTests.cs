using Auspex.TestKit.Activities;
using Xunit;

namespace Auspex.Tests.Activities.External.Database;

public sealed class ScriptExecutorTests
{
    [Fact]
    public async Task Execute_Blocks_GiveRowsAndCounts()
    {
        using var harness = new ExternalHarness();

        var output = await harness.RunAsync("Script", """
            { "scripts": [
                { "type": "NonQuery", "text": "CREATE TABLE t (id INTEGER, name TEXT, at DATETIME, raw BLOB, part REAL)" },
                { "type": "NonQuery", "text": "INSERT INTO t VALUES (@id, @name, @at, x'0102', 0.5), (2, NULL, NULL, NULL, NULL)",
                  "parameters": [
                    { "name": "id", "type": "Int64", "value": "1" },
                    { "name": "@name", "type": "String", "value": "a;b'c" },
                    { "name": "at", "type": "DateTime", "value": "2024-01-31T01:02:03Z", "direction": "Input" } ] },
                { "type": "Query", "text": "SELECT id, name, raw, part, id FROM t ORDER BY id; SELECT count(*) AS n FROM t" } ] }
            """, "Db");

        Assert.Equal(2, (int)output["resultSetCount"]!);
        Assert.Equal(2, (int)output["recordsAffected"]!);
        Assert.Equal(
            """[{"id":1,"name":"a;b\u0027c","raw":"AQI=","part":0.5,"id (1)":1},{"id":2,"name":null,"raw":null,"part":null,"id (1)":2}]""",
            output["resultSets"]![0]!["rows"]!.ToJsonString());
        Assert.Equal(2, (int)output["resultSets"]![0]!["rowCount"]!);
        Assert.Equal(2, (int)output["resultSets"]![1]!["rows"]![0]!["n"]!);
        Assert.False((bool)output["outputTruncated"]!);
        Assert.Equal("", (string?)output["outputLogs"]);
    }

    [Theory]
    [InlineData("SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 6000", 5000)]
    [InlineData("SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 5000", 5000)]
    [InlineData("SELECT 1 AS n UNION ALL SELECT n + 1 FROM c WHERE n < 20", 4)]
    public async Task Execute_TooMuch_IsTruncatedAndSaysSo(string numbers, int rows)
    {
        using var harness = new ExternalHarness();
        var column = rows == 4 ? "hex(zeroblob(500000))" : "n";

        var output = await harness.RunAsync("Script", $$"""
            { "scripts": [ { "type": "Query", "text": "WITH RECURSIVE c AS ({{numbers}}) SELECT {{column}} AS x FROM c" } ] }
            """, "Db");

        Assert.Equal(rows, (int)output["resultSets"]![0]!["rowCount"]!);
        Assert.Equal(!numbers.Contains("< 5000", StringComparison.Ordinal), (bool)output["outputTruncated"]!);
    }

    [Fact]
    public async Task Execute_ExternalLog_IsWrittenAndNamed()
    {
        using var harness = new ExternalHarness();

        var output = await harness.RunAsync("Script", """
            { "scripts": [ { "type": "Query", "text": "SELECT 1 AS one" } ],
              "logSettings": { "logDestination": "ExternalStore", "logLocationSettings": { "linkedServiceName": { "referenceName": "Files", "type": "LinkedServiceReference" }, "path": "logs" } } }
            """, "Db");

        Assert.True(File.Exists(Path.Combine(harness.Folder, (string)output["outputLogsLocation"]!)));
        Assert.Equal("", (string?)output["outputLogs"]);
    }

    [Fact]
    public async Task Execute_StatementThatFails_FailsWith2402AndTheDatabasesWords()
    {
        using var harness = new ExternalHarness();

        var failure = await harness.FailAsync("Script", """{ "scripts": [ { "type": "Query", "text": "SELECT * FROM nowhere" } ] }""", "Db");

        Assert.Equal("2402", failure.ActivityErrorCode);
        Assert.Contains("no such table: nowhere", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_BlocksBeforeAFailure_StayDone()
    {
        using var harness = new ExternalHarness();

        await harness.FailAsync("Script", """
            { "scripts": [ { "type": "NonQuery", "text": "CREATE TABLE kept (x)" }, { "type": "NonQuery", "text": "nonsense" } ] }
            """, "Db");

        var output = await harness.RunAsync("Script", """{ "scripts": [ { "type": "Query", "text": "SELECT count(*) AS n FROM kept" } ] }""", "Db");
        Assert.Equal(0, (int)output["resultSets"]![0]!["rows"]![0]!["n"]!);
    }

    [Theory]
    [InlineData("""{ }""", "2103", "scripts")]
    [InlineData("""{ "scripts": [] }""", "2103", "scripts")]
    [InlineData("""{ "scripts": [ 1 ] }""", "2104", "scripts[0]")]
    [InlineData("""{ "scripts": [ { "type": "Query" } ] }""", "2103", "scripts[0].text")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1" } ] }""", "2103", "scripts[0].type")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Both" } ] }""", "2104", "Query or NonQuery")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Query" } ], "scriptBlockExecutionTimeout": "x" }""", "2104", "scriptBlockExecutionTimeout")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Query", "parameters": [ { "type": "String" } ] } ] }""", "2103", "parameters[0].name")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Query", "parameters": [ { "name": "p", "type": "Money" } ] } ] }""", "2104", "parameters[0].type")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Query", "parameters": [ { "name": "p", "type": "Int16", "value": "secret" } ] } ] }""", "2104", "parameters[0].value")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Query", "parameters": [ { "name": "p", "type": "Int16", "value": 70000 } ] } ] }""", "2104", "parameters[0].value")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Query", "parameters": [ { "name": "p", "direction": "Up" } ] } ] }""", "2104", "direction")]
    [InlineData("""{ "scripts": [ { "text": "SELECT @p", "type": "Query", "parameters": [ { "name": "p", "direction": "Output", "type": "String" } ] } ] }""", "2402", "comes out")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Query" } ], "logSettings": { "logDestination": "Nowhere" } }""", "2104", "logDestination")]
    [InlineData("""{ "scripts": [ { "text": "SELECT 1", "type": "Query" } ], "logSettings": { "logDestination": "ExternalStore" } }""", "2103", "logLocationSettings")]
    [InlineData("""{ "scriptReference": {}, "scripts": [] }""", "2110", "scriptReference")]
    public async Task Execute_BadInput_IsNamed(string properties, string code, string named)
    {
        using var harness = new ExternalHarness();

        var failure = await harness.FailAsync("Script", properties, "Db");

        Assert.Equal(code, failure.ActivityErrorCode);
        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_OtherLinkedService_FailsWith2110()
    {
        using var harness = new ExternalHarness().LinkedService("Ora", "Oracle", []);

        foreach (var type in new[] { "Script", "SqlServerStoredProcedure" })
        {
            var failure = await harness.FailAsync(
                type, """{ "scripts": [ { "text": "SELECT 1", "type": "Query" } ], "storedProcedureName": "p" }""", "Ora");
            Assert.Equal("2110", failure.ActivityErrorCode);
            Assert.Contains("Oracle", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{ }""", "2103")]
    [InlineData("""{ "storedProcedureName": "p", "storedProcedureParameters": [ 1 ] }""", "2104")]
    [InlineData("""{ "storedProcedureName": "p", "storedProcedureParameters": "no json" }""", "2104")]
    [InlineData("""{ "storedProcedureName": "p", "storedProcedureParameters": { "a": { "type": "Money" } } }""", "2104")]
    [InlineData("""{ "storedProcedureName": "p", "storedProcedureParameters": { "a": { "type": "Int", "value": "x" } } }""", "2104")]
    [InlineData("""{ "storedProcedureName": "p" }""", "2402")]
    public async Task StoredProcedure_BadInput_HasItsCode(string properties, string code)
    {
        using var harness = new ExternalHarness();

        Assert.Equal(code, (await harness.FailAsync("SqlServerStoredProcedure", properties, "Db")).ActivityErrorCode);
    }
}
