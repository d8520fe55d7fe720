using System.Text;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api;
using Auspex.Server.WebServices.Scoring;
using Auspex.TestKit.Experiments;
using Xunit;

namespace Auspex.Tests.Server.WebServices.Scoring;

public sealed class ScoreRequestReaderTests
{
    private static readonly ServiceShape Shape = new(
        new ServiceSignature(
            [
                new ServicePort(
                    "input1",
                    PortType.Dataset,
                    new TableSchema(
                    [
                        new TableField { Name = "age", Type = ColumnType.Int32, IsNullable = false },
                        new TableField { Name = "height", Type = ColumnType.Double },
                        new TableField { Name = "job", Type = ColumnType.String, Categories = new CategoryDomain(["a", "b"]) },
                        new TableField { Name = "born", Type = ColumnType.DateTime },
                        new TableField { Name = "member", Type = ColumnType.Boolean },
                        new TableField { Name = "income", Type = ColumnType.String },
                    ]),
                    null),
            ],
            [],
            []),
        new HashSet<string> { "income" });

    [Theory]
    [InlineData("""{"Inputs": {"input1": {"ColumnNames": ["age","height","job","born","member","income"], "Values": [["39","1.75","a","2010-05-30","True","x"]]}}}""")]
    [InlineData("""{"Inputs": {"input1": {"Values": [["x","2010-05-30T00:00:00","true","a",1.75,39]], "ColumnNames": ["income","born","member","job","height","age"]}}}""")]
    [InlineData("""{"Inputs": {"input1": [{"age": 39, "height": 1.75, "job": "a", "born": "5/30/2010 12:00:00 AM", "member": true, "income": "x"}]}}""")]
    [InlineData("""{"Inputs": {"input1": {"income": "x", "member": 1, "born": "2010-05-30", "job": "\u0061", "height": "1.75", "age": "39.0"}}}""")]
    [InlineData("""{"Inputs": {"INPUT1": [{"AGE": 39, "Height": 17.5e-1, "job": "a", "born": "2010-05-30", "member": "1", "income": "x"}]}, "more": [1, {"a": null}]}""")]
    public void Read_AnyShape_GivesTheSameTable(string json)
    {
        var table = Read(json);

        Assert.Equal("age|height|job|born|member|income\n39|1.75|a|2010-05-30T00:00:00|True|x", SmallTables.Print(table));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("NaN")]
    [InlineData("\"NaN\"")]
    [InlineData("\"NaT\"")]
    [InlineData("\" \"")]
    public void Read_MissingCells_AreMissing(string cell)
    {
        var table = Read(
            $$$"""{"Inputs": {"input1": [{"age": {{{cell}}}, "height": {{{cell}}}, "job": "NaN", "born": {{{cell}}}, "member": null}]}}""");

        Assert.Equal("~|~|NaN|~|~|~", SmallTables.Print(table).Split('\n')[1]);
    }

    [Fact]
    public void Read_Infinity_IsANumberAndTextStaysText()
    {
        var table = Read(
            """{"Inputs": {"input1": [{"age": 1, "height": -Infinity, "job": "say \"NaN\", Infinity", "born": null, "member": false}]}}""");

        Assert.Equal("1|-Infinity|say \"NaN\", Infinity|~|False|~", SmallTables.Print(table).Split('\n')[1]);
    }

    [Fact]
    public void Read_RowsThatLeaveMembersOut_AreMissingThere()
    {
        var table = Read(
            """{"Inputs": {"input1": [{"age": 1, "height": 2, "job": "a", "born": null, "member": true}, {"age": 2}]}}""");

        Assert.Equal("2|~|~|~|~|~", SmallTables.Print(table).Split('\n')[2]);
    }

    [Fact]
    public void Read_NoRows_GivesAnEmptyTable() =>
        Assert.Equal(0, Read("""{"Inputs": {"input1": []}}""").RowCount);

    [Fact]
    public void Read_ManyRows_KeepsThemAll()
    {
        var rows = string.Join(',', Enumerable.Range(0, 10_000).Select(row => $"[\"{row}\",\"1\",\"b\",\"\",\"0\"]"));

        var table = Read("""{"Inputs": {"input1": {"ColumnNames": ["age","height","job","born","member"], "Values": [ROWS]}}}""".Replace("ROWS", rows, StringComparison.Ordinal));

        Assert.Equal(10_000, table.RowCount);
        Assert.Equal(9_999, ((Int64Column)table.Columns[0]).Values[^1]);
    }

    [Theory]
    [InlineData("""{"age": 39.5}""", "InputParseError", "row 1, column 'age'")]
    [InlineData("""{"age": 3000000000}""", "InputParseError", "no Int32")]
    [InlineData("""{"age": {}}""", "InputParseError", "column 'age'")]
    [InlineData("""{"age": 1, "age": 2}""", "InputMismatchError", "twice in row 1")]
    [InlineData("""{"age": 1}""", "InputMismatchError", "'height', 'job', 'born', 'member'")]
    public void Read_RowThatDoesNotFit_SaysWhereWithoutTheValue(string row, string code, string expected)
    {
        var error = Assert.Throws<ServiceErrorException>(() => Read($$$"""{"Inputs": {"input1": [{{{row}}}]}}"""));

        Assert.Equal((400, code), (error.Status, error.Details[0].Code));
        Assert.Contains(expected, error.Details[0].Message, StringComparison.Ordinal);
        Assert.DoesNotContain("39.5", error.Details[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"ColumnNames": ["age"]}""", "lacks the columns")]
    [InlineData("""{"Values": [["1"]]}""", "no 'ColumnNames'")]
    [InlineData("""{"ColumnNames": ["age", "age"], "Values": []}""", "twice")]
    [InlineData("""{"ColumnNames": [1], "Values": []}""", "no text")]
    [InlineData("""{"ColumnNames": ["age","height","job","born","member"], "Values": [{}]}""", "no array")]
    [InlineData("""{"ColumnNames": ["age","height","job","born","member"], "Values": [["1"]]}""", "1 values in row 1; expected 5")]
    [InlineData("""[[1]]""", "no object")]
    [InlineData("""5""", "neither rows nor")]
    public void Read_TableThatDoesNotFit_IsAMismatch(string input, string expected)
    {
        var error = Assert.Throws<ServiceErrorException>(() => Read($$$"""{"Inputs": {"input1": {{{input}}}}}"""));

        Assert.Equal(("BadUserArgument", "InputMismatchError"), (error.ServiceCode, error.Details[0].Code));
        Assert.Contains(expected, error.Details[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Inputs": []}""")]
    [InlineData("""{"Inputs": {"input1": [""")]
    [InlineData("""{"Inputs": {}} x""")]
    [InlineData("""{"Inputs": {"input1": NaNa}}""")]
    [InlineData("null")]
    public void Read_NoSuchJson_IsRefused(string json) =>
        Assert.Equal("RequestBodyInvalid", Assert.Throws<ServiceErrorException>(() => Read(json)).Details[0].Code);

    private static TableBatch Read(string json) =>
        ScoreRequestReader.Read(Encoding.UTF8.GetBytes(json), Shape).Inputs["input1"];
}
