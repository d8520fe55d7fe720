using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Experiments.Modules;

public sealed class EnterDataManuallyModuleTests
{
    private const string Module = "Enter Data Manually";

    [Fact]
    public async Task Run_Csv_InfersTypesOverTheWholeText()
    {
        var output = await ModuleRuns.OutputAsync(
            Module,
            [],
            ("Data", "i,l,d,b,t,s,\"a, \"\"q\"\" ü\",e\n1,3000000000,1.5,true,2020-01-02,x,\"1,5\",\n2,1,2,False,2021-05-06 07:08:09,7,z,\n?,,,,,,?,\n"));

        Assert.Equal(["i", "l", "d", "b", "t", "s", "a, \"q\" ü", "e"], ModuleRuns.Names(output));
        Assert.Equal(
            [ColumnType.Int32, ColumnType.Int64, ColumnType.Double, ColumnType.Boolean, ColumnType.DateTime, ColumnType.String, ColumnType.String, ColumnType.String],
            output.Schema.Fields.Select(field => field.Type));
        Assert.Equal(3, output.RowCount);
        Assert.All(output.Columns, column => Assert.True(column.IsNull(2)));
        Assert.Equal("1,5", ModuleRuns.Texts(output, "a, \"q\" ü")[0]);
    }

    [Fact]
    public async Task Run_NoHeader_NamesColumnsColN()
    {
        var output = await ModuleRuns.OutputAsync(Module, [], ("HasHeader", "False"), ("Data", "1,a\r\n2,b"));

        Assert.Equal(["Col1", "Col2"], ModuleRuns.Names(output));
        Assert.Equal(["1", "2"], ModuleRuns.Texts(output, "Col1"));
    }

    [Fact]
    public async Task Run_Tsv_SplitsAtTabs()
    {
        var output = await ModuleRuns.OutputAsync(Module, [], ("DataFormat", "TSV"), ("Data", "a\tb\n1,5\t2"));

        Assert.Equal(["1,5"], ModuleRuns.Texts(output, "a"));
    }

    [Fact]
    public async Task Run_HeaderOnly_GivesNoRows()
    {
        var output = await ModuleRuns.OutputAsync(Module, [], ("Data", "a,b\n"));

        Assert.Equal(0, output.RowCount);
        Assert.Equal(["a", "b"], ModuleRuns.Names(output));
    }

    [Fact]
    public async Task Run_Arff_GivesCategoriesInTheirOrder()
    {
        var output = await ModuleRuns.OutputAsync(
            Module,
            [],
            ("DataFormat", "ARFF"),
            ("Data", "% people\n@RELATION p\n@attribute age numeric\n@attribute 'job title' {'b c', a}\n@attribute born date 'yyyy-MM-dd'\n@data\n1.5,a,2000-02-03\n?,'b c',?\n"));

        Assert.Equal(["age", "job title", "born"], ModuleRuns.Names(output));
        Assert.Equal(["b c", "a"], output.Schema.Fields[1].Categories!.Levels);
        Assert.Equal(["a", "b c"], ModuleRuns.Texts(output, "job title"));
        Assert.Equal([null], ModuleRuns.Texts(output, "age")[1..]);
        Assert.Equal("2000-02-03T00:00:00", ModuleRuns.Texts(output, "born")[0]);
    }

    [Fact]
    public async Task Run_SvmLight_GivesLabelAndColumns()
    {
        var output = await ModuleRuns.OutputAsync(
            Module, [], ("DataFormat", "SvmLight"), ("Data", "1 1:0.5 3:2 # first\n-1 2:1\n"));

        Assert.Equal(["Label", "Col1", "Col2", "Col3"], ModuleRuns.Names(output));
        Assert.Equal(0, output.Schema.LabelIndex);
        Assert.Equal(["2", "0"], ModuleRuns.Texts(output, "Col3"));
    }

    [Theory]
    [InlineData(3, "CSV", "")]
    [InlineData(49, "CSV", "a,b\n1\n")]
    [InlineData(49, "CSV", "a,b\n1,\"x\n")]
    [InlineData(49, "ARFF", "a,b\n1,2\n")]
    [InlineData(49, "ARFF", "@relation r\n@attribute a {x}\n@data\ny\n")]
    [InlineData(49, "ARFF", "@relation r\n@attribute a numeric\n")]
    [InlineData(49, "ARFF", "@relation r\n@attribute a numeric\n@attribute a numeric\n@data\n1,2\n")]
    [InlineData(49, "SvmLight", "x 1:1\n")]
    [InlineData(49, "SvmLight", "1 2:1 1:1\n")]
    [InlineData(49, "SvmLight", "1 999999999:1\n")]
    public async Task Run_TextThatBreaksItsFormat_IsError(int number, string format, string text) =>
        await ModuleRuns.FailAsync(number, Module, [], ("DataFormat", format), ("Data", text));
}
