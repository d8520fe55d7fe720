using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.Engine.Dispatch;
using Auspex.TestKit.Activities;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Activities;

/// <summary>Copies a file and a table between every two stores: folders, Azurite, SQLite, PostgreSQL, and from an HTTP server.</summary>
public sealed class CopyBetweenStoresTests(AzuriteFixture azurite, PostgresFixture postgres) : IAsyncLifetime
{
    private const string Csv = "Id,Name,Ratio\n1,Ann,0.25\n2,\"B, \"\"b\"\"\",\n3,Zoë,-7\n";

    private static readonly string[] FileStores = ["Folder", "Blob", "Lake", "Http"];
    private static readonly string[] TableStores = ["Folder", "Blob", "Lake", "Http", "Rest", "Sqlite", "Postgres"];

    private readonly DataHarness _data = new();
    private readonly FileServer _server = new();
    private readonly BlobStores _stores = new(new BlobStoresOptions(), TimeProvider.System);
    private readonly string _name = "c" + Guid.NewGuid().ToString("N");

    public static TheoryData<string, string> FilePairs => Pairs(FileStores, ["Folder", "Blob", "Lake"]);

    public static TheoryData<string, string> TablePairs => Pairs(TableStores, ["Folder", "Blob", "Lake", "Sqlite", "Postgres"]);

    public async ValueTask InitializeAsync()
    {
        await azurite.EnsureStartedAsync();
        await postgres.EnsureStartedAsync();
        _data.LinkedService("Folder", "FileServer", new JsonObject { ["host"] = _data.Folder })
            .LinkedService("Blob", "AzureBlobStorage", new JsonObject { ["connectionString"] = azurite.ConnectionString })
            .LinkedService("Lake", "AzureBlobFS", new JsonObject
            {
                ["url"] = azurite.Endpoint,
                ["accountKey"] = new JsonObject { ["type"] = "SecureString", ["value"] = AzuriteFixture.Key },
            })
            .LinkedService("Http", "HttpServer", new JsonObject { ["url"] = _server.Address, ["authenticationType"] = "Anonymous" })
            .LinkedService("Rest", "RestService", new JsonObject { ["url"] = _server.Address, ["authenticationType"] = "Anonymous" })
            .LinkedService("Sqlite", "Sqlite", new JsonObject { ["path"] = _data.DatabaseFile })
            .LinkedService("Postgres", "PostgreSqlV2", new JsonObject
            {
                ["server"] = "127.0.0.1",
                ["port"] = postgres.Port,
                ["database"] = PostgresFixture.Database,
                ["username"] = PostgresFixture.User,
                ["password"] = new JsonObject { ["type"] = "SecureString", ["value"] = PostgresFixture.Password },
            });
    }

