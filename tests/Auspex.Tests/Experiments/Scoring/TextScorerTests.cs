using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Models;
using Auspex.Experiments.Scoring;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Experiments.Scoring;

public sealed class TextScorerTests
{
    private static readonly TableSchema Columns = new(
    [
        new TableField { Name = "id", Type = ColumnType.String },
        new TableField { Name = "x", Type = ColumnType.Double },
        new TableField { Name = "note", Type = ColumnType.String },
        new TableField { Name = "n", Type = ColumnType.Int64 },
    ]);

    private static readonly Gen<string> Text = Gen.OneOf("a", "b,c", "d\"e", "f\r\ng", "é😀", " ", "", "1.50").Array[0, 3].Select(string.Concat);

    private static readonly Gen<object?[]> Row = Gen.Select(
        Text.Null(), Gen.Double[-1e6, 1e6].Nullable(), Text.Null(), Gen.Long.Nullable(),
        (id, x, note, n) => new object?[] { id, x, note, n });

    [Fact]
    public async Task RunAsync_AnyTable_WritesWhatTheGeneralWayWrites() =>
        await Gen.Select(Row.Array[0, 80], Gen.Int[1, 4], Gen.Int[1, 400], Gen.Shuffle(new[] { 0, 1, 2, 3 }), Gen.Int[1, 4], Gen.OneOf(",", ";"))
            .SampleAsync(async (rows, threads, blockBytes, order, kept, delimiter) =>
            {
                var table = TableBatches.FromRows(Columns, rows);
                var input = await WriteAsync(table, DelimitedTextWriterOptions.Csv);
                var transform = new Doubled(Columns, [.. order.Take(kept)]);
                var output = DelimitedTextWriterOptions.Csv with { Delimiter = delimiter };

                // Written by our own writer, every cell stands as it would be written again.
                var expected = await WriteAsync(transform.Apply(table), output);

                Assert.Equal(Encoding.UTF8.GetString(expected), Encoding.UTF8.GetString(await ScoreAsync(input, transform, output, threads, blockBytes)));
            });

    [Fact]
    public async Task RunAsync_ColumnsThatPassThrough_AreTheBytesTheyWere()
    {
        var input = "id,x,note,n\r\n\"q\", 1.50 ,\"\",+7\r\n?,2,\"a\"\"b\",007\r"u8.ToArray();

        var output = await ScoreAsync(input, new Doubled(Columns, [0, 1, 2, 3]), DelimitedTextWriterOptions.Csv, 1, 100);

        Assert.Equal("id,x,note,n,twice\n\"q\", 1.50 ,\"\",+7,3\n?,2,\"a\"\"b\",007,4\n", Encoding.UTF8.GetString(output));
    }

    [Fact]
    public async Task RunAsync_FromAnyPosition_GoesOnAsIfNothingHadHappened()
    {
        var bad = Gen.Frequency((9, Gen.Const((string?)null)), (1, Gen.OneOf("1,x", "\"open", "a,notanumber,c,1", "\0,1,,")!));
        await Gen.Select(Gen.Select(Row, bad).Array[1, 60], Gen.Int[1, 200], Gen.Int[0, 30], Gen.OneOf("utf-8", "utf-16")).SampleAsync(
            async (rows, blockBytes, stopAfter, encoding) =>
            {
                var text = new StringBuilder();
                text.Append("id,x,note,n\n");
                foreach (var (row, badRow) in rows)
                {
                    text.Append(Encoding.UTF8.GetString(await WriteAsync(TableBatches.FromRows(Columns, [row]), DelimitedTextWriterOptions.Csv with { HasHeader = false })));
                    text.Append(badRow is null ? "" : badRow + "\n");
                }

                var content = Encoding.GetEncoding(encoding).GetBytes(text.ToString());
                var options = DelimitedTextOptions.Csv with { Schema = Columns, EncodingName = encoding };
                var whole = new Run(options, content);
                await whole.GoAsync(blockBytes, int.MaxValue);

                var parts = new Run(options, content);
                await parts.GoAsync(blockBytes, stopAfter);
                await parts.GoAsync((blockBytes / 2) + 1, int.MaxValue);

                Assert.Equal(whole.Position, parts.Position);
                Assert.Equal(whole.Output, parts.Output);
                Assert.Equal(whole.Rejects, parts.Rejects);
            });
    }

    [Fact]
    public async Task RunAsync_BadRowThatIsNotSkipped_FailsAfterTheRowsBeforeIt()
    {
        var input = "id,x,note,n\na,1,,1\nb,2,,2\nc,three,,3\nd,4,,4\n"u8.ToArray();

        var failure = await Assert.ThrowsAsync<TableFormatException>(
            () => ScoreAsync(input, new Doubled(Columns, [0]), DelimitedTextWriterOptions.Csv, 2, 8));

        Assert.Equal((3, "x"), (failure.Location!.Row, failure.Location.Column));
    }

