using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Auspex.TestKit;
using Auspex.TestKit.Connectors;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Auspex.Tests.Connectors.Sql;

public sealed class SqliteTablesTests : SqlTableContract, IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly TemporaryFolder _outside = new();

    public SqliteTablesTests()
    {
        Tables = new SqlTables(new SqlTablesOptions { FileRoots = [_root.Path] });
        Settings = new SqlConnectionSettings { Server = "sqlite:data.db" };
    }

    protected override SqlTables Tables { get; }

    protected override SqlConnectionSettings Settings { get; }

    public void Dispose()
    {
        _root.Dispose();
        _outside.Dispose();
    }

    protected override ColumnType ReadBack(ColumnType type) => type == ColumnType.Int32 ? ColumnType.Int64 : type;

    protected override async Task ExecuteAsync(string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={_root.File("data.db")};Pooling=False");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    [Fact]
    public async Task OpenSourceAsync_FileOutsideTheRoots_IsForbidden()
    {
        File.CreateSymbolicLink(_root.File("link.db"), _outside.File("x.db"));

        foreach (var path in new[] { _outside.File("x.db"), "../x.db", "link.db" })
        {
            var error = await Assert.ThrowsAsync<SqlTableException>(
                () => Tables.OpenSourceAsync(Settings with { Server = "sqlite:" + path }, "SELECT 1", Cancellation));
            Assert.Equal(SqlTableError.Forbidden, error.Error);
        }
    }

    [Fact]
    public async Task OpenSourceAsync_StatementsThatReachOtherFiles_Fail()
    {
        await ExecuteAsync("CREATE TABLE t (n INT)");
        var other = _outside.File("other.db");

        foreach (var statement in new[] { $"ATTACH '{other}' AS o; SELECT 1", $"VACUUM INTO '{other}'", "DELETE FROM t; SELECT 1", "CREATE TABLE u (n INT)" })
        {
            await FailsAsync(statement);
        }

        Assert.False(File.Exists(other));
    }

    [Fact]
    public async Task OpenSourceAsync_FolderAndDatabaseName_MakeThePath()
    {
        await ExecuteAsync("CREATE TABLE t (n INT)");

        await using var source = await Tables.OpenSourceAsync(
            new SqlConnectionSettings { Server = $"sqlite:{_root.Path}", Database = "data.db" }, "SELECT n FROM t", Cancellation);

        Assert.Equal(ColumnType.Int64, source.Schema.Fields[0].Type);
    }

    [Fact]
    public async Task OpenSourceAsync_NoSuchFileOrNoDatabase_SaysSo()
    {
        Assert.Equal(SqlTableError.Missing, (await FailsAsync("SELECT 1")).Error);
        await File.WriteAllTextAsync(_root.File("data.db"), new string('x', 5000), Cancellation);
        Assert.Equal(SqlTableError.Settings, (await FailsAsync("SELECT * FROM t")).Error);
    }

    [Fact]
    public async Task OpenSourceAsync_ValuesThatBelieTheirDeclaration_DecideTheType()
    {
        await ExecuteAsync("CREATE TABLE t (d DATE, i INTEGER, b BOOLEAN, x)");
        await ExecuteAsync("INSERT INTO t VALUES ('last week', 'many', 1, 1), (NULL, 2, 0, 2.5)");

        var table = await QueryAsync("SELECT * FROM t");

        Assert.Equal(
            [ColumnType.String, ColumnType.String, ColumnType.Boolean, ColumnType.Double], table.Schema.Fields.Select(field => field.Type));
        Assert.Equal(["last week", "many", "True", "1"], Texts(table, 0));
        Assert.Equal([null, "2", "False", "2.5"], Texts(table, 1));
    }

    [Fact]
    public async Task ReadAsync_LaterValueOfAnotherType_SaysRowAndColumn()
    {
        await ExecuteAsync("CREATE TABLE t (x)");
        await ExecuteAsync("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO t SELECT i FROM n");
        await ExecuteAsync("INSERT INTO t VALUES ('secret')");

        var error = await FailsAsync("SELECT x FROM t");

        Assert.Equal(SqlTableError.Type, error.Error);
        Assert.Contains("Row 2001 of the query, column 'x'", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
