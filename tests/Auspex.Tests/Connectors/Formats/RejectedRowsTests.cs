using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Connectors.Formats;

public sealed class RejectedRowsTests
{
    [Fact]
    public void Take_Quarantine_WritesPlaceReasonAndRecord()
    {
        var rows = new RejectedRows("in.csv", new BadRowPolicy(BadRowMode.Quarantine));

        Assert.Equal(BadRowAction.Skip, rows.Take(Row(3, "a,\"b\nc", "amount")));
        Assert.Equal(BadRowAction.Skip, rows.Take(Row(9, "x", null, [0xFF, 0x2C])));

        Assert.Equal((2, "in.csv: row 3"), (rows.Count, rows.FirstProblem));
        Assert.Equal(
            "1,3,30,\"amount\",\"odd\",\"a,\"\"b\nc\"\n2,9,90,\"\",\"odd\",\"base64:/yw=\"\n", Encoding.UTF8.GetString(rows.Pending.Span));
        rows.ClearPending();
        Assert.True(rows.Pending.IsEmpty);
    }

    [Fact]
    public void Take_Skip_CountsAndWritesNothing()
    {
        var rows = new RejectedRows("in.csv", new BadRowPolicy(BadRowMode.Skip), count: 4, firstProblem: "in.csv: row 1");

        Assert.Equal(BadRowAction.Skip, rows.Take(Row(3, "a", null)));

        Assert.Equal((5, "in.csv: row 1", 0), (rows.Count, rows.FirstProblem, rows.Pending.Length));
    }

    [Fact]
    public void Take_Fail_LeavesNothingOut()
    {
        var rows = new RejectedRows("in.csv", BadRowPolicy.Fail);

        Assert.Equal(BadRowAction.Fail, rows.Take(Row(3, "a", null)));
        Assert.Equal(0, rows.Count);
    }

    [Fact]
    public void Take_OverTheLimit_FailsWithTheFirst()
    {
        var rows = new RejectedRows("in.csv", new BadRowPolicy(BadRowMode.Skip, MaxRows: 1));
        rows.Take(Row(3, "a", null));

        var failure = Assert.Throws<TableFormatException>(() => rows.Take(Row(4, "b", null)));

        Assert.Contains("more than 1 rows", failure.Message, StringComparison.Ordinal);
        Assert.Contains("row 3", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0.01, 100, true)]
    [InlineData(2, 0.01, 100, false)]
    [InlineData(1, 0.0, 100, false)]
    [InlineData(3, null, 3, false)]
    [InlineData(0, 0.0, 0, true)]
    public void CheckAll_HoldsTheShareAndThatSomethingIsLeft(int bad, double? share, long rows, bool passes)
    {
        var rejected = new RejectedRows("in.csv", new BadRowPolicy(BadRowMode.Skip, MaxShare: share), bad, bad > 0 ? "row 1" : null);

        var failure = Record.Exception(() => rejected.CheckAll(rows));

        Assert.Equal(passes, failure is null);
        Assert.True(failure is null or TableFormatException);
    }

    [Fact]
    public void Preamble_HoldsTheInputsNameAndHeader() => Assert.Equal(
        "Reject,Row,Offset,Column,Reason,Record\n0,0,0,\"in.tsv\",\"the header of the input\",\"a\t\"\"b\"\"\"\n",
        Encoding.UTF8.GetString(RejectedRows.Preamble("in.tsv", "a\t\"b\""u8)));

    [Theory]
    [InlineData(null, null, BadRowMode.Fail, null, null)]
    [InlineData("Quarantine", "10", BadRowMode.Quarantine, 10L, null)]
    [InlineData("skip", "0.5%", BadRowMode.Skip, null, 0.005)]
    [InlineData("fail", "100%", BadRowMode.Fail, null, 1.0)]
    public void TryParse_ModeAndLimit_AreRead(string? mode, string? limit, BadRowMode expected, long? rows, double? share)
    {
        Assert.True(BadRowPolicy.TryParse(mode, limit, out var policy, out _));
        Assert.Equal(new BadRowPolicy(expected, rows, share), policy);
    }

    [Theory]
    [InlineData("drop", null)]
    [InlineData("1", null)]
    [InlineData("skip", "-1")]
    [InlineData("skip", "101%")]
    [InlineData("skip", "a few")]
    [InlineData("skip", "")]
    public void TryParse_Other_SaysWhatIsExpected(string? mode, string? limit)
    {
        Assert.False(BadRowPolicy.TryParse(mode, limit, out _, out var problem));
        Assert.Contains("expected", problem, StringComparison.Ordinal);
    }

    private static BadRow Row(long row, string record, string? column, byte[]? bytes = null) => new(
        ErrorCode.RaggedRow, $"in.csv: row {row}", "odd", new TableLocation(row, row * 10, column), bytes ?? Encoding.UTF8.GetBytes(record));

    [Theory]
    [InlineData(null, null)]
    [InlineData("1024", 1024)]
    [InlineData("536870912", 1 << 29)]
    public void TryParseRecordBytes_ANumberInRange_IsIt(string? text, int? expected)
    {
        Assert.True(BadRowPolicy.TryParseRecordBytes(text, out var bytes, out _));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1023")]
    [InlineData("536870913")]
    [InlineData("-1024")]
    [InlineData("16 MiB")]
    public void TryParseRecordBytes_AnythingElse_SaysWhatIsExpected(string text)
    {
        Assert.False(BadRowPolicy.TryParseRecordBytes(text, out _, out var problem));
        Assert.Contains($"found '{text}'", problem, StringComparison.Ordinal);
        Assert.Contains("expected 1024 to 536870912", problem, StringComparison.Ordinal);
    }
}
