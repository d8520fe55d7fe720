using System.Data;
using Auspex.Connectors.Http;
using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.TestKit.Connectors;
using Auspex.TestKit.Services;
using MySqlConnector;
using Xunit;

namespace Auspex.Scenarios.Connectors;

public sealed class MySqlTablesTests(MariaDbFixture server) : SqlTableContract, IAsyncLifetime
{
    protected override SqlTables Tables { get; } = new(new SqlTablesOptions());

    protected override SqlConnectionSettings Settings => new()
    {
        Server = server.ServerName,
        Database = MariaDbFixture.Database,
        User = MariaDbFixture.User,
        Password = MariaDbFixture.Password,
    };

    public async ValueTask InitializeAsync() => await server.EnsureStartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task ExecuteAsync(string statement)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)server.Port,
            Database = MariaDbFixture.Database,
            UserID = MariaDbFixture.User,
            Password = MariaDbFixture.Password,
            Pooling = false,
        }.ToString());
        await connection.OpenAsync(Cancellation);
        await using var command = new MySqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    [Fact]
    public async Task OpenSourceAsync_WrongPasswordOrDatabase_SaysWhich()
    {
        var wrongPassword = await Assert.ThrowsAsync<SqlTableException>(
            () => Tables.OpenSourceAsync(Settings with { Password = "not-it" }, "SELECT 1", Cancellation));
        var noDatabase = await Assert.ThrowsAsync<SqlTableException>(
            () => Tables.OpenSourceAsync(Settings with { Database = "nowhere" }, "SELECT 1", Cancellation));

        Assert.Equal(SqlTableError.Forbidden, wrongPassword.Error);
        Assert.DoesNotContain("not-it", wrongPassword.ToString(), StringComparison.Ordinal);
        Assert.Contains(noDatabase.Error, new[] { SqlTableError.Missing, SqlTableError.Forbidden });
    }

    [Fact]
    public async Task OpenSourceAsync_NobodyListeningOrNotAllowed_IsUnavailableOrForbidden()
    {
        var strict = new SqlTables(new SqlTablesOptions { Outbound = new OutboundOptions { AllowedHosts = ["example.com"] } });

        var nobody = await Assert.ThrowsAsync<SqlTableException>(() => Tables.OpenSourceAsync(
            Settings with { Server = $"mysql://127.0.0.1:{ServiceProcess.FreePort()}" }, "SELECT 1", Cancellation));
        var refused = await Assert.ThrowsAsync<SqlTableException>(() => strict.OpenSourceAsync(Settings, "SELECT 1", Cancellation));

        Assert.True(nobody.IsTransient);
        Assert.Equal(SqlTableError.Forbidden, refused.Error);
    }

    [Fact]
    public async Task OpenSourceAsync_TypesOfTheServer_BecomeOurs()
    {
        await ExecuteAsync(
            $"CREATE TABLE {Table} (a smallint, b decimal(65,30), c float, d date, e timestamp NULL, f time, g json, h varbinary(4), i varchar(3), "
            + "j bigint unsigned, k bit(1), l year, m enum('x','y'))");
        await ExecuteAsync(
            $"INSERT INTO {Table} VALUES (1, 12345678901234567890123456789012345.5, 1.5, '2020-01-02', '2020-01-02 03:04:05', '01:02:03', "
            + "'{\"a\": 1}', x'01ff', 'x', 3, b'1', 2024, 'y')");

        var table = await QueryAsync($"SELECT * FROM {Table}");

        Assert.Equal(
            [
                "1", "1.234567890123457E+34", "1.5", "2020-01-02T00:00:00", "2020-01-02T03:04:05", "01:02:03", "{\"a\": 1}", "0x01FF", "x", "3", "1",
                "2024", "y",
            ],
            Texts(table, 0));
        Assert.Equal(ColumnType.Int32, table.Schema.Fields[0].Type);
        Assert.Equal(ColumnType.Double, table.Schema.Fields[1].Type);
    }

    [Fact]
    public async Task WriteAsync_ValueThatDoesNotFit_WritesNothingAndSaysNoValue()
    {
        await ExecuteAsync($"CREATE TABLE {Table} (n varchar(3)) ENGINE=InnoDB");
        var schema = new TableSchema([new TableField { Name = "n", Type = ColumnType.String }]);

        var error = await Assert.ThrowsAsync<SqlTableException>(
            () => WriteAsync(new SqlTarget { Table = Table, RowsPerOperation = 1 }, TableBatches.FromRows(schema, ["1"], ["secret"])));

        Assert.Equal(SqlTableError.Type, error.Error);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await QueryAsync($"SELECT n FROM {Table}")).RowCount);
    }

    [Fact]
    public async Task WriteAsync_RefusedRows_AreLeftOutOneByOne()
    {
        await ExecuteAsync($"CREATE TABLE {Table} (n int PRIMARY KEY, s varchar(3)) ENGINE=InnoDB");
        await ExecuteAsync($"INSERT INTO {Table} VALUES (9, 'old')");
        var schema = new TableSchema([new TableField { Name = "n", Type = ColumnType.Int32 }, new TableField { Name = "s", Type = ColumnType.String }]);
        var refused = new List<string?>();
        var target = new SqlTarget
        {
            Table = Table,
            PreScript = $"DELETE FROM {Table}",
            OnRefusedRow = (row, _) => refused.Add(Texts(row, 0)[0]),
        };

        await WriteAsync(target, TableBatches.FromRows(schema, [1, "a"], [2, "long"], [1, "b"], [3, "c"]));

        Assert.Equal(["2", "1"], refused);
        Assert.Equal(2, (await QueryAsync($"SELECT n FROM {Table}")).RowCount);
    }

    [Fact]
    public async Task DisposeAsync_NewTableAfterAScriptOfDefinitions_TakesBackTheTableAndTheRows()
    {
        await ExecuteAsync($"CREATE TABLE {Table}x (n int) ENGINE=InnoDB");
        var schema = new TableSchema([new TableField { Name = "n", Type = ColumnType.Int32 }]);
        await using (var sink = await Tables.OpenSinkAsync(
            Settings, new SqlTarget { Table = Table + "x", PreScript = $"TRUNCATE TABLE {Table}x" }, schema, Cancellation))
        {
            await sink.WriteAsync(TableBatches.FromRows(schema, [1]), Cancellation);
        }

        Assert.Equal(0, (await QueryAsync($"SELECT n FROM {Table}x")).RowCount);
    }

    [Fact]
    public async Task CallAsync_ProcedureOfTheServer_CommitsWhatItDid()
    {
        await ExecuteAsync($"CREATE TABLE {Table} (n int, s varchar(9)) ENGINE=InnoDB");
        await ExecuteAsync($"CREATE PROCEDURE p{Table} (IN number int, IN word varchar(9)) INSERT INTO {Table} VALUES (number, word)");
        await using (var session = await Tables.OpenSessionAsync(Settings, static _ => { }, TimeProvider.System, Cancellation))
        {
            await session.CallAsync(
                new SqlStatement(
                    $"p{Table}",
                    [new SqlStatementParameter("word", DbType.String, "a'b"), new SqlStatementParameter("number", DbType.Int32, 7)],
                    null),
                Cancellation);
        }

        Assert.Equal(["7", "a'b"], Texts(await QueryAsync($"SELECT n, s FROM {Table}"), 0));
    }
}
