using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class SplitDataModuleTests
{
    private const string Module = "Split Data";
    private const string Mode = "Splitting mode";
    private const string Fraction = "Fraction of rows in the first output dataset";

    private static readonly TableBatch Hundred = ModuleRuns.Batch(
        [ModuleRuns.Field("n", ColumnType.Int32), ModuleRuns.Field("g", ColumnType.String)],
        [.. Enumerable.Range(0, 100).Select(n => new object?[] { n, n % 10 == 0 ? "rare" : n % 10 == 1 ? null : "often" })]);

    [Theory]
    [InlineData(100, "0.75", 75)]
    [InlineData(100, "0", 0)]
    [InlineData(100, "1", 100)]
    [InlineData(1, "0.5", 0)]
    [InlineData(3, "0.5", 2)]
    [InlineData(5, "0.5", 2)]
    public async Task Run_Fraction_GivesRoundedRowsOfBoth(int rows, string fraction, int expected)
    {
        var (first, second) = await SplitAsync(Hundred.Slice(0, rows), (Fraction, fraction), ("Random seed", "7"));

        Assert.Equal(expected, first.Length);
        Assert.Equal(Enumerable.Range(0, rows), first.Concat(second).Order());
        Assert.Equal(first.Order(), first);
    }

    [Fact]
    public async Task Run_SameSeed_GivesTheSameRowsForEver()
    {
        var (first, _) = await SplitAsync(Hundred.Slice(0, 20), (Fraction, "0.25"), ("Random seed", "12345"));

        Assert.Equal("1,3,5,14,19", string.Join(',', first));
        Assert.Equal(first, (await SplitAsync(Hundred.Slice(0, 20), (Fraction, "0.25"), ("Random seed", "12345"))).First);
        Assert.NotEqual(first, (await SplitAsync(Hundred.Slice(0, 20), (Fraction, "0.25"), ("Random seed", "12346"))).First);
    }

    [Fact]
    public async Task Run_SeedZero_NotesTheSeedItUsed()
    {
        var context = await ModuleRuns.RunAsync(Module, [Hundred], []);

        Assert.Contains("Random seed 639", Assert.Single(context.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NotRandomized_TakesTheHead()
    {
        var (first, second) = await SplitAsync(Hundred, (Fraction, "0.3"), ("Randomized split", "False"));

        Assert.Equal(Enumerable.Range(0, 30), first);
        Assert.Equal(Enumerable.Range(30, 70), second);
    }

    [Fact]
    public async Task Run_Stratified_SplitsEveryStratum()
    {
        var context = await ModuleRuns.RunAsync(
            Module, [Hundred], [(Fraction, "0.5"), ("Stratified split", "True"), ("Stratification key column", "g"), ("Random seed", "1")]);

        var groups = ModuleRuns.Texts(ModuleRuns.Table(context, "Results dataset1"), "g");
        Assert.Equal(5, groups.Count(group => group == "rare"));
        Assert.Equal(5, groups.Count(group => group is null));
        Assert.Equal(40, groups.Count(group => group == "often"));
        Assert.Equal("rare", groups[0]);
        Assert.Null(groups[5]);
    }

    [Theory]
    [InlineData("\\\"n\" > 97", "98,99")]
    [InlineData("\\\"n\" >=98 & != 99", "98")]
    [InlineData("(\\0)<=3 & !=2", "0,1,3")]
    [InlineData("\"n\" < 1 | > 98", "0,99")]
    [InlineData("\\\"n\" < 1 | == 50 & > 60 | = 7", "0,7")]
    [InlineData("\\\"n\" < 2 & \\\"n\" > 0", "1")]
    [InlineData("\\\"n\" > 98.5", "99")]
    [InlineData("\\\"g\" == rare & != often", "0,10,20,30,40,50,60,70,80,90")]
    public async Task Run_RelativeExpression_PicksRows(string expression, string expected)
    {
        var (first, second) = await SplitAsync(Hundred, (Mode, "Relative Expression"), ("Relational expression", expression));

        Assert.Equal(expected, string.Join(',', first));
        Assert.Equal(100, first.Length + second.Length);
    }

    [Fact]
    public async Task Run_RelativeExpression_ComparesTimesAndSkipsMissing()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("n", ColumnType.Int32), ModuleRuns.Field("Date", ColumnType.DateTime), ModuleRuns.Field("Elapsed", ColumnType.TimeSpan), ModuleRuns.Field("x", ColumnType.Double)],
            [0, new DateTime(2009, 1, 1), TimeSpan.FromSeconds(45), double.NaN],
            [1, new DateTime(2010, 1, 2), TimeSpan.FromSeconds(61), 1.0],
            [2, null, null, null]);

        Assert.Equal("1", await FirstAsync("\\\"Date\" > 1/1/2010"));
        Assert.Equal("0", await FirstAsync("\\\"Elapsed\" <00:01:00 & >00:00:30"));
        Assert.Equal("0", await FirstAsync("\\\"x\" != 1"));

        async Task<string> FirstAsync(string expression) => string.Join(
            ',', (await SplitAsync(table, (Mode, "Relative Expression"), ("Relational expression", expression))).First);
    }

    [Theory]
    [InlineData("\\\"g\" ^r", "0,10,20,30,40,50,60,70,80,90")]
    [InlineData("(\\1) (?i)^RARE$", "0,10,20,30,40,50,60,70,80,90")]
    [InlineData("\\\"n\" ^9[89]$", "98,99")]
    public async Task Run_RegularExpression_PicksRows(string expression, string expected)
    {
        var (first, _) = await SplitAsync(Hundred, (Mode, "Regular Expression"), ("Regular expression", expression));

        Assert.Equal(expected, string.Join(',', first));
    }

    [Fact]
    public async Task Run_ColumnNameWithQuotes_IsFound()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Field("n", ColumnType.Int32), ModuleRuns.Field("a \"b\" ü", ColumnType.Int32)], [0, 5], [1, 6]);

        var (first, _) = await SplitAsync(table, (Mode, "Relative Expression"), ("Relational expression", "\\\"a \"b\" ü\" > 5"));

        Assert.Equal([1], first);
    }

    [Fact]
    public async Task Run_NoRowsByExpression_GivesTwoEmptyTables()
    {
        var (first, second) = await SplitAsync(Hundred.Slice(0, 0), (Mode, "Relative Expression"), ("Relational expression", "\\\"n\" > 1"));

        Assert.Empty(first);
        Assert.Empty(second);
    }

    [Theory]
    [InlineData(8, Fraction, "1.1")]
    [InlineData(8, Fraction, "-1")]
    [InlineData(2, Fraction, "half")]
    [InlineData(2, "Random seed", "1.5")]
    public async Task Run_ParameterThatDoesNotFit_IsError(int number, string parameter, string value) =>
        await ModuleRuns.FailAsync(number, Module, [Hundred], (parameter, value));

    [Theory]
    [InlineData(2, "Relative Expression", "Relational expression", "n > 1")]
    [InlineData(2, "Relative Expression", "Relational expression", "\\\"n\" like 1")]
    [InlineData(2, "Relative Expression", "Relational expression", "\\\"n\" > x")]
    [InlineData(2, "Relative Expression", "Relational expression", "\\\"n\" > 1 & \\\"g\" == a")]
    [InlineData(1, "Relative Expression", "Relational expression", "\\\"m\" > 1")]
    [InlineData(1, "Relative Expression", "Relational expression", "(\\2) > 1")]
    [InlineData(17, "Relative Expression", "Relational expression", "\\\"g\" > 1")]
    [InlineData(2, "Regular Expression", "Regular expression", "\\\"g\" (")]
    [InlineData(2, "Regular Expression", "Regular expression", "\\\"g\"")]
    [InlineData(1, "Regular Expression", "Regular expression", "\\\"h\" x")]
    public async Task Run_ExpressionThatDoesNotFit_IsError(int number, string mode, string parameter, string expression) =>
        await ModuleRuns.FailAsync(number, Module, [Hundred], (Mode, mode), (parameter, expression));

    [Fact]
    public async Task Run_NoRows_IsError21() => await ModuleRuns.FailAsync(21, Module, [Hundred.Slice(0, 0)]);

    [Fact]
    public async Task Run_StratifiedBySeveralColumns_IsError22() => await ModuleRuns.FailAsync(
        22, Module, [Hundred], ("Stratified split", "True"), ("Stratification key column", "n,g"));

    private static async Task<(int[] First, int[] Second)> SplitAsync(TableBatch table, params (string, string)[] parameters)
    {
        var context = await ModuleRuns.RunAsync(Module, [table], parameters);
        return (Rows("Results dataset1"), Rows("Results dataset2"));

        int[] Rows(string port) => [.. ModuleRuns.Numbers(ModuleRuns.Table(context, port), "n").Select(number => (int)number)];
    }
}
