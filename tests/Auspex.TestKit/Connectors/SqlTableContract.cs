using Auspex.Connectors.Sql;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.TestKit.Connectors;

/// <summary>What every database must do for Import Data and Export Data.</summary>
public abstract class SqlTableContract
{
    protected static readonly TableSchema AllTypes = new(
    [
        new TableField { Name = "flag", Type = ColumnType.Boolean },
        new TableField { Name = "small", Type = ColumnType.Int32 },
        new TableField { Name = "big", Type = ColumnType.Int64 },
        new TableField { Name = "number", Type = ColumnType.Double },
        new TableField { Name = "Odd \"name\" [x]", Type = ColumnType.String },
        new TableField { Name = "at", Type = ColumnType.DateTime },
        new TableField { Name = "lasts", Type = ColumnType.TimeSpan },
        new TableField { Name = "level", Type = ColumnType.String, Categories = new CategoryDomain(["hi", "lo"]) },
    ]);

    private static readonly object?[][] Rows =
    [
        [true, 1, long.MaxValue, 0.1, "text", new DateTime(2010, 5, 30, 18, 9, 0), TimeSpan.FromHours(30), "lo"],
        [null, null, null, null, null, null, null, null],
        [false, int.MinValue, long.MinValue, -1.7976931348623157E+308, "\"quoted\", 'x'\r\n\\N\t;é😀", new DateTime(1, 1, 1), TimeSpan.FromTicks(-10), "hi"],
        [false, 0, 0L, 5E-300, "", new DateTime(9999, 12, 31, 23, 59, 59), TimeSpan.Zero, "hi"],
        [true, 7, 8L, 3.0, "\\.", new DateTime(2020, 2, 29), TimeSpan.FromDays(-3.5), "hi"],
        [true, 7, 8L, 3.0, "\\N", new DateTime(2020, 2, 29, 1, 2, 3).AddTicks(1_234_560), TimeSpan.FromSeconds(1.5), "hi"],
    ];

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract SqlTables Tables { get; }

    protected abstract SqlConnectionSettings Settings { get; }

    /// <summary>The column type that a table made by us gives back for a type.</summary>
    protected virtual ColumnType ReadBack(ColumnType type) => type;

    protected string Table { get; } = "t" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task CompleteAsync_NewTable_HoldsEveryTypeAndMissingValue()
    {
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(AllTypes, Rows));

        var table = await QueryAsync($"SELECT * FROM {Table}");

