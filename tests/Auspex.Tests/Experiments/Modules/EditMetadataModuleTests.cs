using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class EditMetadataModuleTests
{
    private const string Module = "Edit Metadata";

    [Theory]
    [InlineData("Double", "1,234.5", "1234.5")]
    [InlineData("Integer", "1,234", "1234")]
    [InlineData("Integer", "39.0", "39")]
    [InlineData("Boolean", "TRUE", "True")]
    [InlineData("DateTime", "5/30/2010 6:09 PM", "2010-05-30T18:09:00")]
    [InlineData("DateTime", "30 May 2010", "2010-05-30T00:00:00")]
    [InlineData("TimeSpan", "1.02:03:04", "1.02:03:04")]
    [InlineData("String", " x ", " x ")]
    public async Task Run_CastOfText_Parses(string type, string text, string expected)
    {
        var table = ModuleRuns.Single("s", ColumnType.String, text, null, "");

        var output = await ModuleRuns.OutputAsync(Module, [table], ("Column", "s"), ("Data type", type));

        Assert.Equal(expected, ModuleRuns.Texts(output, "s")[0]);
        Assert.Null(ModuleRuns.Texts(output, "s")[1]);
        Assert.Equal(type == "String" ? "" : null, ModuleRuns.Texts(output, "s")[2]);
        Assert.Equal(type == "Integer" ? "Int32" : type, output.Schema.Fields[0].Type.ToString());
    }

    [Fact]
    public async Task Run_CustomFormats_AreUsed()
    {
        var dates = ModuleRuns.Single("s", ColumnType.String, "20100530-18");
        var durations = ModuleRuns.Single("s", ColumnType.String, "90m");

        var date = await ModuleRuns.OutputAsync(
            Module, [dates], ("Column", "s"), ("Data type", "DateTime"), ("Date and time Format", "yyyyMMdd-HH"));
        var duration = await ModuleRuns.OutputAsync(
            Module, [ModuleRuns.Single("s", ColumnType.String, "05m")], ("Column", "s"), ("Data type", "TimeSpan"), ("TimeSpan format", "mm'm'"));

        Assert.Equal("2010-05-30T18:00:00", ModuleRuns.Texts(date, "s")[0]);
        Assert.Equal("00:05:00", ModuleRuns.Texts(duration, "s")[0]);
        await ModuleRuns.FailAsync(
            73, Module, [durations], ("Column", "s"), ("Data type", "TimeSpan"), ("TimeSpan format", "mm'm'"));
    }

    [Theory]
    [InlineData("Integer", "2,-2,4")]
    [InlineData("Boolean", "True,True,True")]
    [InlineData("String", "1.5,-2.5,4")]
    public async Task Run_CastOfDoubles_Converts(string type, string expected)
    {
        var table = ModuleRuns.Single("x", ColumnType.Double, 1.5, -2.5, 4.0);

        var output = await ModuleRuns.OutputAsync(Module, [table], ("Column", "x"), ("Data type", type));

        Assert.Equal(expected, string.Join(',', ModuleRuns.Texts(output, "x")));
    }

    [Fact]
    public async Task Run_DatesAndTicks_ConvertBothWays()
    {
        var table = ModuleRuns.Single("t", ColumnType.DateTime, new DateTime(2020, 1, 2, 3, 4, 5));

        var ticks = await ModuleRuns.OutputAsync(Module, [table], ("Column", "t"), ("Data type", "Integer"));
        var back = await ModuleRuns.OutputAsync(Module, [ticks], ("Column", "t"), ("Data type", "DateTime"));

        Assert.Equal(ColumnType.Int64, ticks.Schema.Fields[0].Type);
        ModuleRuns.AssertSame(table, back);
    }

    [Fact]
    public async Task Run_MakeCategorical_SortsLevelsByValue()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("n", ColumnType.Int32), ModuleRuns.Field("s", ColumnType.String), ModuleRuns.Field("b", ColumnType.Boolean)],
            [10, "b", true], [9, "a", true], [null, null, null], [10, "B", true]);

        var output = await ModuleRuns.OutputAsync(Module, [table], ("Column", "AllColumns"), ("Categorical", "Make categorical"));

        Assert.Equal(["9", "10"], output.Schema.Fields[0].Categories!.Levels);
        Assert.Equal(["B", "a", "b"], output.Schema.Fields[1].Categories!.Levels);
        Assert.Equal(["False", "True"], output.Schema.Fields[2].Categories!.Levels);
        Assert.Equal(["10", "9", null, "10"], ModuleRuns.Texts(output, "n"));
        Assert.Equal(ColumnType.Int32, output.Schema.Fields[0].Type);
    }

    [Fact]
    public async Task Run_NonCategorical_UndoesCategorical()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("n", ColumnType.Int32), ModuleRuns.Field("s", ColumnType.String)], [10, "b"], [null, null], [9, "a"]);

        var there = await ModuleRuns.OutputAsync(Module, [table], ("Column", "AllColumns"), ("Categorical", "Categorical"));
        var back = await ModuleRuns.OutputAsync(Module, [there], ("Column", "AllColumns"), ("Categorical", "NonCategorical"));

        ModuleRuns.AssertSame(table, back);
    }

    [Fact]
    public async Task Run_CastOfCategory_CastsItsLevels()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Category("c", "2.0", "10", "2")], ["2"], ["10"], ["2.0"], [null]);

        var output = await ModuleRuns.OutputAsync(Module, [table], ("Column", "c"), ("Data type", "Double"));

        Assert.Equal(["2", "10"], output.Schema.Fields[0].Categories!.Levels);
        Assert.Equal(["2", "10", "2", null], ModuleRuns.Texts(output, "c"));
    }

    [Fact]
    public async Task Run_Labels_MovesTheLabelAndHidesTheOldOne()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("a", ColumnType.Int32), ModuleRuns.Field("b", ColumnType.Int32, ColumnRole.Label)], [1, 2]);

        var output = await ModuleRuns.OutputAsync(Module, [table], ("Column", "a"), ("Fields", "Labels"));

        Assert.Equal([ColumnRole.Label, ColumnRole.None], output.Schema.Fields.Select(field => field.Role));
    }

    [Theory]
    [InlineData("ClearFeatures", ColumnRole.None)]
    [InlineData("ClearLabels", ColumnRole.Feature)]
    [InlineData("Weights", ColumnRole.Weight)]
    [InlineData("Features", ColumnRole.Feature)]
    [InlineData("Unchanged", ColumnRole.Feature)]
    public async Task Run_Fields_ChangesTheRole(string fields, ColumnRole expected)
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [ModuleRuns.Single("a", ColumnType.Int32, 1)], ("Column", "a"), ("Fields", fields));

        Assert.Equal(expected, output.Schema.Fields[0].Role);
    }

    [Fact]
    public async Task Run_ClearScores_DropsTheMark()
    {
        var table = ModuleRuns.Batch([ModuleRuns.Field("s", ColumnType.Double) with { Score = new ScoreKind("t", "k") }], [1.0]);

        var output = await ModuleRuns.OutputAsync(Module, [table], ("Column", "s"), ("Fields", "ClearScores"));

        Assert.Null(output.Schema.Fields[0].Score);
    }

    [Fact]
    public async Task Run_NewNames_PairByPositionAndMaySwap()
    {
        var table = ModuleRuns.Batch(
            [ModuleRuns.Field("a", ColumnType.Int32), ModuleRuns.Field("b", ColumnType.Int32), ModuleRuns.Field("c", ColumnType.Int32)], [1, 2, 3]);

        var output = await ModuleRuns.OutputAsync(Module, [table], ("Column", "b,a"), ("New column names", "a, \"x, y\""));

        Assert.Equal(["x, y", "a", "c"], ModuleRuns.Names(output));
    }

    [Fact]
    public void Bind_MakeCategoricalWithoutTable_LeavesTextAndFixesBooleans()
    {
        var schema = new TableSchema([ModuleRuns.Field("s", ColumnType.String), ModuleRuns.Field("b", ColumnType.Boolean)]);
        var context = ModuleRuns.Context(Module, [], [("Column", "AllColumns"), ("Categorical", "Categorical")]);

        var output = ((IRowwiseModule)ModuleRuns.Find(Module)).Bind(schema, context).Output;

        Assert.False(output.Fields[0].IsCategorical);
        Assert.Equal(["False", "True"], output.Fields[1].Categories!.Levels);
    }

    [Fact]
    public async Task Run_AllMissingColumn_BecomesAnyType()
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [ModuleRuns.Single("d", ColumnType.DateTime, null, null)], ("Column", "d"), ("Data type", "Boolean"));

        Assert.Equal(ColumnType.Boolean, output.Schema.Fields[0].Type);
        Assert.Equal([null, null], ModuleRuns.Texts(output, "d"));
    }

    private static readonly TableBatch Two = ModuleRuns.Batch(
        [ModuleRuns.Field("s", ColumnType.String), ModuleRuns.Field("n", ColumnType.Int32)], ["x", 1], ["2", 2]);

    [Theory]
    [InlineData(31, "AllDateTimes", "Fields", "Features")]
    [InlineData(1, "gone", "Fields", "Features")]
    [InlineData(37, "s,n", "Fields", "Labels")]
    [InlineData(122, "s,n", "Fields", "Weights")]
    [InlineData(124, "s", "Fields", "Weights")]
    [InlineData(27, "s", "New column names", "a,b")]
    [InlineData(28, "s,n", "New column names", "a,a")]
    [InlineData(26, "s", "New column names", "n")]
    [InlineData(73, "s", "Data type", "Double")]
    [InlineData(2, "\"open", "Fields", "Features")]
    [InlineData(3, "", "Fields", "Features")]
    public async Task Run_ThatCannotBe_IsError(int number, string columns, string parameter, string value) =>
        await ModuleRuns.FailAsync(number, Module, [Two], ("Column", columns), (parameter, value));

    [Fact]
    public async Task Run_FailedCast_NamesColumnAndRow()
    {
        var table = ModuleRuns.Single("s", ColumnType.String, "1", "secret");

        var failure = await ModuleRuns.FailAsync(73, Module, [table], ("Column", "s"), ("Data type", "Integer"));

        Assert.Contains("'s'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("row 2", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(3e9)]
    [InlineData(double.PositiveInfinity)]
    public async Task Run_NumberOutOfIntegers_IsError73(double value) => await ModuleRuns.FailAsync(
        73, Module, [ModuleRuns.Single("x", ColumnType.Double, value)], ("Column", "x"), ("Data type", "Integer"));

    [Fact]
    public async Task Run_DateToBoolean_IsError42() => await ModuleRuns.FailAsync(
        42, Module, [ModuleRuns.Single("d", ColumnType.DateTime, new DateTime(2020, 1, 1))], ("Column", "d"), ("Data type", "Boolean"));

    [Fact]
    public async Task Run_NoColumns_IsError20() =>
        await ModuleRuns.FailAsync(20, Module, [new TableBatch(new TableSchema([]), [], 0)], ("Column", "AllColumns"));
}
