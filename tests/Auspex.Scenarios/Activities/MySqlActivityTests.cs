using System.Text.Json.Nodes;
using Auspex.Connectors.Sql;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Activities;

public sealed class MySqlActivityTests(MariaDbFixture server) : IAsyncLifetime
{
    private const string Csv = """{"location":{"type":"FileServerLocation","folderPath":"in","fileName":"t.csv"},"firstRowAsHeader":true}""";

    private readonly DataHarness _data = new();
    private readonly string _name = "t" + Guid.NewGuid().ToString("N");

    public async ValueTask InitializeAsync()
    {
        await server.EnsureStartedAsync();
        _data.LinkedService("New", "AzureMySql", new JsonObject
        {
            ["server"] = "127.0.0.1",
            ["port"] = server.Port,
            ["database"] = MariaDbFixture.Database,
            ["username"] = MariaDbFixture.User,
            ["sslMode"] = 1,
            ["password"] = new JsonObject { ["type"] = "SecureString", ["value"] = MariaDbFixture.Password },
        }).LinkedService("Old", "MySql", new JsonObject
        {
            ["connectionString"] = $"Server=127.0.0.1;Port={server.Port};Database={MariaDbFixture.Database};UID={MariaDbFixture.User};SslMode=Preferred",
            ["password"] = new JsonObject { ["type"] = "SecureString", ["value"] = MariaDbFixture.Password },
        }).Dataset("In", "DelimitedText", Csv)
            .Dataset("There", "AzureMySqlTable", $$"""{"tableName":"{{_name}}"}""", "New")
            .Dataset("Table", "MySqlTable", $$"""{"tableName":"{{MariaDbFixture.Database}}.{{_name}}"}""", "Old")
            .Dataset("Query", "MySqlTable", "{}", "Old")
            .Write("in/t.csv", "Id,Name\n1,Ann\n2,\"B \\\\ 'b'\"\n3,\n");
    }

    public ValueTask DisposeAsync()
    {
        _data.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Copy_ThereAndBack_KeepsEveryRow()
    {
        _data.Dataset("Out", "DelimitedText", """{"location":{"type":"FileServerLocation","folderPath":"out","fileName":"t.csv"},"rowDelimiter":"\n","firstRowAsHeader":true}""");

        var there = await _data.RunAsync(
            "Copy", """{"source":{"type":"DelimitedTextSource"},"sink":{"type":"AzureMySqlSink","tableOption":"autoCreate"}}""", "In", "There");
        await _data.RunAsync("Copy", """{"source":{"type":"MySqlSource"},"sink":{"type":"DelimitedTextSink"}}""", "Table", "Out");
        var again = await _data.RunAsync(
            "Copy",
            """{"source":{"type":"DelimitedTextSource"},"sink":{"type":"AzureMySqlSink","preCopyScript":"DELETE FROM NAME"}}""".Replace("NAME", _name, StringComparison.Ordinal),
            "In",
            "There");

        Assert.Equal(3, (int)there["rowsCopied"]!);
        Assert.Equal(3, (int)again["rowsCopied"]!);
        Assert.StartsWith("\"Id\",\"Name\"", _data.Read("out/t.csv").Replace("Id,Name", "\"Id\",\"Name\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(4, _data.Read("out/t.csv").Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(["1|Ann", "2|B \\ 'b'", "3|-"], await _data.QueryAsync($"SELECT Id, Name FROM {_name} ORDER BY Id", Settings));
    }

    [Fact]
    public async Task LookupAndMetadata_OfATable_GiveRowsAndColumns()
    {
        await _data.RunAsync(
            "Copy", """{"source":{"type":"DelimitedTextSource"},"sink":{"type":"AzureMySqlSink","tableOption":"autoCreate"}}""", "In", "There");

        var row = await _data.RunAsync(
            "Lookup",
            """{"source":{"type":"MySqlSource","query":"SELECT count(*) AS n, max(Id) AS m FROM NAME"},"dataset":{"referenceName":"Query"}}"""
                .Replace("NAME", _name, StringComparison.Ordinal));
        var columns = await _data.RunAsync("GetMetadata", """{"dataset":{"referenceName":"Table"},"fieldList":["exists","columnCount","structure"]}""");

        Assert.Equal(3, (int)row["firstRow"]!["n"]!);
        Assert.Equal("3", row["firstRow"]!["m"]!.ToString());
        Assert.True((bool)columns["exists"]!);
        Assert.Equal(2, (int)columns["columnCount"]!);
    }

    private SqlConnectionSettings Settings => new()
    {
        Server = server.ServerName,
        Database = MariaDbFixture.Database,
        User = MariaDbFixture.User,
        Password = MariaDbFixture.Password,
    };
}
