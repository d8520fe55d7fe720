using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Experiments.Contracts;

public sealed class RowRulesTests
{
    [Fact]
    public async Task Check_OfAHeaderAlone_Warns()
    {
        var report = await Census.CheckAsync(Census.Rows());

        Census.Single(report, ErrorCode.ContractNoRows, DiagnosticSeverity.Warning);
        Assert.True(report.Fits);
    }

    [Fact]
    public async Task Check_OfNothing_Refuses() =>
        Census.Single(await Census.CheckAsync(""), ErrorCode.ContractNoRows, DiagnosticSeverity.Error);

    [Fact]
    public async Task Check_OfAHeaderTwice_SaysInWhichRowAndLeavesItOutOfTheRest()
    {
        var report = await Census.CheckAsync(Census.Rows("39,40,Private", "age, hours ,workclass", "50,13,Private", "age,hours,workclass"));

        var difference = Census.Single(report, ErrorCode.ContractHeaderRepeated, DiagnosticSeverity.Warning);
        Assert.Equal((2L, 2L), (difference.Rows, difference.FirstRow));
        Assert.Equal(4, report.Rows);
    }

    [Fact]
    public async Task Check_OfSomeRaggedRows_WarnsWithCountAndFirstRow()
    {
        var report = await Census.CheckAsync(Census.Rows("39,40,Private", "39,40", "39,40,Private,x", "50,13,Private"));

        var difference = Census.Single(report, ErrorCode.ContractRowsUnreadable, DiagnosticSeverity.Warning);
        Assert.Equal((2L, 2L, 0.5), (difference.Rows, difference.FirstRow, difference.Share));
    }

    [Fact]
    public async Task Check_OfRaggedRowsOnly_Refuses()
    {
        var report = await Census.CheckAsync(Census.Rows("39,40,Private,x", "50,13,Private,x"));

        Assert.Equal(1, Census.Single(report, ErrorCode.ContractRowsUnreadable, DiagnosticSeverity.Error).FirstRow);
    }

    [Fact]
    public async Task Check_OfBrokenQuotes_WarnsAndCountsRowsBehindThemRight()
    {
        var report = await Census.CheckAsync(Census.Rows("39,40,\"Private\" x", "50,13,Private", "many,13,Private", "51,13,Private"));

        Assert.Equal([("AUX4214", null), ("AUX4204", "age")], Census.Codes(report));
        Assert.Equal([1L, 3L], report.Differences.Select(difference => difference.FirstRow));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Check_OfUtf16_ReadsItWithAMarkOnly(bool hasMark, bool isBigEndian)
    {
        var encoding = new UnicodeEncoding(isBigEndian, hasMark);
        var file = Census.Rows([.. Census.GoodRows]);

        var report = await Census.CheckAsync([.. encoding.GetPreamble(), .. encoding.GetBytes(file)]);

        if (hasMark)
        {
            Assert.Empty(report.Differences);
            return;
        }

        Assert.Contains(
            "UTF-16 without", Census.Single(report, ErrorCode.ContractTextUnreadable, DiagnosticSeverity.Error).Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfZerosAndNationalLetters_WarnsAboutTheirRows()
    {
        var bytes = Encoding.Latin1.GetBytes(Census.Rows("39,40,Private", "39,40,Priv\u00E9", "39,40,Pri\0vate", "50,13,Private"));

        var difference = Census.Single(
            await Census.CheckAsync(bytes), ErrorCode.ContractTextUnreadable, DiagnosticSeverity.Warning);

        Assert.Equal((2L, 2L), (difference.Rows, difference.FirstRow));
        Assert.Empty((await Census.CheckAsync(
            Encoding.Latin1.GetBytes(Census.Rows("39,40,Private")), Census.Csv with { EncodingName = "windows-1252" })).Differences);
    }

    [Fact]
    public async Task Check_OfAHeaderThatIsNoText_Refuses() => Census.Single(
        await Census.CheckAsync(Encoding.Latin1.GetBytes("age,hours,workclass,Gr\u00F6\u00DFe\n39,40,Private,1\n")),
        ErrorCode.ContractTextUnreadable,
        DiagnosticSeverity.Error);

    [Theory]
    [InlineData(new byte[] { 0x1F, 0x8B, 8, 0 }, "gzip")]
    [InlineData(new byte[] { (byte)'P', (byte)'A', (byte)'R', (byte)'1', 0x15 }, "Parquet")]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4 }, "spreadsheet")]
    public async Task Check_OfAnotherFormat_NamesIt(byte[] bytes, string expected) => Assert.Contains(
        expected,
        Census.Single(await Census.CheckAsync(bytes), ErrorCode.ContractTextUnreadable, DiagnosticSeverity.Error).Found,
        StringComparison.Ordinal);

    [Fact]
    public async Task Check_OfAnUnknownEncoding_ThrowsSinceTheOptionIsWrong() => await Assert.ThrowsAsync<TableFormatException>(
        () => Census.CheckAsync(Census.Rows("1,2,Private"), Census.Csv with { EncodingName = "klingon" }));

    [Fact]
    public async Task Check_OfAQuoteThatNeverCloses_SaysThatTheHeaderIsBroken() => Census.Single(
        await Census.CheckAsync("\"age,hours,workclass\n39,40,Private\n"), ErrorCode.ContractRowsUnreadable, DiagnosticSeverity.Error);
}
