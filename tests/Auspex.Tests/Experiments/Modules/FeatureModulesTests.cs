using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class FeatureModulesTests
{
    private const string Filter = "Filter Based Feature Selection";
    private const string Components = "Principal Component Analysis";
    private const string Fisher = "Fisher Linear Discriminant Analysis";

    [Fact]
    public async Task Filter_CarPrices_RanksAsStudiosPageDoes()
    {
        var cars = await Tables.LoadSharedAsync("automobile-price.csv");

        var context = await ModuleRuns.RunAsync(Filter, [cars], [("Target column", "highway-mpg"), ("Number of desired features", "5")]);

        var features = ModuleRuns.Table(context, "Features");

        // The page's order but for its last two, which it has equal; the numbers are those of pandas for this file.
        Assert.Equal(["highway-mpg", "city-mpg", "curb-weight", "horsepower", "length", "price"], ModuleRuns.Names(features)[..6]);
        Assert.Equal(0.970952, Tables.Doubles(features, "city-mpg")[0], 1e-6);
        Assert.Equal(0.801099, Tables.Doubles(features, "curb-weight")[0], 1e-6);
        Assert.Equal(0.711963, Tables.Doubles(features, "length")[0], 1e-6);
        Assert.Equal(0.707237, Tables.Doubles(features, "price")[0], 1e-6);
        Assert.Equal(ModuleRuns.Names(features)[..6], ModuleRuns.Names(ModuleRuns.Table(context, "Filtered dataset")));
    }

    [Theory]
    [InlineData("Pearson Correlation")]
    [InlineData("Mutual Information")]
    [InlineData("Kendall Correlation")]
    [InlineData("Spearman Correlation")]
    [InlineData("Chi Squared")]
    [InlineData("Fisher Score")]
    public async Task Filter_EachMethod_PutsTheTellingColumnFirst(string method)
    {
        var table = Tables.Of(
            [Tables.Number("noise"), Tables.Number("telling"), Tables.Number("same"), Tables.Text("text"), Tables.Whole("y")], 200,
            row => [row * 7919 % 200, row, 1.0, "t", row / 50]);

        var context = await ModuleRuns.RunAsync(
            Filter, [table], [("Feature scoring method", method), ("Target column", "y")], ModuleRuns.Services with { Threads = 3 });

        Assert.Equal(["y", "telling"], ModuleRuns.Names(ModuleRuns.Table(context, "Filtered dataset")));
        var features = ModuleRuns.Table(context, "Features");
        Assert.Equal(0, Tables.Doubles(features, "same")[0]);
        Assert.Equal(0, Tables.Doubles(features, "text")[0]);
    }

    [Theory]
    [InlineData("Kendall Correlation", 4.0 / 9)]
    [InlineData("Spearman Correlation", 5 / 9.5)]
    [InlineData("Pearson Correlation", 0.6054055145966812)]
    public async Task Filter_CorrelationsWithTies_FollowTheirFormulas(string method, double expected)
    {
        // By hand: six pairs in order, two out of order, one tied in each column.
        var table = ModuleRuns.Batch([ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("y", ColumnType.Double)], [1.0, 1.0], [2.0, 3.0], [2.0, 2.0], [3.0, 1.0], [4.0, 4.0]);

        var context = await ModuleRuns.RunAsync(Filter, [table], [("Feature scoring method", method), ("Target column", "y")]);

        Assert.Equal(expected, Tables.Doubles(ModuleRuns.Table(context, "Features"), "x")[0], 1e-9);
    }

    [Fact]
    public async Task Filter_CountBased_KeepsColumnsWithEnoughValues()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("few", ColumnType.Int32), ModuleRuns.Field("many", ColumnType.Int32), ModuleRuns.Field("text", ColumnType.String)],
            [0, 1, "a"], [null, 2, null], [3, 3, "b"]);

        var context = await ModuleRuns.RunAsync(
            Filter, [table], [("Feature scoring method", "Count Based"), ("Minimum number of non-zero elements", "2")]);

        Assert.Equal(["many", "text"], ModuleRuns.Names(ModuleRuns.Table(context, "Filtered dataset")));
        Assert.Equal(["3", "2", "1"], ModuleRuns.Table(context, "Features").Columns.Select(column => ColumnText.Text(column, 0, CellFormat.File)));
    }

    [Fact]
    public async Task Filter_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("d", ColumnType.DateTime)], [1.0, null]);

        await ModuleRuns.FailAsync(1, Filter, [table], ("Target column", "none"));
        await ModuleRuns.FailAsync(22, Filter, [table]);
        await ModuleRuns.FailAsync(17, Filter, [table], ("Target column", "d"));
        await ModuleRuns.FailAsync(5, Filter, [table], ("Target column", "x"), ("Number of desired features", "0"));
    }

    [Fact]
    public async Task Filter_EmptyTableAndTenThousandColumns_Work()
    {
        var wide = new TableBatch(
            new TableSchema([.. Enumerable.Range(0, 10_000).Select(i => ModuleRuns.Field($"c{i}", ColumnType.Double))]),
            [.. Enumerable.Range(0, 10_000).Select(i => (Column)new DoubleColumn([i, 1, i % 7], 3, null))],
            3);

        var output = await ModuleRuns.OutputAsync(Filter, [wide], ("Target column", "c5"), ("Number of desired features", "3"));
        var none = await ModuleRuns.OutputAsync(Filter, [wide.Slice(0, 0)], ("Target column", "c5"));

        Assert.Equal(4, output.Columns.Length);
        Assert.Equal(0, none.RowCount);
    }

    [Fact]
    public async Task Components_OfALine_AreTheLine()
    {
        var table = Tables.Of([Tables.Text("id"), Tables.Number("a"), Tables.Number("b")], 5, row => [$"r{row}", row, (row * 2) + 1]);

        var context = await ModuleRuns.RunAsync(Components, [table], [("Selected columns", "a, b"), ("Number of dimensions to reduce to", "2")]);

        var output = ModuleRuns.Table(context, "Results dataset");
        Assert.Equal(["id", "Col1", "Col2"], ModuleRuns.Names(output));
        Assert.Equal(Enumerable.Range(0, 5).Select(row => (row - 2) * System.Math.Sqrt(5)), Tables.Doubles(output, "Col1"), (one, other) => System.Math.Abs(one - other) < 1e-12);
        Assert.All(Tables.Doubles(output, "Col2"), value => Assert.Equal(0, value, 1e-12));
        ModuleRuns.AssertSame(output, ModuleRuns.Reload(context, "PCA Transformation").Bind(table.Schema).Apply(table));
    }

    [Fact]
    public async Task Components_ManyColumns_AreThoseOfTheExactWay()
    {
        // Three directions hold all the variance of 700 columns.
        var random = new Random(3);
        double[][] directions = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Range(0, 700).Select(_ => random.NextDouble() - 0.5).ToArray())];
        var rows = Enumerable.Range(0, 40).Select(_ => new[] { random.NextDouble() * 9, random.NextDouble() * 5, random.NextDouble() * 2 }).ToArray();
        var table = new TableBatch(
            new TableSchema([.. Enumerable.Range(0, 700).Select(i => ModuleRuns.Field($"c{i}", ColumnType.Double))]),
            [.. Enumerable.Range(0, 700).Select(i => (Column)new DoubleColumn([.. rows.Select(row => row.Select((part, k) => part * directions[k][i]).Sum())], 40, null))],
            40);

        var wide = await ModuleRuns.OutputAsync(Components, [table], ("Selected columns", "AllColumns"), ("Number of dimensions to reduce to", "3"));
        var total = table.Columns.Sum(column => Variance(((DoubleColumn)column).Values.ToArray()));

        Assert.Equal(total, wide.Columns.Sum(column => Variance(((DoubleColumn)column).Values.ToArray())), total * 1e-9);
    }

    [Fact]
    public async Task Components_MissingConstantAndCategorical_HaveADefinedOutcome()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("a", ColumnType.Double), ModuleRuns.Field("m", ColumnType.Double), ModuleRuns.Field("c", ColumnType.Double), ModuleRuns.Category("g", "u", "v")],
            [1.0, null, 5.0, "u"], [2.0, null, 5.0, "v"], [null, null, 5.0, null]);

        var output = await ModuleRuns.OutputAsync(Components, [table], ("Selected columns", "AllColumns"), ("Number of dimensions to reduce to", "5"));

        Assert.Equal(5, output.Columns.Length);
        Assert.All(output.Columns, column => Assert.Equal(0, column.CountNulls()));
        Assert.All(Tables.Doubles(output, "Col1"), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public async Task Components_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Field("a", ColumnType.Double), ModuleRuns.Field("s", ColumnType.String)], [double.PositiveInfinity, "x"]);
        const string Dimensions = "Number of dimensions to reduce to";

        await ModuleRuns.FailAsync(81, Components, [table], ("Selected columns", "a"), (Dimensions, "2"));
        await ModuleRuns.FailAsync(17, Components, [table], ("Selected columns", "s"), (Dimensions, "1"));
        await ModuleRuns.FailAsync(1, Components, [table], ("Selected columns", "z"), (Dimensions, "1"));
        await ModuleRuns.FailAsync(5, Components, [table], ("Selected columns", "a"), (Dimensions, "0"));
        await ModuleRuns.FailAsync(33, Components, [table], ("Selected columns", "a"), (Dimensions, "1"));
        await ModuleRuns.FailAsync(21, Components, [table.Slice(0, 0)], ("Selected columns", "a"), (Dimensions, "1"));
    }

    [Fact]
    public async Task Fisher_OfIris_TellsTheClassesApart()
    {
        var iris = await Tables.LoadSharedAsync("iris.csv");
        var label = iris.Schema.Fields[^1].Name;

        var context = await ModuleRuns.RunAsync(Fisher, [iris], [("Class labels column", label)]);

        var output = ModuleRuns.Table(context, "Transformed features");
        Assert.Equal([label, "Col1", "Col2"], ModuleRuns.Names(output));
        var classes = ModuleRuns.Texts(output, label);
        var first = Tables.Doubles(output, "Col1");
        var spread = classes.Distinct().Select(name => Variance([.. first.Where((_, row) => classes[row] == name)])).Sum() / 3;
        Assert.True(Variance(first) > 20 * spread);
        ModuleRuns.AssertSame(
            output, ModuleRuns.Reload(context, "Fisher linear discriminant analysis transformation").Bind(iris.Schema).Apply(iris));
    }

    [Fact]
    public async Task Fisher_BadInput_FailsWithStudiosNumbers()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("y", ColumnType.String), ModuleRuns.Field("one", ColumnType.String)], [1.0, "a", "o"], [2.0, "b", "o"]);

        await ModuleRuns.FailAsync(17, Fisher, [table], ("Class labels column", "x"));
        await ModuleRuns.FailAsync(54, Fisher, [table], ("Class labels column", "one"));
        await ModuleRuns.FailAsync(1, Fisher, [table], ("Class labels column", "z"));
        await ModuleRuns.FailAsync(17, Fisher, [ModuleRuns.Single("y", ColumnType.String, "a", "b")], ("Class labels column", "y"));
        await ModuleRuns.FailAsync(21, Fisher, [table.Slice(0, 0)], ("Class labels column", "y"));
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / values.Length;
    }
}
