using Auspex.Connectors.Sqlite;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Sqlite;

public sealed class InMemorySqlTests
{
    private static readonly TableBatch Numbers = TableBatches.FromRows(
        new TableSchema([new TableField { Name = "n", Type = ColumnType.Int32 }]),
        [.. Enumerable.Range(0, 1000).Select(n => new object?[] { n })]);

    [Fact]
    public void Run_ResultBeyondItsBound_Fails()
    {
        var failure = Assert.Throws<SqlScriptException>(() => InMemorySql.Run(
            [("t1", Numbers)], "select a.n, b.n from t1 a, t1 b", 1 << 20, TestContext.Current.CancellationToken));

        Assert.Equal(SqlScriptError.TooLarge, failure.Error);
    }

    [Fact]
    public void Run_TablesBeyondTheirBound_Fail()
    {
        var failure = Assert.Throws<SqlScriptException>(() => InMemorySql.Run(
            [("t1", Numbers)],
            "create table big as select a.n x, b.n y from t1 a, t1 b; select 1",
            1 << 20,
            TestContext.Current.CancellationToken));

        Assert.Equal(SqlScriptError.TooLarge, failure.Error);
    }

    [Fact]
    public void Run_Cancelled_StopsTheStatement()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.ThrowsAny<OperationCanceledException>(() => InMemorySql.Run(
            [("t1", Numbers)],
            "select count(*) from t1 a, t1 b, t1 c, t1 d where a.n + b.n + c.n + d.n = 17",
            InMemorySql.DefaultMostBytes,
            source.Token));
    }

    [Fact]
    public void Run_NameWithQuotesAndBlob_IsTaken()
    {
        var result = InMemorySql.Run(
            [("a \"b\"", Numbers)],
            "select x'00ff' as raw, count(*) c from \"a \"\"b\"\"\"",
            InMemorySql.DefaultMostBytes,
            TestContext.Current.CancellationToken);

        Assert.Equal("00FF", ColumnText.Text(result.Columns[0], 0, CellFormat.File));
        Assert.Equal("1000", ColumnText.Text(result.Columns[1], 0, CellFormat.File));
    }
}
