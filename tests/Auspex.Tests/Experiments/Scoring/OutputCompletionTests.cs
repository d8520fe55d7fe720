using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class OutputCompletionTests
{
    private static readonly TableSchema Columns = new(
        [new TableField { Name = "x", Type = ColumnType.Double }, new TableField { Name = "note", Type = ColumnType.String }]);

    [Fact]
    public async Task RunAsync_AllMended_GivesTheOutputOfAFlawlessInput() =>
        await Gen.Select(Gen.Bool, Gen.Bool, Gen.OneOf("a", "\"b,\nc\"", "é", "")).Array[1, 60]
            .SampleAsync(async rows =>
            {
                // Some rows are bad; of those some are mended, the others left as they are.
                var good = rows.Select((row, index) => $"0{index},{row.Item3}").ToArray();
                var flawed = rows.Select((row, index) => row.Item1 ? $"x{index},{row.Item3}" : good[index]).ToArray();
                var halfMended = rows.Select((row, index) => row is (true, true, _) ? flawed[index] : good[index]).ToArray();
                if (rows.All(row => row.Item1))
                {
                    return;
                }

                var (output, rejects) = await ScoreAsync(flawed);
                var expected = await ScoreAsync(halfMended);

                foreach (var (index, row) in rows.Index())
                {
                    if (row is (true, false, _))
                    {
                        rejects = rejects.Replace($"\"x{index},", $"\"0{index},", StringComparison.Ordinal);
                    }
                }

                var completed = await CompleteAsync(output, rejects);
                Assert.Equal(expected.Output, completed.Output);
                Assert.Equal(expected.Rejects.Split('\n').Skip(2), completed.Rejects.Split('\n'));
            });

    [Theory]
    [InlineData("Reject,Row,Offset,Column,Reason,Record\n", "number 0")]
    [InlineData("Reject,Row,Offset,Column,Reason,Record\n1,2,3,,r,\"1,a\"\n", "number 0")]
    [InlineData("Reject,Row,Offset,Column,Reason,Record\n0,0,0,in.csv,h,\"x,note\"\n2,2,3,,r,\"1,a\"\n", "reject 1 after 0")]
    [InlineData("Reject,Row,Offset,Column,Reason,Record\n0,0,0,in.csv,h,\"x,note\"\n1,2,3,,r,\"1,a\"\n2,2,9,,r,\"1,a\"\n", "reject 2 after 1")]
    [InlineData("Reject,Row,Offset,Column,Reason,Record\n0,0,0,in.csv,h,\"x,note\"\n1,2,3,,r,\n", "a record")]
    [InlineData("Reject,Row,Offset,Column,Reason,Record\n0,0,0,in.csv,h,\"x,note\"\n1,2,3,,r,base64:!\n", "base64")]
    [InlineData("Reject,Row,Offset,Column,Reason,Record\n0,0,0,in.csv,h,\"x,note\"\none,2,3,,r,\"1,a\"\n", "a number in column Reject")]
    public async Task ReadAsync_ChangedElsewhere_SaysWhatIsExpected(string text, string expected)
    {
        var failure = await Assert.ThrowsAsync<TableFormatException>(() => ReadAsync(text));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x,note,twice\n1,a,2\n", 5, "The output ends before row 5")]
    [InlineData("x,twice\n1,2\n", 2, "another header")]
    public async Task RunAsync_AnotherOutput_IsRefused(string output, int row, string expected)
    {
        var rejects = $"{RejectedRows.Header}\n0,0,0,in.csv,h,\"x,note\"\n1,{row},3,,r,\"7,a\"\n";

        var failure = await Assert.ThrowsAsync<TableFormatException>(() => CompleteAsync(output, rejects));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,\"open", "closed\",2")]
    [InlineData("1,a\n2,b", "3,c")]
    public async Task RunAsync_RecordsThatAreNotOneRowEach_AreRefused(string first, string second)
    {
        var rejects = $"{RejectedRows.Header}\n0,0,0,in.csv,h,\"x,note\"\n1,1,3,,r,\"{first.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n"
            + $"2,2,9,,r,\"{second.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n";

        var failure = await Assert.ThrowsAsync<TableFormatException>(() => CompleteAsync("x,note,twice\n", rejects));

        Assert.Contains("expected one in each", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ManyRejects_ReadsThemAsTheyAreScored()
    {
        const int Rejects = 200_000;
        var filling = new string('f', 80);
        using var file = new MemoryStream();
        await using (var text = new StreamWriter(file, leaveOpen: true))
        {
            text.Write($"{RejectedRows.Header}\n0,0,0,in.csv,h,\"x,note\"\n");
            for (var reject = 1; reject <= Rejects; reject++)
            {
                text.Write($"{reject},{reject},{reject},,r,\"{reject},{filling}\"\n");
            }
        }

        file.Position = 0;
        await using var mended = await RejectsReader.OpenAsync(file, "r.csv", 1 << 10, CancellationToken.None);
        var options = DelimitedTextOptions.Csv with { Schema = Columns };
        await using var reader = await DelimitedBlockReader.OpenAsync(mended.Text, options, CancellationToken.None);
        var plan = TextScoringPlan.Compile(new Doubled(), options, reader.FileColumns, DelimitedTextWriterOptions.Csv);
        var furthestAhead = 0L;
        var written = 0L;

        var rows = await OutputCompletion.RunAsync(
            mended,
            (plan, reader, 2),
            new MemoryStream("x,note,twice\n"u8.ToArray()),
            DelimitedTextOptions.Csv,
            (bytes, _) =>
            {
                written += bytes.Length;
                furthestAhead = Math.Max(furthestAhead, file.CanRead ? file.Position - written : 0);
                return ValueTask.CompletedTask;
            },
            new RejectedRows("r.csv", new BadRowPolicy(BadRowMode.Quarantine)),
            CancellationToken.None);

        // What is in flight, and no more however long the file is: batches of the rejects file and blocks of its records. A record of
        // the rejects file is longer than the row that comes of it, by less than a third.
        Assert.Equal(Rejects, rows);
        Assert.True(furthestAhead < (8 << 20) + (written / 3), $"Rejects were read {furthestAhead} bytes ahead of {written} that were written.");
    }

    [Fact]
    public async Task OpenAsync_RecordAsLongAsAnyMayBe_IsRead()
    {
        var record = $"1,{new string('"', 2 << 10)}";
        var rejects = $"{RejectedRows.Header}\n0,0,0,in.csv,h,\"x,note\"\n1,2,3,,r,\"{record.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n";
        await using var reader = await RejectsReader.OpenAsync(new MemoryStream(Encoding.UTF8.GetBytes(rejects)), "r.csv", record.Length, CancellationToken.None);
        using var text = new MemoryStream();

        await reader.Text.CopyToAsync(text, TestContext.Current.CancellationToken);

        Assert.Equal($"x,note\n{record}\n", Encoding.UTF8.GetString(text.ToArray()));
        Assert.True(reader.TryTakePlace(out var place) && place == new RejectedPlace(2, 3));
        Assert.False(reader.TryTakePlace(out _));
    }

    private static async Task<(string Output, string Rejects)> ScoreAsync(string[] rows)
    {
        var input = Encoding.UTF8.GetBytes("x,note\n" + string.Concat(rows.Select(row => row + "\n")));
        var options = DelimitedTextOptions.Csv with { Schema = Columns };
        await using var reader = await DelimitedBlockReader.OpenAsync(new MemoryStream(input), options, CancellationToken.None);
        var rejected = new RejectedRows("in.csv", new BadRowPolicy(BadRowMode.Quarantine));
        var plan = TextScoringPlan.Compile(new Doubled(), options, reader.FileColumns, DelimitedTextWriterOptions.Csv);
        using var output = new MemoryStream();
        await output.WriteAsync(plan.Header());
        await new TextScorer(plan, 2, rejected.Take, 64).RunAsync(
            reader, default, (text, _, token) => output.WriteAsync(text, token), CancellationToken.None);
        return (
            Encoding.UTF8.GetString(output.ToArray()),
            Encoding.UTF8.GetString(RejectedRows.Preamble("in.csv", reader.HeaderRecord.Span)) + Encoding.UTF8.GetString(rejected.Pending.Span));
    }

    private static async Task ReadAsync(string rejects)
    {
        await using var reader = await OpenAsync(rejects);
        await reader.Text.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
    }

    private static Task<RejectsReader> OpenAsync(string rejects) =>
        RejectsReader.OpenAsync(new MemoryStream(Encoding.UTF8.GetBytes(rejects)), "r.csv", 1 << 20, CancellationToken.None);

    private static async Task<(string Output, string Rejects)> CompleteAsync(string output, string rejects)
    {
        await using var mended = await OpenAsync(rejects);
        var options = DelimitedTextOptions.Csv with { Schema = Columns };
        await using var reader = await DelimitedBlockReader.OpenAsync(mended.Text, options, CancellationToken.None);
        var plan = TextScoringPlan.Compile(new Doubled(), options, reader.FileColumns, DelimitedTextWriterOptions.Csv);
        var left = new RejectedRows("r.csv", new BadRowPolicy(BadRowMode.Quarantine));
        using var completed = new MemoryStream();
        await OutputCompletion.RunAsync(
            mended,
            (plan, reader, 2),
            new MemoryStream(Encoding.UTF8.GetBytes(output)),
            DelimitedTextOptions.Csv,
            completed.WriteAsync,
            left,
            CancellationToken.None);
        return (Encoding.UTF8.GetString(completed.ToArray()), Encoding.UTF8.GetString(left.Pending.Span));
    }

    private sealed class Doubled : IRowTransform
    {
        public TableSchema Output { get; } = new([.. Columns.Fields, new TableField { Name = "twice", Type = ColumnType.Double }]);

        public ColumnFlow Flow { get; } = new([0, 1, -1], [true, false]);

        public TableBatch Apply(TableBatch batch)
        {
            var x = (DoubleColumn)batch.Columns[0];
            double[] twice = [.. x.Values.ToArray().Select(value => value * 2)];
            return new TableBatch(Output, [x, batch.Columns[1], new DoubleColumn(twice, x.Length, x.Validity)], batch.RowCount);
        }
    }
}
