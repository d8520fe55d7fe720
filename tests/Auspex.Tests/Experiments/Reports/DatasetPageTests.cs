using System.Text;
using Auspex.Experiments.Reports;
using Xunit;

namespace Auspex.Tests.Experiments.Reports;

public sealed class DatasetPageTests
{
    [Fact]
    public async Task ToHtmlAsync_OfCsv_ShowsRowsColumnsStatisticsAndHistograms()
    {
        var page = await PageAsync("GenericCSV", "colour,size\nred,1\nblue,2\nred,?\n<b>,4.5\n");

        Assert.All(
            ["<h1>My &lt;set&gt;</h1>", "<b>4 rows, 2 columns</b>", "GenericCSV, 39 bytes", "most: red", "1 (25.0%)", "2.5", "class=\"spark\"", "First 4 rows", "&lt;b&gt;", "saved 2026-11-24 12:00:00 UTC"],
            expected => Assert.Contains(expected, page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("genericcsvnoheader", "1,2\n3,4\n", "2 rows, 2 columns")]
    [InlineData("GenericTSV", "a\tb\n3\t4\n", "1 row, 2 columns")]
    [InlineData("GenericTSVNoHeader", "3\t4\n", "1 row, 2 columns")]
    [InlineData("Dataset", "a\n1\n", "1 row, 1 column")]
    [InlineData("GenericCSV", "a,b\n", "0 rows, 2 columns")]
    [InlineData("ARFF", "@relation r\n@attribute x numeric\n@data\n1\n2\n", "2 rows, 1 column")]
    [InlineData("SvmLight", "1 1:0.5 3:2\n", "1 row, ")]
    [InlineData("Zip", "PK", "holds no table")]
    [InlineData("PlainText", "a,b", "holds no table")]
    public async Task ToHtmlAsync_OfEveryType_ShowsTheTableOrSaysThatThereIsNone(string type, string text, string expected) =>
        Assert.Contains(expected, await PageAsync(type, text), StringComparison.Ordinal);

    [Fact]
    public async Task ToHtmlAsync_OfRowsThatCannotBeRead_CountsThem()
    {
        var page = await PageAsync("GenericCSV", "a,b\n1,2\n1,2,3\n4,5\n");

        Assert.Contains("<b>2 rows, 2 columns</b>", page, StringComparison.Ordinal);
        Assert.Contains("1 row that cannot be read left out", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToHtmlAsync_OfAFileThatBreaksItsFormat_SaysWhy()
    {
        var page = await PageAsync("ARFF", "@relation r\n@attribute x nothing\n@data\n1\n");

        Assert.Contains("cannot be shown as a table", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToHtmlAsync_OfALargeFile_ShowsItsBeginning()
    {
        // As large as it claims to be only by its word: what is read ends with the file.
        var page = await PageAsync("GenericCSV", "a\n1\n2\n", DatasetPage.MostBytes + 1);

        Assert.Contains("The beginning of the file", page, StringComparison.Ordinal);
        Assert.Contains("up to 67,108,864 bytes", await PageAsync("ARFF", "", DatasetPage.MostBytes + 1), StringComparison.Ordinal);
    }

    private static async Task<string> PageAsync(string type, string text, long? size = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var dataset = new SavedDataset(
            "My <set>", type, size ?? bytes.Length, (offset, _) => Task.FromResult<Stream>(new MemoryStream(bytes) { Position = offset }))
        {
            Created = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero),
        };
        return Encoding.UTF8.GetString(await DatasetPage.ToHtmlAsync(dataset, TestContext.Current.CancellationToken));
    }
}