    public async ValueTask DisposeAsync()
    {
        _data.Dispose();
        _stores.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(FilePairs))]
    public async Task Copy_BinaryFile_ArrivesWhole(string from, string to)
    {
        var content = RandomNumberGenerator.GetBytes(9 << 20);
        await PutAsync(from, "in/x.bin", content);
        _data.Dataset("In", "Binary", Location(from, "in", "x.bin"), from).Dataset("Out", "Binary", Location(to, "out", "y.bin"), to);

        var output = await _data.RunAsync(
            "Copy", """{"source":{"type":"BinarySource"},"sink":{"type":"BinarySink"},"validateDataConsistency":true}""", "In", "Out");

        Assert.Equal(content, await GetAsync(to, "out/y.bin"));
        Assert.Equal(content.Length, (int)output["dataRead"]!);
        Assert.Equal(content.Length, (int)output["dataWritten"]!);
        Assert.Equal("Verified", (string?)output["dataConsistencyVerification"]!["VerificationResult"]);
    }

    [Theory]
    [MemberData(nameof(TablePairs))]
    public async Task Copy_Table_ArrivesWhole(string from, string to)
    {
        await PutTableAsync(from);
        _data.Dataset("In", Type(from), Table(from, "in"), from).Dataset("Out", Type(to), Table(to, "out"), to);

        var output = await _data.RunAsync(
            "Copy",
            """{"source":{"type":"DelimitedTextSource"},"sink":{"type":"DelimitedTextSink","tableOption":"autoCreate"}}""",
            "In",
            "Out");

        Assert.Equal(["1|Ann|0.25", "2|B, \"b\"|-", "3|Zoë|-7"], await TakeTableAsync(to));
        Assert.Equal(3, (int)output["rowsRead"]!);
        Assert.Equal(3, (int)output["rowsCopied"]!);
    }

    [Fact]
    public async Task Copy_PostgresRefusesARow_WritesNothingOrSkipsIt()
    {
        await ExecuteAsync($"CREATE TABLE {_name} (\"Id\" integer PRIMARY KEY, \"Name\" text, \"Ratio\" numeric(30, 20) CHECK (\"Ratio\" < 10))");
        await ExecuteAsync($"INSERT INTO {_name} VALUES (9, 'old', 1)");
        _data.Write("in/t.csv", "Id,Name,Ratio\n1,a,0.12345678901234567891\n1,b,1\n2,c,11\n3,d,2\n")
            .Dataset("In", "DelimitedText", Table("Folder", "in"), "Folder").Dataset("Out", "PostgreSqlV2Table", Table("Postgres", "in"), "Postgres");
        const string Sides = """ "source":{"type":"DelimitedTextSource"},"sink":{"type":"AzurePostgreSqlSink","preCopyScript":"DELETE FROM NAME"}""";
        var sides = Sides.Replace("NAME", _name, StringComparison.Ordinal);

        var failure = await Assert.ThrowsAsync<ActivityException>(() => _data.RunAsync("Copy", "{" + sides + "}", "In", "Out"));
        var before = await QueryAsync($"SELECT \"Name\" FROM {_name}");
        var output = await _data.RunAsync("Copy", "{" + sides + ""","enableSkipIncompatibleRow":true}""", "In", "Out");

        Assert.Equal("2200", failure.ActivityErrorCode);
        Assert.Equal(["old"], before);
        Assert.Equal(
            ["1|0.12345678901234567891", "3|2.00000000000000000000"],
            await QueryAsync($"SELECT \"Id\", \"Ratio\"::text FROM {_name} ORDER BY 1"));
        Assert.Equal(2, (int)output["rowsSkipped"]!);
    }

    [Fact]
    public async Task OtherActivities_OverAzurite_SeeContainersAndFolders()
    {
        await PutAsync("Blob", "in/a.csv", "x\n1\n"u8.ToArray());
        await PutAsync("Blob", "in/sub/b.csv", "x\n2\n"u8.ToArray());
        _data.Dataset("Folder1", "DelimitedText", Location("Blob", "in", ""), "Blob").Dataset("None", "Binary", Location("Blob", "nowhere", ""), "Blob");

        var metadata = await _data.RunAsync("GetMetadata", """{"dataset":{"referenceName":"Folder1"},"fieldList":["childItems","exists","itemType"]}""");
        var none = await _data.RunAsync("GetMetadata", """{"dataset":{"referenceName":"None"},"fieldList":["exists"]}""");
        var lookup = await _data.RunAsync("Lookup", """{"source":{"type":"DelimitedTextSource"},"dataset":{"referenceName":"Folder1"},"firstRowOnly":false}""");
        var deleted = await _data.RunAsync("Delete", """{"dataset":{"referenceName":"Folder1"},"storeSettings":{"recursive":true}}""");

        Assert.Equal("""[{"name":"a.csv","type":"File"},{"name":"sub","type":"Folder"}]""", metadata["childItems"]!.ToJsonString());
        Assert.False((bool)none["exists"]!);
        Assert.Equal(4, (int)lookup["count"]!);
        Assert.Equal(2, (int)deleted["filesDeleted"]!);
    }

    private static TheoryData<string, string> Pairs(string[] from, string[] to)
    {
        var pairs = new TheoryData<string, string>();
        foreach (var source in from)
        {
            foreach (var sink in to)
            {
                pairs.Add(source, sink);
            }
        }

        return pairs;
    }

    private static string Type(string store) => store switch
    {
        "Sqlite" => "AzureSqlTable",
        "Postgres" => "PostgreSqlV2Table",
        "Rest" => "RestResource",
        _ => "DelimitedText",
    };

    private string Table(string store, string side) => store switch
    {
        "Sqlite" => $$"""{"schema":"dbo","table":"{{side}}"}""",
        "Postgres" => $$"""{"schema":"public","table":"{{(side == "in" ? _name : _name + side)}}"}""",
        "Rest" => """{"relativeUrl":"table.json"}""",
        _ => Location(store, side, "t.csv")[..^1] + ""","firstRowAsHeader":true,"rowDelimiter":"\n"}""",
    };

    private string Location(string store, string folder, string file) => store switch
    {
        "Http" => $$"""{"location":{"type":"HttpServerLocation","relativeUrl":"{{folder}}/{{file}}"} }""",
        "Folder" => $$"""{"location":{"type":"FileServerLocation","folderPath":"{{folder}}","fileName":"{{file}}"} }""",
        "Lake" => $$"""{"location":{"type":"AzureBlobFSLocation","fileSystem":"{{_name}}","folderPath":"{{folder}}","fileName":"{{file}}"} }""",
        _ => $$"""{"location":{"type":"AzureBlobStorageLocation","container":"{{_name}}","folderPath":"{{folder}}","fileName":"{{file}}"} }""",
    };

    private async Task PutAsync(string store, string path, byte[] content)
    {
        switch (store)
        {
            case "Folder":
                _data.Write(path, content);
                break;
            case "Http":
                _server.Add(path, content);
                break;
            default:
                await using (var upload = await _stores.Open(azurite.ConnectionString).OpenWriteAsync($"{_name}/{path}", Cancellation))
                {
                    await upload.Stream.WriteAsync(content, Cancellation);
                    await upload.CommitAsync(Cancellation);
                }

                break;
        }
    }

    private async Task<byte[]> GetAsync(string store, string path)
    {
        if (store == "Folder")
        {
            return await File.ReadAllBytesAsync(Path.Combine(_data.Folder, path), Cancellation);
        }

        await using var stream = await _stores.Open(azurite.ConnectionString).OpenReadAsync($"{_name}/{path}", 0, Cancellation);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, Cancellation);
        return bytes.ToArray();
    }

    private async Task PutTableAsync(string store)
    {
        var schema = new TableSchema(
        [
            new TableField { Name = "Id", Type = ColumnType.Int64 },
            new TableField { Name = "Name", Type = ColumnType.String },
            new TableField { Name = "Ratio", Type = ColumnType.Double },
        ]);
        object?[][] rows = [[1L, "Ann", 0.25], [2L, "B, \"b\"", null], [3L, "Zoë", -7.0]];
        switch (store)
        {
            case "Sqlite":
                await _data.FillAsync("in", schema, rows);
                break;
            case "Postgres":
                await using (var sink = await _data.Tables.OpenSinkAsync(Postgres, new SqlTarget { Table = _name }, schema, Cancellation))
                {
                    await sink.WriteAsync(TableBatches.FromRows(schema, rows), Cancellation);
                    await sink.CompleteAsync(Cancellation);
                }

                break;
            case "Rest":
                _server.Add("table.json", """[{"Id":1,"Name":"Ann","Ratio":0.25},{"Id":2,"Name":"B, \"b\"","Ratio":null},{"Id":3,"Name":"Zoë","Ratio":-7}]"""u8.ToArray());
                break;
            default:
                await PutAsync(store, "in/t.csv", Encoding.UTF8.GetBytes(Csv));
                break;
        }
    }

    private async Task<string[]> TakeTableAsync(string store) => store switch
    {
        "Sqlite" => await _data.QueryAsync("SELECT Id, Name, Ratio FROM out ORDER BY Id"),
        "Postgres" => await QueryAsync($"SELECT \"Id\", \"Name\", \"Ratio\" FROM {_name}out ORDER BY 1"),
        _ => [.. Encoding.UTF8.GetString(await GetAsync(store, "out/t.csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Replace("""
            "B, \"b\""
            """, "B; b", StringComparison.Ordinal).Split(','))
            .Select(fields => string.Join('|', fields.Select(field => field.Length == 0 ? "-" : field == "B; b" ? "B, \"b\"" : field)))],
    };

    private SqlConnectionSettings Postgres => new()
    {
        Server = postgres.Server,
        Database = PostgresFixture.Database,
        User = PostgresFixture.User,
        Password = PostgresFixture.Password,
    };

    private Task<string[]> QueryAsync(string query) => _data.QueryAsync(query, Postgres);

    private async Task ExecuteAsync(string statement)
    {
        await using var connection = new Npgsql.NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new Npgsql.NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
