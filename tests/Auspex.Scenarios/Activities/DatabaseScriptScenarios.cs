using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Activities;

/// <summary>Scripts and procedures on a real PostgreSQL.</summary>
public sealed class DatabaseScriptScenarios(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly ExternalHarness _harness = new();
    private readonly string _name = "s" + Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync()
    {
        await postgres.EnsureStartedAsync();
        _harness.LinkedService("Pg", "PostgreSqlV2", new JsonObject
        {
            ["server"] = "127.0.0.1",
            ["port"] = postgres.Port,
            ["database"] = PostgresFixture.Database,
            ["username"] = PostgresFixture.User,
            ["password"] = new JsonObject { ["type"] = "SecureString", ["value"] = PostgresFixture.Password },
        });
    }

    public ValueTask DisposeAsync()
    {
        _harness.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Script_RowsParametersAndMessages_ComeBack()
    {
        var output = await ScriptAsync($$"""
            { "scripts": [
                { "type": "NonQuery", "text": "CREATE TABLE {{_name}} (id int, at timestamp, amount numeric(30,10), tags text[], g uuid, raw bytea)" },
                { "type": "NonQuery", "text": "INSERT INTO {{_name}} VALUES (@id, @at, @amount, ARRAY['a','b'], @g, NULL); INSERT INTO {{_name}} (id) VALUES (2), (3)",
                  "parameters": [
                    { "name": "id", "type": "Int32", "value": 1 }, { "name": "at", "type": "DateTime", "value": "2024-01-31T01:02:03Z" },
                    { "name": "amount", "type": "Decimal", "value": "12345678901234567.8901" },
                    { "name": "g", "type": "Guid", "value": "6c5ee0a5-5d0f-4d3c-9a53-0f3d6ad2b1d4" } ] },
                { "type": "NonQuery", "text": "DO $$ BEGIN RAISE NOTICE 'half; done'; END $$" },
                { "type": "Query", "text": "SELECT * FROM {{_name}} ORDER BY id LIMIT 1; SELECT count(*) AS total FROM {{_name}}" },
                { "type": "Query", "text": "SELECT 41 + 1 AS answer, @in || '!' AS echo",
                  "parameters": [
                    { "name": "answer", "type": "Int32", "direction": "Output" },
                    { "name": "in", "type": "String", "value": "hi" },
                    { "name": "echo", "type": "String", "direction": "Output", "size": 100 } ] } ] }
            """);

        Assert.Equal(3, (int)output["resultSetCount"]!);
        Assert.Equal(3, (int)output["recordsAffected"]!);
        Assert.Equal(
            """{"id":1,"at":"2024-01-31T01:02:03Z","amount":12345678901234567.8901000000,"tags":["a","b"],"g":"6c5ee0a5-5d0f-4d3c-9a53-0f3d6ad2b1d4","raw":null}""",
            output["resultSets"]![0]!["rows"]![0]!.ToJsonString());
        Assert.Equal(3, (int)output["resultSets"]![1]!["rows"]![0]!["total"]!);
        Assert.Equal("half; done\n", (string?)output["outputLogs"]);
        Assert.Equal("""{"answer":42,"echo":"hi!"}""", output["outputParameters"]!.ToJsonString());
    }

    [Fact]
    public async Task Script_DecimalsAsText_KeepTheirDigits()
    {
        var output = await ScriptAsync("""{ "treatDecimalAsString": true, "scripts": [ { "type": "Query", "text": "SELECT 0.10::numeric AS d" } ] }""");

        Assert.Equal("0.10", (string?)output["resultSets"]![0]!["rows"]![0]!["d"]);
    }

    [Fact]
    public async Task Script_TakesTooLong_IsStoppedInTheDatabase()
    {
        var failure = await FailAsync("""
            { "scriptBlockExecutionTimeout": "00:00:01", "scripts": [ { "type": "Query", "text": "SELECT pg_sleep(60)" } ] }
            """);

        Assert.Equal("2402", failure.ActivityErrorCode);
        Assert.Contains("00:00:01", failure.Message, StringComparison.Ordinal);
        var left = await ScriptAsync("""
            { "scripts": [ { "type": "Query", "text": "SELECT count(*) AS n FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)' AND state = 'active'" } ] }
            """);
        Assert.Equal(0, (int)left["resultSets"]![0]!["rows"]![0]!["n"]!);
    }

    [Theory]
    [InlineData("DO $$ BEGIN RAISE EXCEPTION 'the author says no'; END $$", "the author says no")]
    [InlineData("SELECT * FROM nowhere_at_all", "nowhere_at_all")]
    [InlineData("SELEC 1", "SELEC")]
    public async Task Script_Refused_ShowsTheDatabasesWords(string text, string said)
    {
        var failure = await FailAsync($$"""{ "scripts": [ { "type": "Query", "text": "{{text}}" } ] }""");

        Assert.Equal("2402", failure.ActivityErrorCode);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresFixture.Password, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoredProcedure_ProcedureAndFunction_GetTheirArguments()
    {
        await ScriptAsync($$"""
            { "scripts": [
                { "type": "NonQuery", "text": "CREATE TABLE {{_name}} (a smallint, b bigint, c numeric, d uuid, e boolean, f date, g text)" },
                { "type": "NonQuery", "text": "CREATE PROCEDURE {{_name}}_p(a smallint, b bigint, c numeric, d uuid, e boolean, f date, g text) LANGUAGE sql AS 'INSERT INTO {{_name}} VALUES (a,b,c,d,e,f,g)'" },
                { "type": "NonQuery", "text": "CREATE FUNCTION {{_name}}_f(g text DEFAULT 'none') RETURNS int LANGUAGE sql AS 'INSERT INTO {{_name}} (g) VALUES (g) RETURNING 1'" } ] }
            """);

        var output = await _harness.RunAsync("SqlServerStoredProcedure", $$"""
            { "storedProcedureName": "[public].[{{_name}}_P]",
              "storedProcedureParameters": {
                "g": { "value": null, "type": "String" }, "a": { "value": "7", "type": "Int" }, "B": { "value": 8, "type": "Int64" },
                "c": { "value": 1.5, "type": "Decimal" }, "d": { "value": "6c5ee0a5-5d0f-4d3c-9a53-0f3d6ad2b1d4", "type": "Guid" },
                "e": { "value": "true", "type": "Boolean" }, "f": { "value": "2024-01-31", "type": "Date" } } }
            """, "Pg");
        await _harness.RunAsync("SqlServerStoredProcedure", $$"""
            { "storedProcedureName": "{{_name}}_f", "storedProcedureParameters": { "g": { "value": "x'; DROP TABLE {{_name}}; --" } } }
            """, "Pg");
        await _harness.RunAsync("SqlServerStoredProcedure", $$"""{ "storedProcedureName": "{{_name}}_f" }""", "Pg");

        Assert.Null(output["resultSets"]);
        var rows = await ScriptAsync($$"""{ "scripts": [ { "type": "Query", "text": "SELECT a,b,c,e,g FROM {{_name}} ORDER BY a, g" } ] }""");
        Assert.Equal(
            $$"""[{"a":7,"b":8,"c":1.5,"e":true,"g":null},{"a":null,"b":null,"c":null,"e":null,"g":"none"},{"a":null,"b":null,"c":null,"e":null,"g":"x\u0027; DROP TABLE {{_name}}; --"}]""",
            rows["resultSets"]![0]!["rows"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{ "storedProcedureName": "no_such_procedure" }""", "no_such_procedure")]
    [InlineData("""{ "storedProcedureName": "x(); DROP TABLE y" }""", "")]
    public async Task StoredProcedure_Missing_FailsWith2402(string properties, string said)
    {
        var failure = await Assert.ThrowsAsync<ActivityException>(() => _harness.RunAsync("SqlServerStoredProcedure", properties, "Pg"));

        Assert.Equal("2402", failure.ActivityErrorCode);
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    private Task<JsonObject> ScriptAsync(string properties) => _harness.RunAsync("Script", properties, "Pg");

    private Task<ActivityException> FailAsync(string properties) => _harness.FailAsync("Script", properties, "Pg");
}
