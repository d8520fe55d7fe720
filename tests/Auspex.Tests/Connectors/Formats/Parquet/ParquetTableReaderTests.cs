using System.Globalization;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Parquet;
using Auspex.Connectors.Tables;
using ParquetSharp;
using Xunit;
using Column = ParquetSharp.Column;

namespace Auspex.Tests.Connectors.Formats.Parquet;

/// <summary>Files of types that we do not write.</summary>
public sealed class ParquetTableReaderTests
{
    private static readonly DateTime Day = new(2024, 2, 29, 12, 34, 56);

    [Fact]
    public async Task Read_EveryFlatType_GivesOurs()
    {
        var file = Write(
            new ParquetSharp.Column<sbyte?>("i8"),
            new ParquetSharp.Column<ushort?>("u16"),
            new ParquetSharp.Column<uint?>("u32"),
            new ParquetSharp.Column<ulong?>("u64"),
            new ParquetSharp.Column<float?>("f"),
            new ParquetSharp.Column<decimal?>("m", LogicalType.Decimal(29, 3)),
            new ParquetSharp.Column<DateTime?>("ts", LogicalType.Timestamp(true, TimeUnit.Micros)),
            new ParquetSharp.Column<DateTimeNanos?>("ns", LogicalType.Timestamp(false, TimeUnit.Nanos)),
            new ParquetSharp.Column<Date?>("day"),
            new ParquetSharp.Column<TimeSpan?>("clock", LogicalType.Time(true, TimeUnit.Micros)),
            new ParquetSharp.Column<Guid?>("id"),
            new ParquetSharp.Column<Half?>("h"),
            new ParquetSharp.Column<string>("json", LogicalType.Json()),
            new ParquetSharp.Column<int>("required"))(
        group =>
        {
            Put<sbyte?>(group, -5, null);
            Put<ushort?>(group, 65535, null);
            Put<uint?>(group, uint.MaxValue, null);
            Put<ulong?>(group, long.MaxValue, null);
            Put<float?>(group, 0.5f, null);
            Put<decimal?>(group, -12345678901234567890.125m, null);
            Put<DateTime?>(group, DateTime.SpecifyKind(Day, DateTimeKind.Utc), null);
            Put<DateTimeNanos?>(group, new DateTimeNanos(Day), null);
            Put<Date?>(group, new Date(1931, 3, 4), null);
            Put<TimeSpan?>(group, new TimeSpan(0, 23, 59, 58), null);
            Put<Guid?>(group, new Guid("00112233-4455-6677-8899-aabbccddeeff"), null);
            Put<Half?>(group, (Half)1.5, null);
            Put<string>(group, "{\"a\":1}", null!);
            Put(group, 7, 8);
        });

        var table = await FormatTables.ReadAsync(file, "t.parquet");

        Assert.Equal(
            [
                "-5", "65535", "4294967295", "9223372036854775807", "0.5", (-12345678901234567890.125).ToString("R", CultureInfo.InvariantCulture),
                "2024-02-29T12:34:56", "2024-02-29T12:34:56", "1931-03-04T00:00:00", "23:59:58",
                "00112233-4455-6677-8899-aabbccddeeff", "1.5", "{\"a\":1}", "7",
            ],
            table.Columns.Select(column => ColumnText.Text(column, 0, CellFormat.File)));
        Assert.All(table.Columns.SkipLast(1), column => Assert.True(column.IsNull(1)));
        Assert.False(table.Schema.Fields[^1].IsNullable);
        Assert.Equal([ColumnType.Int32, ColumnType.Int32, ColumnType.Int64, ColumnType.Int64], table.Schema.Fields.Take(4).Select(field => field.Type));
    }

    [Fact]
    public async Task Read_NestedColumn_IsRefusedByNameUnlessItIsNotWanted()
    {
        var file = Write(new ParquetSharp.Column<int[]>("tags"), new ParquetSharp.Column<int>("x"))(group =>
        {
            Put<int[]>(group, [1, 2], [3]);
            Put(group, 4, 5);
        });

        var failure = await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(file, "t.parquet"));
        var table = await FormatTables.ReadAsync(file, "t.parquet", new TableReadOptions { Projection = ["x"] });

