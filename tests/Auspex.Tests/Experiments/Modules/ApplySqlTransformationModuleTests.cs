using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class ApplySqlTransformationModuleTests
{
    private const string Module = "Apply SQL Transformation";
    private const string Script = "SQL Query Script";

    private static readonly TableBatch People = ModuleRuns.Batch(
        [
            ModuleRuns.Field("id", ColumnType.Int32),
            ModuleRuns.Field("pay-rate", ColumnType.Double),
            ModuleRuns.Category("job", "none", "clerk") with { Role = ColumnRole.Label },
            ModuleRuns.Field("ok", ColumnType.Boolean),
            ModuleRuns.Field("born", ColumnType.DateTime),
            ModuleRuns.Field("took", ColumnType.TimeSpan),
            ModuleRuns.Field("Straße \"x\"", ColumnType.String),
            ModuleRuns.Field("big", ColumnType.Int64),
        ],
        [1, 2.5, "clerk", true, new DateTime(2000, 1, 2, 3, 4, 5, 678), new TimeSpan(1, 2, 3), "ü, \"q\"", 3_000_000_000L],
        [2, double.PositiveInfinity, "none", false, null, null, "", null],
        [3, null, null, null, new DateTime(1999, 12, 31), TimeSpan.FromDays(-2), null, 1L]);

    [Fact]
    public async Task Run_Default_GivesTheTableBackWithoutRolesAndCategories()
    {
        var output = await ModuleRuns.OutputAsync(Module, [People]);

        Assert.Equal(ModuleRuns.Names(People), ModuleRuns.Names(output));
        Assert.Equal(People.Schema.Fields.Select(field => field.Type), output.Schema.Fields.Select(field => field.Type));
        Assert.All(output.Schema.Fields, field => Assert.False(field.IsCategorical));
        Assert.Equal(-1, output.Schema.LabelIndex);
        foreach (var name in ModuleRuns.Names(People))
        {
            Assert.Equal(ModuleRuns.Texts(People, name), ModuleRuns.Texts(output, name));
        }
    }

    [Fact]
    public async Task Run_ThreeTables_JoinAsT1ToT3()
    {
        var output = await ModuleRuns.OutputAsync(
            Module,
            [People, ModuleRuns.Single("id", ColumnType.Int32, 2, 3), ModuleRuns.Single("id", ColumnType.Int32, 3)],
            (Script, "select t1.id, count(*) as n, avg(t1.\"pay-rate\") a from t1 join t2 on t1.id=t2.id join t3 on t3.id=t2.id group by t1.id"));

        Assert.Equal(["id", "n", "a"], ModuleRuns.Names(output));
        Assert.Equal(["3"], ModuleRuns.Texts(output, "id"));
        Assert.Equal(ColumnType.Int32, output.Schema.Fields[1].Type);
        Assert.Equal([null], ModuleRuns.Texts(output, "a"));
    }

    [Fact]
    public async Task Run_Expressions_TakeTheirTypeFromTheirValues()
    {
        var output = await ModuleRuns.OutputAsync(
            Module,
            [People],
            (Script, "select id + 3000000000 a, id / 2.0 b, ok + 1 c, strftime('%Y', born) d, case id when 1 then 1 when 2 then 'x' else 2.5 end e, id, id from t1"));

        Assert.Equal(
            [ColumnType.Int64, ColumnType.Double, ColumnType.Int32, ColumnType.String, ColumnType.String, ColumnType.Int32, ColumnType.Int32],
            output.Schema.Fields.Select(field => field.Type));
        Assert.Equal(["1", "x", "2.5"], ModuleRuns.Texts(output, "e"));
        Assert.Equal(["2000", null, "1999"], ModuleRuns.Texts(output, "d"));
        Assert.Equal(["id", "id (1)"], ModuleRuns.Names(output)[^2..]);
    }

    [Fact]
    public async Task Run_SeveralStatements_GiveTheLastRows()
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [People], (Script, "-- first\ncreate temp table x as select id from t1; delete from x where id = 2; select * from x;;\n -- end"));

        Assert.Equal(["1", "3"], ModuleRuns.Texts(output, "id"));
    }

    [Fact]
    public async Task Run_NoRows_KeepsColumnsAndTypes()
    {
        var output = await ModuleRuns.OutputAsync(Module, [People], (Script, "select id, born, 1 as one from t1 where 0"));

        Assert.Equal(0, output.RowCount);
        Assert.Equal(
            [ColumnType.Int32, ColumnType.DateTime, ColumnType.String], output.Schema.Fields.Select(field => field.Type));
    }

    [Theory]
    [InlineData(69, "select from")]
    [InlineData(69, "select * from t2")]
    [InlineData(69, "create temp table x (a)")]
    [InlineData(69, "attach database '/tmp/other.db' as o; select 1")]
    [InlineData(69, "ATTACH/**/':memory:' AS o")]
    [InlineData(69, "vacuum into '/tmp/copy.db'")]
    [InlineData(69, "pragma table_info(t1)")]
    [InlineData(69, "select load_extension('x')")]
    [InlineData(69, "select * from pragma_database_list")]
    [InlineData(1, "select wage from t1")]
    [InlineData(3, "")]
    public async Task Run_ScriptThatMayNotOrCannot_IsError(int number, string script) =>
        await ModuleRuns.FailAsync(number, Module, [People], (Script, script));

    [Fact]
    public async Task Run_Unconnected_IsError3() => await ModuleRuns.FailAsync(3, Module, []);

    [Fact]
    public async Task Run_ColumnsThatDifferInCaseOnly_IsError69() => await ModuleRuns.FailAsync(
        69, Module, [ModuleRuns.Batch([ModuleRuns.Field("a", ColumnType.Int32), ModuleRuns.Field("A", ColumnType.Int32)], [1, 2])]);
}