    [Fact]
    public async Task RunAsync_WhenTheSinkFails_FailsAlike()
    {
        var input = await WriteAsync(TableBatches.FromRows(Columns, Enumerable.Repeat<object?[]>(["a", 1.0, "b", 2L], 5000).ToArray()), DelimitedTextWriterOptions.Csv);
        var options = DelimitedTextOptions.Csv with { Schema = Columns };
        await using var reader = await DelimitedBlockReader.OpenAsync(new MemoryStream(input), options, CancellationToken.None);
        var plan = TextScoringPlan.Compile(new Doubled(Columns, [0]), options, reader.FileColumns, DelimitedTextWriterOptions.Csv);

        await Assert.ThrowsAsync<IOException>(() => new TextScorer(plan, 3, null, 100).RunAsync(
            reader, default, (_, _, _) => throw new IOException("full"), TestContext.Current.CancellationToken));
    }

    private static async Task<byte[]> ScoreAsync(
        byte[] input, IRowTransform transform, DelimitedTextWriterOptions output, int threads, int blockBytes)
    {
        var options = DelimitedTextOptions.Csv with { Schema = Columns };
        await using var reader = await DelimitedBlockReader.OpenAsync(new MemoryStream(input), options, CancellationToken.None);
        var plan = TextScoringPlan.Compile(transform, options, reader.FileColumns, output);
        using var written = new MemoryStream();
        await written.WriteAsync(plan.Header());
        await new TextScorer(plan, threads, null, blockBytes).RunAsync(
            reader, default, (text, _, token) => written.WriteAsync(text, token), CancellationToken.None);
        return written.ToArray();
    }

    private static async Task<byte[]> WriteAsync(TableBatch table, DelimitedTextWriterOptions options)
    {
        using var stream = new MemoryStream();
        await using var writer = new DelimitedTextWriter(stream, table.Schema, options, leaveOpen: true);
        await writer.WriteAsync(table, CancellationToken.None);
        await writer.CompleteAsync(CancellationToken.None);
        return stream.ToArray();
    }

    // A scoring that can be broken off after some blocks and taken up again.
    private sealed class Run(DelimitedTextOptions options, byte[] content)
    {
        private readonly StringBuilder _output = new();
        private readonly StringBuilder _rejects = new();
        private ScoringPosition _position;

        public ScoringPosition Position => _position;

        public string Output => _output.ToString();

        public string Rejects => _rejects.ToString();

        public async Task GoAsync(int blockBytes, int blocks)
        {
            await using var reader = await DelimitedBlockReader.OpenAtAsync(
                (offset, _) => Task.FromResult<Stream>(new MemoryStream(content[(int)offset..])), options, _position.InputOffset, CancellationToken.None);
            var plan = TextScoringPlan.Compile(new Doubled(Columns, [0, 2, 1]), options, reader.FileColumns, DelimitedTextWriterOptions.Csv);
            var pending = new StringBuilder();
            var scorer = new TextScorer(plan, 2, Reject, blockBytes);
            try
            {
                await scorer.RunAsync(reader, _position, WriteAsync, CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                // Broken off, as by a crash: what came after the last position is lost.
            }

            BadRowAction Reject(BadRow bad)
            {
                pending.Append(CultureInfo.InvariantCulture, $"{bad.Location.Row} {bad.Location.Offset} {bad.Reason} {Convert.ToHexString(bad.Record.Span)}\n");
                return BadRowAction.Skip;
            }

            ValueTask WriteAsync(ReadOnlyMemory<byte> text, ScoringPosition after, CancellationToken cancellationToken)
            {
                if (blocks-- == 0)
                {
                    throw new OperationCanceledException();
                }

                _output.Append(Encoding.UTF8.GetString(text.Span));
                _rejects.Append(pending);
                pending.Clear();
                _position = after;
                return ValueTask.CompletedTask;
            }
        }
    }

    /// <summary>Keeps some columns in some order and adds twice the number.</summary>
    private sealed class Doubled : IRowTransform
    {
        private readonly ImmutableArray<int> _kept;

        public Doubled(TableSchema input, ImmutableArray<int> kept)
        {
            _kept = kept;
            Output = new TableSchema(
                [.. kept.Select(column => input.Fields[column]), new TableField { Name = "twice", Type = ColumnType.Double }]);
            Flow = new ColumnFlow([.. kept, -1], [.. input.Fields.Select(field => field.Name == "x")]);
        }

        public TableSchema Output { get; }

        public ColumnFlow Flow { get; }

        public TableBatch Apply(TableBatch batch)
        {
            var x = (DoubleColumn)batch.Columns[1];
            var twice = x.Values.ToArray().Select(value => value * 2).ToArray();
            return new TableBatch(
                Output, [.. _kept.Select(column => batch.Columns[column]), new DoubleColumn(twice, x.Length, x.Validity)], batch.RowCount);
        }
    }
}
