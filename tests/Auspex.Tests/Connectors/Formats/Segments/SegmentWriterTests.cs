using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Segments;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Formats.Segments;

public sealed class SegmentWriterTests
{
    private static readonly TableSchema Schema = new(
    [
        new TableField { Name = "n", Type = ColumnType.Double },
        new TableField { Name = "t", Type = ColumnType.String },
        new TableField { Name = "i", Type = ColumnType.Int64 },
        new TableField { Name = "d", Type = ColumnType.DateTime },
    ]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("f.csv")]
    [InlineData("f.csv.gz")]
    [InlineData("f.tsv.zst")]
    [InlineData("f.parquet")]
    [InlineData("f.arrow")]
    [InlineData("f.arrows")]
    public async Task Open_AnyPlaceThatWasSettled_GoesOnToTheSameBytes(string path)
    {
        var batches = Enumerable.Range(0, 40).Select(Batch).ToList();
        var whole = new MemoryStream();
        var places = await WriteAsync(path, batches, 0, null, whole);

        foreach (var (next, state) in places.Where((_, index) => index % 7 == 3))
        {
            var again = new MemoryStream();
            again.Write(whole.GetBuffer(), 0, (int)state.Length);
            await WriteAsync(path, batches, next, state, again);
            Assert.True(whole.ToArray().AsSpan().SequenceEqual(again.ToArray()), $"{path}, from batch {next}, unit {state.Settled}");
        }

        Assert.NotEmpty(places);
        var read = await ReadAsync(path, whole.ToArray());
        Assert.Equal(batches.Sum(batch => batch.RowCount), read.RowCount);
        for (var column = 0; column < Schema.Fields.Length; column++)
        {
            Assert.Equal(
                batches.SelectMany(batch => Texts(batch, column)).Where((_, row) => row % 97 == 0),
                Texts(read, column).Where((_, row) => row % 97 == 0));
        }
    }

    [Theory]
    [InlineData("f.csv.gz")]
    [InlineData("f.tsv.zst")]
    [InlineData("f.parquet")]
    [InlineData("f.arrow")]
    public async Task Complete_WithoutRows_IsAWholeFile(string path)
    {
        var bytes = new MemoryStream();

        await WriteAsync(path, [], 0, null, bytes);

        Assert.Equal(0, (await ReadAsync(path, bytes.ToArray())).RowCount);
    }

    /// <summary>Writes batches; gives each place at which somebody could go on, and the batch that comes next there.</summary>
    private static async Task<List<(int Next, SegmentState State)>> WriteAsync(
        string path, List<TableBatch> batches, int first, SegmentState? start, MemoryStream to)
    {
        var places = new List<(int, SegmentState)>();
        await using var writer = SegmentWriter.Open(path, Schema, new TableWriteOptions(), start);
        for (var i = first; i < batches.Count; i++)
        {
            var before = writer.Written;
            await writer.WriteAsync(batches[i], Token);
            to.Write(writer.Ready.Span);
            writer.ClearReady();
            if (writer.Settled == writer.Written || writer.Settled >= before)
            {
                var (next, written) = writer.Settled == writer.Written ? (i + 1, writer.Written) : (i, before);
                places.Add((next, new SegmentState(to.Length, written, writer.Settled, [.. writer.Footer])));
            }
        }

        await writer.CompleteAsync(Token);
        to.Write(writer.Ready.Span);
        return places;
    }

    private static async Task<TableBatch> ReadAsync(string path, byte[] bytes)
    {
        await using var source = await TableFile.OpenReadAsync(
            path, _ => Task.FromResult<Stream>(new MemoryStream(bytes)), new TableReadOptions { Schema = Schema }, Token);
        return await source.ReadAllAsync(Token);
    }

    private static IEnumerable<string?> Texts(TableBatch batch, int column) =>
        Enumerable.Range(0, batch.RowCount).Select(row => ColumnText.Text(batch.Columns[column], row, CellFormat.File));

    // Of unequal lengths, so that segments end inside some of them.
    private static TableBatch Batch(int number) => TableBatches.FromRows(
        Schema,
        [
            .. Enumerable.Range(0, 900 + (number * 37 % 300)).Select(row => new object?[]
            {
                row % 11 == 0 ? null : (number * 1.5) + row,
                row % 13 == 0 ? null : $"text {row % 50} {number}",
                (long)row * number,
                row % 17 == 0 ? null : DateTime.UnixEpoch.AddSeconds((number * 100_000) + row),
            }),
        ]);
}
