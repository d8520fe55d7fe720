using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Errors;
using Auspex.Experiments.Scoring.Files;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring.Files;

public sealed class RejectsFileTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commit_KeepsTheRowsAfterThePreamble()
    {
        using var folder = new TemporaryFolder();
        var rows = new RejectedRows("in.tsv", new BadRowPolicy(BadRowMode.Quarantine));
        await using (var file = new RejectsFile(folder.File("r.csv"), "head\n"u8.ToArray()))
        {
            rows.Take(Row());
            file.Write(rows);
            file.Write(rows);
            file.Commit();
        }

        Assert.Equal("head\n1,4,17,\"\",\"odd\",\"x,y\"\n", await File.ReadAllTextAsync(folder.File("r.csv"), Cancellation));
    }

    [Fact]
    public async Task Commit_WithoutRows_RemovesWhatAnEarlierRunLeft()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("r.csv"), "old", Cancellation);

        await using var file = new RejectsFile(folder.File("r.csv"), []);
        file.Write(new RejectedRows("in.csv", new BadRowPolicy(BadRowMode.Quarantine)));
        file.Commit();

        Assert.False(File.Exists(folder.File("r.csv")));
    }

    [Fact]
    public async Task Dispose_WithoutCommit_LeavesNothing()
    {
        using var folder = new TemporaryFolder();
        var rows = new RejectedRows("in.tsv", new BadRowPolicy(BadRowMode.Quarantine));
        await using (var file = new RejectsFile(folder.File("r.csv"), []))
        {
            rows.Take(Row());
            file.Write(rows);
        }

        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static BadRow Row() =>
        new(ErrorCode.RaggedRow, "in.tsv: row 4: odd", "odd", new TableLocation(4, 17), Encoding.UTF8.GetBytes("x,y"));
}
