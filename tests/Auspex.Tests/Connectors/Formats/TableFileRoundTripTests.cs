using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Formats;

public sealed class TableFileRoundTripTests
{
    public static TheoryData<string, BlockCompression> Typed => new()
    {
        { "t.parquet", BlockCompression.Default },
        { "t.parquet", BlockCompression.None },
        { "t.parquet", BlockCompression.Zstd },
        { "t.arrow", BlockCompression.Default },
        { "t.feather", BlockCompression.Zstd },
        { "t.arrows", BlockCompression.Default },
        { "t.arrows", BlockCompression.Zstd },
    };

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Write_ThenRead_GivesTheSameTableAndSchema(string path, BlockCompression blocks)
    {
        for (var seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var table = FormatTables.Random(seed, random.Next(4) == 0 ? random.Next(3) : random.Next(400), random.NextDouble());
            var options = new TableWriteOptions { Name = path, Blocks = blocks, RowGroupRows = 1 + random.Next(150) };

            var file = await FormatTables.WriteAsync(table, path, options, 1 + random.Next(120));
            var found = await FormatTables.ReadAsync(
                file, path, new TableReadOptions { Name = path, BatchRows = 1 + random.Next(100), BatchBytes = 1 + random.Next(500) });

            TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}: {table.RowCount} rows, {file.Length} bytes");
            FormatTables.AssertSame(table, found);
            Assert.Equal(table.Schema.Fields, found.Schema.Fields);
        }
    }

    [Theory]
    [InlineData("t.csv")]
    [InlineData("t.csv.gz")]
    [InlineData("t.TSV.GZ")]
    [InlineData("t.csv.zst")]
    [InlineData("t.tsv.zstd")]
    public async Task Write_DelimitedText_GivesTheSameTable(string path)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var table = FormatTables.Random(seed, seed * 100);

            var file = await FormatTables.WriteAsync(table, path, batchRows: 64);
            var found = await FormatTables.ReadAsync(file, path, new TableReadOptions { Name = path, Schema = table.Schema, BatchRows = 77 });

            // Here and there an empty text and a missing one are the same.
            Assert.Equal(table.RowCount, found.RowCount);
            for (var row = 0; row < table.RowCount; row++)
            {
                for (var column = 0; column < table.Columns.Length; column++)
                {
                    Assert.Equal(
                        ColumnText.Text(table.Columns[column], row, CellFormat.File) ?? "",
                        ColumnText.Text(found.Columns[column], row, CellFormat.File) ?? "");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Typed))]
    public async Task Write_EmptyTable_KeepsTheSchema(string path, BlockCompression blocks)
    {
        var table = TableBatches.Empty(FormatTables.Schema);

        var found = await FormatTables.ReadAsync(
            await FormatTables.WriteAsync(table, path, new TableWriteOptions { Blocks = blocks }), path);

        Assert.Equal(0, found.RowCount);
        Assert.Equal(table.Schema.Fields, found.Schema.Fields);
    }

    [Theory]
    [InlineData("t.arrow")]
    [InlineData("t.arrows")]
    public async Task Write_TableWithoutColumns_KeepsItsRows(string path)
    {
        var table = new TableBatch(new TableSchema([]), [], 5);

        var found = await FormatTables.ReadAsync(await FormatTables.WriteAsync(table, path), path);

        Assert.Equal(5, found.RowCount);
        Assert.Empty(found.Columns);
    }

    [Fact]
    public async Task Write_TableWithoutColumnsAsParquet_SaysThatTheFormatCannot()
    {
        var failure = await Assert.ThrowsAsync<TableFormatException>(
            () => FormatTables.WriteAsync(new TableBatch(new TableSchema([]), [], 5), "t.parquet"));

        Assert.Contains("without columns", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public async Task Write_Nanoseconds_KeepsEveryTick(string path)
    {
        var schema = FormatTables.SchemaOf(("t", ColumnType.DateTime), ("d", ColumnType.TimeSpan));
        var table = TableBatches.FromRows(
            schema, [new DateTime(638_000_000_000_000_007), new TimeSpan(-7)], [new DateTime(1677, 12, 31).AddTicks(1), null]);

        var found = await FormatTables.ReadAsync(
            await FormatTables.WriteAsync(table, path, new TableWriteOptions { Times = TimeResolution.Nanoseconds }), path);

        FormatTables.AssertSame(table, found);
    }

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public async Task Write_NanosecondsOutOfRange_SaysWhichColumn(string path)
    {
        var table = TableBatches.FromRows(FormatTables.SchemaOf(("when", ColumnType.DateTime)), [new DateTime(1, 1, 1)]);

        var failure = await Assert.ThrowsAsync<TableFormatException>(
            () => FormatTables.WriteAsync(table, path, new TableWriteOptions { Times = TimeResolution.Nanoseconds }));

        Assert.Contains("'when'", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public async Task Write_Microseconds_DropsTheLastDigitTowardsThePast(string path)
    {
        var schema = FormatTables.SchemaOf(("t", ColumnType.DateTime), ("d", ColumnType.TimeSpan));
        var table = TableBatches.FromRows(schema, [new DateTime(1969, 1, 1).AddTicks(19), new TimeSpan(-1)]);

        var found = await FormatTables.ReadAsync(await FormatTables.WriteAsync(table, path), path);

        Assert.Equal(new DateTime(1969, 1, 1).AddTicks(10).Ticks, ((DateTimeColumn)found.Columns[0]).Values[0]);
        Assert.Equal(-10, ((TimeSpanColumn)found.Columns[1]).Values[0]);
    }

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    public async Task Write_CategoriesOfAnotherDomain_GoByLevel(string path)
    {
        var field = new TableField { Name = "c", Type = ColumnType.String, Categories = new CategoryDomain(["a", "b"]) };
        var schema = new TableSchema([field]);
        var other = new TableSchema([field with { Categories = new CategoryDomain(["b", "a"]) }]);
        using var stream = new MemoryStream();
        await using (var sink = TableFile.OpenWrite(path, stream, schema, new TableWriteOptions()))
        {
            await sink.WriteAsync(TableBatches.FromRows(schema, ["a"], ["b"]), TestContext.Current.CancellationToken);
            await sink.WriteAsync(TableBatches.FromRows(other, ["a"], [null]), TestContext.Current.CancellationToken);
            await sink.CompleteAsync(TestContext.Current.CancellationToken);
        }

        var found = (CategoryColumn)(await FormatTables.ReadAsync(stream.ToArray(), path)).Columns[0];

        Assert.Equal(["a", "b"], found.Domain.Levels);
        Assert.Equal([0, 1, 0, -1], found.Values.ToArray());
    }

    [Theory]
    [InlineData("a.csv", TableFileKind.DelimitedText, true)]
    [InlineData("folder.parquet/a.NH.TSV", TableFileKind.DelimitedText, true)]
    [InlineData("a.csv.gz", TableFileKind.DelimitedText, false)]
    [InlineData("a.Parquet", TableFileKind.Parquet, false)]
    [InlineData("a.feather", TableFileKind.Arrow, false)]
    [InlineData("a.arrows", TableFileKind.ArrowStream, false)]
    [InlineData("a.arff", TableFileKind.Arff, false)]
    public void ForPath_KnownExtension_GivesTheFormat(string path, TableFileKind kind, bool isPlain)
    {
        Assert.Equal(kind, TableFileFormat.ForPath(path).Kind);
        Assert.Equal(isPlain, TableFileFormat.ForPath(path).IsPlainText);
    }

    [Theory]
    [InlineData("a.xlsx")]
    [InlineData("a.parquet.gz")]
    [InlineData("csv")]
    [InlineData("a.gz")]
    [InlineData("")]
    public void ForPath_AnyOther_ListsTheExtensions(string path)
    {
        var failure = Assert.Throws<TableFormatException>(() => TableFileFormat.ForPath(path));

        Assert.Contains(".csv.gz", failure.Message, StringComparison.Ordinal);
    }
}
