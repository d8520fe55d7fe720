using System.Text;
using Auspex.Cli.Workspace;
using Auspex.Connectors.Formats;
using Auspex.Errors;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Cli.Workspace;

public sealed class RejectedRowsTests
{
    [Fact]
    public async Task Take_KeepsTheRowUnderTheInputsHeader()
    {
        using var folder = new TemporaryFolder();
        await using (var rows = new RejectedRows(folder.File("r.tsv"), DelimitedTextOptions.Tsv, ["a \"b\"", "c"]))
        {
            Assert.Equal(BadRowAction.Skip, rows.Take(Row("1\t2\t3", "row 4: first")));
            Assert.Equal(BadRowAction.Skip, rows.Take(Row("x", "row 9: second")));
            rows.Commit();

            Assert.Equal((2, "row 4: first"), (rows.Count, rows.FirstProblem));
        }

        Assert.Equal(
            "\"a \"\"b\"\"\"\t\"c\"\n1\t2\t3\nx\n",
            await File.ReadAllTextAsync(folder.File("r.tsv"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Commit_WithoutRows_RemovesWhatAnEarlierRunLeft()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("r.csv"), "old", TestContext.Current.CancellationToken);

        await using var rows = new RejectedRows(folder.File("r.csv"), DelimitedTextOptions.Csv, ["a"]);
        rows.Commit();

        Assert.False(File.Exists(folder.File("r.csv")));
    }

    [Fact]
    public async Task Dispose_WithoutCommit_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        await using (var rows = new RejectedRows(folder.File("r.csv"), DelimitedTextOptions.Csv, ["a"]))
        {
            rows.Take(Row("1,2", "row 1"));
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static BadRow Row(string record, string message) =>
        new(ErrorCode.RaggedRow, message, message, new TableLocation(1, 0), Encoding.UTF8.GetBytes(record));
}