        Assert.Contains("'tags': found lists", failure.Message, StringComparison.Ordinal);
        Assert.Equal([4, 5], ((Int64Column)table.Columns[0]).Values.ToArray());
    }

    [Fact]
    public async Task Read_BinaryWithoutAnnotation_IsTextWhereItIsUtf8()
    {
        var file = Write(new ParquetSharp.Column<byte[]>("b"))(group => Put<byte[]>(group, "é"u8.ToArray(), [0xFF]));
        var problems = new List<string>();

        var table = await FormatTables.ReadAsync(file, "t.parquet", new TableReadOptions
        {
            Name = "t.parquet",
            OnBadRow = row =>
            {
                problems.Add(row.Message);
                return BadRowAction.Skip;
            },
        });

        Assert.Equal("é", ((StringColumn)table.Columns[0]).Text(0));
        Assert.Equal(1, table.RowCount);
        Assert.Contains("row 2: column 'b': found bytes that are no UTF-8", problems.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_LongTexts_ClosesBatchesEarlyAndKeepsOtherColumnsInStep()
    {
        var schema = FormatTables.SchemaOf(("a", ColumnType.String), ("n", ColumnType.Int64), ("b", ColumnType.String));
        var table = TableBatches.FromRows(
            schema,
            [.. Enumerable.Range(0, 3000).Select(row => new object?[] { new string('a', row % 500), (long)row, row % 11 == 0 ? null : $"b{row}" })]);
        var file = await FormatTables.WriteAsync(table, "t.parquet");
        await using var reader = await ParquetTableReader.OpenAsync(
            new MemoryStream(file), new TableReadOptions { BatchBytes = 1 }, TestContext.Current.CancellationToken);
        var batches = new List<TableBatch>();

        await foreach (var batch in reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            batches.Add(batch);
        }

        Assert.InRange(batches.Count, 10, 100);
        FormatTables.AssertSame(table, TableBatches.Concatenate(batches));
    }

    [Fact]
    public async Task Read_StreamThatCannotSeek_IsSpooled()
    {
        var table = FormatTables.Random(1, 100);
        var file = await FormatTables.WriteAsync(table, "t.parquet");

        await using var reader = await ParquetTableReader.OpenAsync(
            new ForwardStream(file), new TableReadOptions(), TestContext.Current.CancellationToken);

        FormatTables.AssertSame(table, await reader.ReadAllAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_BlockLargerThanAllowed_IsRefusedBeforeItIsUnpacked()
    {
        var schema = FormatTables.SchemaOf(("text", ColumnType.String));
        var bomb = TableBatches.FromRows(schema, [new string('a', 3_000_000)]);
        foreach (var path in (string[])["t.parquet", "t.arrow"])
        {
            var file = await FormatTables.WriteAsync(bomb, path, new TableWriteOptions { Blocks = BlockCompression.Zstd });

            var failure = await Assert.ThrowsAsync<TableFormatException>(
                () => FormatTables.ReadAsync(file, path, new TableReadOptions { MaxBlockBytes = 1_000_000 }));

            Assert.InRange(file.Length, 100, 20_000);
            Assert.Equal("AUX3032", failure.Code.Value);
        }
    }

    private static Func<Action<RowGroupWriter>, byte[]> Write(params Column[] columns) => fill =>
    {
        using var stream = new MemoryStream();
        using (var writer = new ParquetFileWriter(stream, columns, leaveOpen: true))
        {
            using (var group = writer.AppendRowGroup())
            {
                fill(group);
            }

            writer.Close();
        }

        return stream.ToArray();
    };

    private static void Put<T>(RowGroupWriter group, params T[] values)
    {
        using var column = group.NextColumn().LogicalWriter<T>();
        column.WriteBatch(values);
    }

    private sealed class ForwardStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }
    }
}