        Assert.Equal(AllTypes.Fields.Select(field => field.Name), table.Schema.Fields.Select(field => field.Name));
        Assert.Equal(AllTypes.Fields.Select(field => ReadBack(field.Type)), table.Schema.Fields.Select(field => field.Type));
        var expected = TableBatches.FromRows(AllTypes, Rows);
        for (var row = 0; row < Rows.Length; row++)
        {
            Assert.Equal(Texts(expected, row), Texts(table, row));
        }
    }

    [Fact]
    public async Task CompleteAsync_ExistingTable_AppendsToMappedColumns()
    {
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(AllTypes, Rows[0]));
        var schema = new TableSchema(
            [new TableField { Name = "a", Type = ColumnType.Int32 }, new TableField { Name = "unused", Type = ColumnType.String }, new TableField { Name = "b", Type = ColumnType.String }]);

        await WriteAsync(
            new SqlTarget { Table = Table, SourceColumns = ["b", "a"], TargetColumns = ["level", "NUMBER"] },
            TableBatches.FromRows(schema, [5, "x", "new"]));

        var table = await QueryAsync($"SELECT level, number, small FROM {Table} ORDER BY number");
        Assert.Equal(2, table.RowCount);
        Assert.Equal(["lo", "0.1", "1"], Texts(table, 0));
        Assert.Equal(["new", "5", null], Texts(table, 1));
    }

    [Fact]
    public async Task CompleteAsync_ManyBatches_KeepsAllRows()
    {
        var schema = new TableSchema([new TableField { Name = "n", Type = ColumnType.Int32 }]);
        await using (var sink = await Tables.OpenSinkAsync(Settings, new SqlTarget { Table = Table }, schema, Cancellation))
        {
            for (var batch = 0; batch < 5; batch++)
            {
                await sink.WriteAsync(
                    TableBatches.FromRows(schema, [.. Enumerable.Range(batch * 4000, 4000).Select(n => new object?[] { n })]), Cancellation);
            }

            await sink.CompleteAsync(Cancellation);
        }

        await using var source = await Tables.OpenSourceAsync(Settings, $"SELECT n FROM {Table} ORDER BY n", Cancellation);
        var table = await source.ReadAllAsync(Cancellation);
        Assert.Equal(20_000, table.RowCount);
        Assert.Equal(19_999, ((Int64Column)table.Columns[0]).Values[^1]);
    }

    [Fact]
    public async Task CompleteAsync_NoRows_MakesAnEmptyTable()
    {
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.Empty(AllTypes));

        var table = await QueryAsync($"SELECT * FROM {Table}");
        Assert.Equal(0, table.RowCount);
        Assert.Equal(AllTypes.Fields.Length, table.Schema.Fields.Length);
    }

    [Fact]
    public async Task DisposeAsync_WithoutCompletion_LeavesNoTrace()
    {
        await using (var sink = await Tables.OpenSinkAsync(Settings, new SqlTarget { Table = Table }, AllTypes, Cancellation))
        {
            await sink.WriteAsync(TableBatches.FromRows(AllTypes, Rows), Cancellation);
        }

        Assert.Equal(SqlTableError.Missing, (await FailsAsync($"SELECT * FROM {Table}")).Error);
    }

    [Fact]
    public async Task WriteAsync_RowThatBreaksAConstraint_WritesNothing()
    {
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(AllTypes, Rows[0]));
        await ExecuteAsync($"CREATE UNIQUE INDEX ix{Table} ON {Table} (small)");

        var error = await Assert.ThrowsAsync<SqlTableException>(
            () => WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(AllTypes, Rows[3], Rows[0])));

        Assert.Equal(SqlTableError.Constraint, error.Error);
        Assert.DoesNotContain("text", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await QueryAsync($"SELECT small FROM {Table}")).RowCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task CompleteAsync_Upsert_UpdatesByKeyAndKeepsOtherColumns(bool byPrimaryKey)
    {
        await MakeKeyedAsync();
        var schema = Keyed("n", "part", "text");
        var target = new SqlTarget { Table = Table, UpsertKeys = byPrimaryKey ? [] : ["PART", "n"] };

        await WriteAsync(target, TableBatches.FromRows(schema, [1, "a", "new"], [1, "b", "fresh"], [3, "c", null]));
        await WriteAsync(target, TableBatches.FromRows(schema, [3, "c", "again"]));

        var table = await QueryAsync($"SELECT n, part, text, kept FROM {Table} ORDER BY n, part");
        Assert.Equal(
            [["1", "a", "new", "k1"], ["1", "b", "fresh", null], ["2", "a", "old2", "k2"], ["3", "c", "again", null]],
            Enumerable.Range(0, table.RowCount).Select(row => Texts(table, row)));
    }

    [Fact]
    public async Task CompleteAsync_UpsertOfKeysAlone_InsertsWhatIsMissing()
    {
        await MakeKeyedAsync();

        await WriteAsync(new SqlTarget { Table = Table, UpsertKeys = [] }, TableBatches.FromRows(Keyed("n", "part"), [2, "a"], [9, "z"]));

        var table = await QueryAsync($"SELECT n, text FROM {Table} ORDER BY n");
        Assert.Equal([["1", "old1"], ["2", "old2"], ["9", null]], Enumerable.Range(0, table.RowCount).Select(row => Texts(table, row)));
    }

    [Fact]
    public async Task CompleteAsync_UpsertWithARepeatedKey_WritesNothing()
    {
        await MakeKeyedAsync();
        var rows = TableBatches.FromRows(Keyed("n", "part", "text"), [1, "a", "x"], [5, "e", "y"], [1, "a", "z"]);

        var error = await Assert.ThrowsAsync<SqlTableException>(() => WriteAsync(new SqlTarget { Table = Table, UpsertKeys = [] }, rows));
        var refused = 0;
        await WriteAsync(new SqlTarget { Table = Table, UpsertKeys = [], OnRefusedRow = (_, _) => refused++ }, rows);

        Assert.Equal(SqlTableError.Constraint, error.Error);
        Assert.Equal(0, refused);
        Assert.Equal(["z", "old2", "y"], (await QueryAsync($"SELECT text FROM {Table} ORDER BY n")) is var table
            ? Enumerable.Range(0, table.RowCount).Select(row => Texts(table, row)[0])
            : []);
    }

    [Fact]
    public async Task OpenSinkAsync_UpsertWithoutAKey_SaysWhatToName()
    {
        var schema = Keyed("n", "text");
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(schema, [1, "x"]));

        var none = await OpenFailsAsync(new SqlTarget { Table = Table, UpsertKeys = [] }, schema);
        var other = await OpenFailsAsync(new SqlTarget { Table = Table, UpsertKeys = ["part"] }, schema);
        var made = new SqlTarget { Table = Table + "made", UpsertKeys = ["n"] };
        await WriteAsync(made, TableBatches.FromRows(schema, [1, "x"]));
        await WriteAsync(made, TableBatches.FromRows(schema, [1, "y"]));

        Assert.Contains("primary key", none.Message, StringComparison.Ordinal);
        Assert.Contains("'part'", other.Message, StringComparison.Ordinal);
        Assert.Equal(["1", "y"], Texts(await QueryAsync($"SELECT n, text FROM {Table}made"), 0));
    }

    private async Task MakeKeyedAsync()
    {
        await ExecuteAsync($"CREATE TABLE {Table} (n INTEGER NOT NULL, part VARCHAR(10) NOT NULL, text VARCHAR(50), kept VARCHAR(10), PRIMARY KEY (n, part))");
        await ExecuteAsync($"INSERT INTO {Table} VALUES (1, 'a', 'old1', 'k1'), (2, 'a', 'old2', 'k2')");
    }

    private static TableSchema Keyed(params string[] columns) => new(
        [.. columns.Select(name => new TableField { Name = name, Type = name == "n" ? ColumnType.Int32 : ColumnType.String })]);

    [Fact]
    public async Task OpenSinkAsync_MappingThatDoesNotFit_SaysHow()
    {
        var schema = new TableSchema([new TableField { Name = "a", Type = ColumnType.Int32 }]);
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(schema, [1]));

        var uneven = await OpenFailsAsync(new SqlTarget { Table = Table, SourceColumns = ["a"], TargetColumns = ["a", "b"] }, schema);
        var noSource = await OpenFailsAsync(new SqlTarget { Table = Table, SourceColumns = ["x"] }, schema);
        var noTarget = await OpenFailsAsync(new SqlTarget { Table = Table, TargetColumns = ["x"] }, schema);
        var noTable = await OpenFailsAsync(new SqlTarget { Table = Table + "x", CreateTable = false }, schema);
        var noName = await OpenFailsAsync(new SqlTarget { Table = "a..b" }, schema);

        Assert.Equal(SqlTableError.Settings, uneven.Error);
        Assert.Equal(SqlTableError.Settings, noSource.Error);
        Assert.Equal(SqlTableError.Missing, noTarget.Error);
        Assert.Contains("'x'", noTarget.Message, StringComparison.Ordinal);
        Assert.Equal(SqlTableError.Missing, noTable.Error);
        Assert.Equal(SqlTableError.Settings, noName.Error);
    }

    [Fact]
    public async Task OpenSourceAsync_QueryThatCannotRun_SaysWhy()
    {
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(AllTypes, Rows));

        Assert.Equal(SqlTableError.Missing, (await FailsAsync("SELECT * FROM no_such_table")).Error);
        Assert.Equal(SqlTableError.Missing, (await FailsAsync($"SELECT no_such_column FROM {Table}")).Error);
        Assert.Equal(SqlTableError.Statement, (await FailsAsync("SELEKT 1")).Error);
    }

    [Fact]
    public async Task OpenSourceAsync_Expressions_HaveTypesAndUniqueNames()
    {
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(AllTypes, Rows[0]));

        var table = await QueryAsync($"SELECT 1 + 1 AS n, 0.5 * number AS n, 'x' AS s, count(*) AS c FROM {Table} GROUP BY number");

        Assert.Equal(["n", "n (1)", "s", "c"], table.Schema.Fields.Select(field => field.Name));
        Assert.Equal(["2", "0.05", "x", "1"], Texts(table, 0));
        Assert.Equal(ColumnType.Double, table.Schema.Fields[1].Type);
    }

    [Fact]
    public async Task ReadAsync_StoppedEarly_CanBeDisposedAndTheTableUsed()
    {
        var schema = new TableSchema([new TableField { Name = "n", Type = ColumnType.Int32 }]);
        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(schema, [.. Enumerable.Range(0, 30_000).Select(n => new object?[] { n })]));

        await using (var source = await Tables.OpenSourceAsync(Settings, $"SELECT n FROM {Table}", Cancellation))
        {
            await using var batches = source.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
            Assert.True(await batches.MoveNextAsync());
        }

        await WriteAsync(new SqlTarget { Table = Table }, TableBatches.FromRows(schema, [1]));
    }

    /// <summary>Runs a statement that gives no rows.</summary>
    protected abstract Task ExecuteAsync(string statement);

    protected async Task WriteAsync(SqlTarget target, TableBatch table)
    {
        await using var sink = await Tables.OpenSinkAsync(Settings, target, table.Schema, Cancellation);
        if (table.RowCount > 0)
        {
            await sink.WriteAsync(table, Cancellation);
        }

        await sink.CompleteAsync(Cancellation);
    }

    protected async Task<TableBatch> QueryAsync(string query)
    {
        await using var source = await Tables.OpenSourceAsync(Settings, query, Cancellation);
        return await source.ReadAllAsync(Cancellation);
    }

    protected Task<SqlTableException> FailsAsync(string query) => Assert.ThrowsAsync<SqlTableException>(() => QueryAsync(query));

    protected static string?[] Texts(TableBatch table, int row) =>
        [.. table.Columns.Select(column => ColumnText.Text(column, row, CellFormat.File))];

    private Task<SqlTableException> OpenFailsAsync(SqlTarget target, TableSchema schema) =>
        Assert.ThrowsAsync<SqlTableException>(() => Tables.OpenSinkAsync(Settings, target, schema, Cancellation));
}
