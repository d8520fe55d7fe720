using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.TestKit.Connectors;
using Auspex.TestKit.Services;
using Npgsql;
using Xunit;

namespace Auspex.Scenarios.Connectors;

public sealed class PostgresTablesTests(PostgresFixture postgres) : SqlTableContract, IAsyncLifetime
{
    protected override SqlTables Tables { get; } = new(new SqlTablesOptions());

    protected override SqlConnectionSettings Settings => new()
    {
        Server = postgres.Server,
        Database = PostgresFixture.Database,
        User = PostgresFixture.User,
        Password = PostgresFixture.Password,
    };

    public async ValueTask InitializeAsync() => await postgres.EnsureStartedAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected override async Task ExecuteAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(statement, connection);
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
        Assert.Equal(SqlTableError.Missing, noDatabase.Error);
    }

    [Fact]
    public async Task OpenSourceAsync_NobodyListening_IsUnavailable()
    {
        var error = await Assert.ThrowsAsync<SqlTableException>(() => Tables.OpenSourceAsync(
            Settings with { Server = $"postgres://127.0.0.1:{ServiceProcess.FreePort()}" }, "SELECT 1", Cancellation));

        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task OpenSourceAsync_TypesOfTheServer_BecomeOurs()
    {
        var table = await QueryAsync(
            "SELECT 1::smallint, 2.50::numeric(10,2), 1.5::real, date '2020-01-02', timestamptz '2020-01-02 03:04:05+02', time '01:02:03', "
            + "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '{\"a\": 1}'::jsonb, '\\x01ff'::bytea, 'x'::varchar(3), array[1,2]");

        Assert.Equal(
            [
                "1", "2.5", "1.5", "2020-01-02T00:00:00", "2020-01-02T01:04:05", "01:02:03", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "{\"a\": 1}",
                "0x01FF", "x", "1,2",
            ],
            Texts(table, 0));
        Assert.Equal(ColumnType.Int32, table.Schema.Fields[0].Type);
        Assert.Equal(ColumnType.Double, table.Schema.Fields[1].Type);
    }

    [Fact]
    public async Task CompleteAsync_TableOfOtherTypesAndCase_TakesWhatTheServerCanRead()
    {
        await ExecuteAsync($"CREATE TABLE {Table} (Amount numeric(10,2), On_ date, Code varchar(5), Flag text)");
        var schema = new TableSchema(
        [
            new TableField { Name = "Amount", Type = ColumnType.Double },
            new TableField { Name = "On_", Type = ColumnType.DateTime },
            new TableField { Name = "Code", Type = ColumnType.Int32 },
            new TableField { Name = "Flag", Type = ColumnType.Boolean },
        ]);

        await WriteAsync(
            new SqlTarget { Table = "PUBLIC." + Table.ToUpperInvariant() }, TableBatches.FromRows(schema, [2.505, new DateTime(2020, 1, 2, 3, 4, 5), 12345, true]));

        Assert.Equal(["2.51", "2020-01-02T00:00:00", "12345", "True"], Texts(await QueryAsync($"SELECT * FROM {Table}"), 0));
    }

    [Fact]
    public async Task WriteAsync_ValueThatDoesNotFit_SaysColumnAndNoValue()
    {
        await ExecuteAsync($"CREATE TABLE {Table} (n integer)");
        var schema = new TableSchema([new TableField { Name = "n", Type = ColumnType.String }]);

        var error = await Assert.ThrowsAsync<SqlTableException>(
            () => WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(schema, ["1"], ["secret"])));

        Assert.Equal(SqlTableError.Type, error.Error);
        Assert.Contains("line 2 of the copy, column 'n'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await QueryAsync($"SELECT n FROM {Table}")).RowCount);
    }
}
