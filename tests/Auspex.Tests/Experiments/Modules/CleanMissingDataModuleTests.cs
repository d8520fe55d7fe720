using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class CleanMissingDataModuleTests
{
    private const string Module = "Clean Missing Data";
    private const string Mode = "Cleaning mode";
    private const string Columns = "Columns to be cleaned";

    private static readonly TableBatch People = ModuleRuns.Batch(
        [
            ModuleRuns.Field("age", ColumnType.Int32),
            ModuleRuns.Field("pay", ColumnType.Double),
            ModuleRuns.Field("ok", ColumnType.Boolean),
            ModuleRuns.Field("town", ColumnType.String),
            ModuleRuns.Category("job", "none", "clerk"),
            ModuleRuns.Field("born", ColumnType.DateTime),
            ModuleRuns.Field("empty", ColumnType.Double),
        ],
        [30, 1.5, true, "Köln", "clerk", new DateTime(2000, 1, 2), null],
        [null, null, null, null, null, null, null],
        [33, 2.5, true, "Bonn", "clerk", new DateTime(2001, 1, 2), null],
        [31, 10.0, false, "Bonn", "none", new DateTime(2001, 1, 2), null]);

    public static TheoryData<string> Modes =>
    [
        "Custom substitution value", "Replace with mean", "Replace with median", "Replace with mode", "Remove entire row",
        "Remove entire column", "Replace using MICE", "Replace using Probabilistic PCA",
    ];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Transform_OnTheTrainingTable_GivesTheSameBits(string mode)
    {
        var columns = mode is "Replace with mean" ? "age,pay,ok,empty" : mode is "Replace with median" ? "age,pay,empty" : "AllColumns";
        var context = await ModuleRuns.RunAsync(
            Module, [People], [(Columns, columns), (Mode, mode), ("Generate missing value indicator column", "True")]);

        var output = ModuleRuns.Table(context, "Cleaned dataset");
        var transform = ModuleRuns.Reload(context, "Cleaning transformation");
        ModuleRuns.AssertSame(output, transform.Bind(People.Schema).Apply(People));
        Assert.Equal(mode != "Remove entire row", transform.KeepsRows);
    }

    [Fact]
    public async Task Run_Default_FillsEveryTypeWithZero()
    {
        var output = await ModuleRuns.OutputAsync(Module, [People]);

        Assert.Equal("0", ModuleRuns.Texts(output, "age")[1]);
        Assert.Equal("False", ModuleRuns.Texts(output, "ok")[1]);
        Assert.Equal("0", ModuleRuns.Texts(output, "town")[1]);
        Assert.Equal("0", ModuleRuns.Texts(output, "job")[1]);
        Assert.Equal(["none", "clerk", "0"], output.Schema.Fields[4].Categories!.Levels);
        Assert.Equal("0001-01-01T00:00:00", ModuleRuns.Texts(output, "born")[1]);
        Assert.All(output.Columns, column => Assert.Equal(0, column.CountNulls()));
    }

    [Fact]
    public async Task Run_CustomText_FillsTextAndLevels()
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [People], (Columns, "town,job"), ("Replacement value", "clerk"));

        Assert.Equal("clerk", ModuleRuns.Texts(output, "town")[1]);
        Assert.Equal(["none", "clerk"], output.Schema.Fields[4].Categories!.Levels);
        Assert.Null(ModuleRuns.Texts(output, "age")[1]);
    }

    [Fact]
    public async Task Run_CustomTicks_FillsDates()
    {
        var ticks = new DateTime(2020, 3, 4).Ticks.ToString(System.Globalization.CultureInfo.InvariantCulture);

        var output = await ModuleRuns.OutputAsync(Module, [People], (Columns, "born"), ("Replacement value", ticks));

        Assert.Equal("2020-03-04T00:00:00", ModuleRuns.Texts(output, "born")[1]);
    }

    [Fact]
    public async Task Run_Mean_KeepsTypesAndLeavesNaNOut()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("n", ColumnType.Int32), ModuleRuns.Field("b", ColumnType.Boolean)],
            [1.0, 1, true],
            [double.NaN, 2, true],
            [2.0, 4, false],
            [null, null, null]);

        var output = await ModuleRuns.OutputAsync(Module, [table], (Mode, "Replace with mean"));

        Assert.Equal(["1", "NaN", "2", "1.5"], ModuleRuns.Texts(output, "x"));
        Assert.Equal("2", ModuleRuns.Texts(output, "n")[3]);
        Assert.Equal("True", ModuleRuns.Texts(output, "b")[3]);
        Assert.Equal(ColumnType.Int32, output.Schema.Fields[1].Type);
    }

    [Fact]
    public async Task Run_Median_IsTheMiddle()
    {
        var output = await ModuleRuns.OutputAsync(Module, [People], (Columns, "pay,age"), (Mode, "Replace with median"));

        Assert.Equal("2.5", ModuleRuns.Texts(output, "pay")[1]);
        Assert.Equal("31", ModuleRuns.Texts(output, "age")[1]);
    }

    [Fact]
    public async Task Run_Mode_IsTheCommonest()
    {
        var output = await ModuleRuns.OutputAsync(Module, [People], (Mode, "Replace with mode"));

        Assert.Equal("Bonn", ModuleRuns.Texts(output, "town")[1]);
        Assert.Equal("clerk", ModuleRuns.Texts(output, "job")[1]);
        Assert.Equal("True", ModuleRuns.Texts(output, "ok")[1]);
        Assert.Equal("2001-01-02T00:00:00", ModuleRuns.Texts(output, "born")[1]);
        Assert.Equal("30", ModuleRuns.Texts(output, "age")[1]);
        Assert.DoesNotContain("empty", ModuleRuns.Names(output));
    }

    [Fact]
    public async Task Run_AllMissingColumn_IsRemovedOrPropagated()
    {
        var propagated = await ModuleRuns.OutputAsync(
            Module, [People], (Mode, "Replace with mode"), ("Cols with all missing values", "Propagate"));

        Assert.Equal([null, null, null, null], ModuleRuns.Texts(propagated, "empty"));
    }

    [Fact]
    public async Task Run_RemoveRow_LooksAtGatedColumnsOnly()
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [People], (Mode, "Remove entire row"), ("Maximum missing value ratio", "0.5"));

        Assert.Equal(3, output.RowCount);
        Assert.Equal(7, output.Columns.Length);
    }

    [Fact]
    public async Task Run_RemoveColumn_DropsGatedColumnsWithGaps()
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [People], (Mode, "Remove entire column"), ("Minimum missing value ratio", "0.9"));

        Assert.Equal(["age", "pay", "ok", "town", "job", "born"], ModuleRuns.Names(output));
    }

    [Fact]
    public async Task Run_Indicator_AddsIsMissingBehind()
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [People], (Columns, "pay,age"), ("Generate missing value indicator column", "True"));

        Assert.Equal(["pay_IsMissing", "age_IsMissing"], ModuleRuns.Names(output)[^2..]);
        Assert.Equal(["False", "True", "False", "False"], ModuleRuns.Texts(output, "pay_IsMissing"));
    }

    [Fact]
    public async Task Run_Mice_FollowsTheOtherColumns()
    {
        var rows = new List<object?[]>();
        for (var i = 0; i < 200; i++)
        {
            var x = i / 10.0;
            rows.Add([i % 10 == 3 ? null : (2 * x) + 1, x, i % 7 == 2 ? null : i < 100 ? "low" : "high", i % 9 == 4 ? null : i]);
        }

        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("y", ColumnType.Double), ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("half", ColumnType.String), ModuleRuns.Field("n", ColumnType.Int32)],
            [.. rows]);

        var output = await ModuleRuns.OutputAsync(Module, [table], (Mode, "Replace using MICE"));

        var y = ModuleRuns.Numbers(output, "y");
        var n = ModuleRuns.Numbers(output, "n");
        var half = ModuleRuns.Texts(output, "half");
        for (var i = 0; i < 200; i++)
        {
            Assert.InRange(y[i], (2 * i / 10.0) + 0.9, (2 * i / 10.0) + 1.1);
            Assert.InRange(n[i], i - 1, i + 1);
            if (i is < 70 or > 130)
            {
                Assert.Equal(i < 100 ? "low" : "high", half[i]);
            }
        }
    }

    [Fact]
    public async Task Run_ComponentAnalysis_FollowsTheSharedFactor()
    {
        var rows = new List<object?[]>();
        for (var i = 0; i < 300; i++)
        {
            var factor = Math.Sin(i * 0.7) * 3;
            rows.Add(
            [
                i % 11 == 1 ? null : factor,
                (2 * factor) + 5 + (0.01 * Math.Cos(i)),
                i % 13 == 2 ? null : (-factor) + 1,
                (0.5 * factor) - 2,
            ]);
        }

        var table = ModuleRuns.Batch(
            [.. "abcd".Select(name => ModuleRuns.Field(name.ToString(), ColumnType.Double))], [.. rows]);

        var output = await ModuleRuns.OutputAsync(
            Module, [table], (Mode, "Replace using Probabilistic PCA"), ("Number of iterations for PCA prediction", "20"));

        var a = ModuleRuns.Numbers(output, "a");
        var c = ModuleRuns.Numbers(output, "c");
        for (var i = 0; i < 300; i++)
        {
            var factor = Math.Sin(i * 0.7) * 3;
            Assert.InRange(a[i], factor - 0.1, factor + 0.1);
            Assert.InRange(c[i], 1 - factor - 0.1, 1 - factor + 0.1);
        }
    }

    [Theory]
    [InlineData("Replace using MICE")]
    [InlineData("Replace using Probabilistic PCA")]
    public async Task Transform_MiceAndPca_FillColumnsThatWereCompleteAtTraining(string mode)
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Category("c", "a", "b")], [1.0, "a"], [2.0, "b"], [3.0, "b"]);
        var context = await ModuleRuns.RunAsync(Module, [table], [(Mode, mode)]);
        var later = ModuleRuns.Batch(
            [ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Category("c", "z")], [null, "z"], [2.0, null], [null, null]);

        var output = ModuleRuns.Reload(context, "Cleaning transformation").Bind(later.Schema).Apply(later);

        Assert.All(output.Columns, column => Assert.Equal(0, column.CountNulls()));
        Assert.Contains(ModuleRuns.Texts(output, "c")[1], new[] { "a", "b" });
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Run_NoRowsOrOneRow_Works(string mode)
    {
        var fields = new[] { ModuleRuns.Field("x", ColumnType.Double), ModuleRuns.Field("n", ColumnType.Int32) };
        foreach (var table in new[] { ModuleRuns.Batch(fields), ModuleRuns.Batch(fields, [1.0, 2]), ModuleRuns.Batch(fields, [null, 2]) })
        {
            var context = await ModuleRuns.RunAsync(Module, [table], [(Mode, mode)]);
            ModuleRuns.AssertSame(
                ModuleRuns.Table(context, "Cleaned dataset"),
                ModuleRuns.Reload(context, "Cleaning transformation").Bind(table.Schema).Apply(table));
        }
    }

    [Fact]
    public async Task Run_NoColumns_PassesThrough()
    {
        var table = new TableBatch(new TableSchema([]), [], 3);

        var output = await ModuleRuns.OutputAsync(Module, [table]);

        Assert.Equal(3, output.RowCount);
    }

    [Theory]
    [InlineData(2, "Replacement value", "x")]
    [InlineData(8, "Minimum missing value ratio", "1.5")]
    [InlineData(8, "Maximum missing value ratio", "-0.1")]
    [InlineData(2, "Minimum missing value ratio", "much")]
    [InlineData(1, "Columns to be cleaned", "gone")]
    [InlineData(11, "Columns to be cleaned", "AllTimeSpans")]
    [InlineData(3, "Cleaning mode", "Wish")]
    [InlineData(18, "Cleaning mode", "Replace with mean")]
    [InlineData(18, "Cleaning mode", "Replace with median")]
    public async Task Run_ParameterThatDoesNotFit_IsError(int number, string parameter, string value) =>
        await ModuleRuns.FailAsync(number, Module, [People], (parameter, value));

    [Fact]
    public async Task Run_IterationsOutOfRange_IsError8() => await ModuleRuns.FailAsync(
        8, Module, [People], (Mode, "Replace using MICE"), ("Number of iterations", "11"));

    [Fact]
    public async Task Run_RatiosCrossed_IsError8() => await ModuleRuns.FailAsync(
        8, Module, [People], ("Minimum missing value ratio", "0.6"), ("Maximum missing value ratio", "0.5"));

    [Fact]
    public async Task Bind_ColumnGoneOrOfAnotherType_IsError()
    {
        var context = await ModuleRuns.RunAsync(Module, [People], [(Columns, "age")]);
        var transform = ModuleRuns.Reload(context, "Cleaning transformation");

        Assert.Equal(1, Assert.Throws<ModuleException>(() => transform.Bind(new TableSchema([]))).Number);
        Assert.Equal(17, Assert.Throws<ModuleException>(
            () => transform.Bind(new TableSchema([ModuleRuns.Field("age", ColumnType.String)]))).Number);
    }
}
