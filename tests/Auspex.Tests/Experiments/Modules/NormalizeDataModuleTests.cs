using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class NormalizeDataModuleTests
{
    private const string Module = "Normalize Data";
    private const string Method = "Transformation method";

    [Theory]
    [InlineData("ZScore", -1.1618950038622251, 0.3872983346207417, 1.161895003862225)]
    [InlineData("MinMax", 0, 0.6666666666666666, 1)]
    [InlineData("Logistic", 0.7310585786300049, 0.9525741268224334, 0.9820137900379085)]
    [InlineData("Tanh", 0.7615941559557649, 0.9950547536867305, 0.999329299739067)]
    public async Task Run_Method_FollowsItsFormula(string method, double first, double third, double fourth)
    {
        var table = ModuleRuns.Single("x", ColumnType.Int32, 1, 1, 3, 4, null);

        var output = await ModuleRuns.OutputAsync(Module, [table], (Method, method));

        Assert.Equal(ColumnType.Double, output.Schema.Fields[0].Type);
        var numbers = ModuleRuns.Texts(output, "x");
        Assert.Null(numbers[4]);
        var values = ((DoubleColumn)output.Columns[0]).Values;
        Assert.Equal(method == "ZScore" ? (1 - 2.25) / Math.Sqrt(1.6875) : first, values[0], 1e-15);
        Assert.Equal(method == "ZScore" ? (3 - 2.25) / Math.Sqrt(1.6875) : third, values[2], 1e-15);
        Assert.Equal(method == "ZScore" ? (4 - 2.25) / Math.Sqrt(1.6875) : fourth, values[3], 1e-15);
    }

    [Fact]
    public async Task Run_LogNormal_IsTheDistributionFunctionOfTheFit()
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, 1.0, Math.E, Math.E * Math.E, 0.0, -1.0);

        var output = await ModuleRuns.OutputAsync(Module, [table], (Method, "LogNormal"));

        // ln x is 0, 1, 2: mu 1, sigma sqrt(2/3); Phi(-1.2247) = 0.11034.
        var values = ((DoubleColumn)output.Columns[0]).Values;
        Assert.Equal(0.110335680959923, values[0], 1e-12);
        Assert.Equal(0.5, values[1], 1e-12);
        Assert.Equal(1 - 0.110335680959923, values[2], 1e-12);
        Assert.Equal(0, values[3]);
        Assert.Equal(0, values[4]);
    }

    [Theory]
    [InlineData("ZScore", "True", 0)]
    [InlineData("MinMax", "True", 0)]
    [InlineData("LogNormal", "True", 0)]
    [InlineData("ZScore", "False", double.NaN)]
    [InlineData("MinMax", "False", double.NaN)]
    [InlineData("LogNormal", "False", double.NaN)]
    public async Task Run_ConstantColumn_BecomesZeroOrNaN(string method, string useZero, double expected)
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, 0.1, 0.1, 0.1);

        var context = await ModuleRuns.RunAsync(
            Module, [table], [(Method, method), ("Use 0 for constant columns when checked", useZero)]);

        var output = ModuleRuns.Table(context, "Transformed dataset");
        Assert.Equal([expected, expected, expected], ((DoubleColumn)output.Columns[0]).Values.ToArray());
        ModuleRuns.AssertSame(
            output, ModuleRuns.Reload(context, "Transformation function").Bind(table.Schema).Apply(table));
    }

    [Theory]
    [InlineData("ZScore")]
    [InlineData("MinMax")]
    [InlineData("Logistic")]
    [InlineData("LogNormal")]
    [InlineData("Tanh")]
    public async Task Transform_AppliedToTheTrainingTable_GivesTheSameBits(string method)
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("n", ColumnType.Int64), ModuleRuns.Field("s", ColumnType.String)],
            [0.1, 7L, "a"],
            [double.NaN, null, "b"],
            [double.PositiveInfinity, -3L, null],
            [null, 12L, "d"]);

        var context = await ModuleRuns.RunAsync(Module, [table], [(Method, method)]);

        ModuleRuns.AssertSame(
            ModuleRuns.Table(context, "Transformed dataset"),
            ModuleRuns.Reload(context, "Transformation function").Bind(table.Schema).Apply(table));
    }

    [Fact]
    public async Task Run_AllMissingColumn_StaysMissing()
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, null, null);

        var output = await ModuleRuns.OutputAsync(Module, [table]);

        Assert.Equal([null, null], ModuleRuns.Texts(output, "x"));
    }

    [Fact]
    public async Task Run_TextSelected_IsError17() =>
        await ModuleRuns.FailAsync(17, Module, [ModuleRuns.Single("s", ColumnType.String, "a")], ("Columns to transform", "s"));

    [Fact]
    public async Task Run_NoNumericColumn_IsError20() =>
        await ModuleRuns.FailAsync(20, Module, [ModuleRuns.Single("s", ColumnType.String, "a")]);

    [Fact]
    public async Task Run_NoRows_IsError21() =>
        await ModuleRuns.FailAsync(21, Module, [ModuleRuns.Single("x", ColumnType.Double)]);

    [Fact]
    public async Task Run_UnknownColumn_IsError1() =>
        await ModuleRuns.FailAsync(1, Module, [ModuleRuns.Single("x", ColumnType.Double, 1.0)], ("Columns to transform", "y"));

    [Fact]
    public async Task Bind_ColumnGoneOrText_IsError1Or17()
    {
        var context = await ModuleRuns.RunAsync(Module, [ModuleRuns.Single("x", ColumnType.Double, 1.0, 2.0)], []);
        var transform = ModuleRuns.Reload(context, "Transformation function");

        Assert.Equal(1, Assert.Throws<ModuleException>(
            () => transform.Bind(new TableSchema([ModuleRuns.Field("y", ColumnType.Double)]))).Number);
        Assert.Equal(17, Assert.Throws<ModuleException>(
            () => transform.Bind(new TableSchema([ModuleRuns.Field("x", ColumnType.String)]))).Number);
    }

    [Fact]
    public async Task Bind_LabelGone_LeavesItOut()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("y", ColumnType.Double, ColumnRole.Label)], [1.0, 2.0], [2.0, 3.0]);
        var context = await ModuleRuns.RunAsync(Module, [table], []);
        var without = new TableSchema([ModuleRuns.Field("x", ColumnType.Double)]);

        var bound = ModuleRuns.Reload(context, "Transformation function").Bind(without);

        Assert.Single(bound.Output.Fields);
    }
}
