using Apache.Arrow;
using Apache.Arrow.Compression;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Xunit;
using Column = Auspex.Connectors.Tables.Column;

namespace Auspex.Tests.Connectors.Formats.Arrow;

/// <summary>Our reader and writer against Apache's own library.</summary>
public sealed class ArrowInteroperationTests
{
    private static readonly DateTime Day = new(2024, 2, 29, 12, 34, 56, 789);

    [Theory]
    [InlineData("t.arrow", null)]
    [InlineData("t.arrow", CompressionCodecType.Zstd)]
    [InlineData("t.arrow", CompressionCodecType.Lz4Frame)]
    [InlineData("t.arrows", null)]
    [InlineData("t.arrows", CompressionCodecType.Lz4Frame)]
    public async Task Read_FileOfTheLibrary_GivesItsValues(string path, CompressionCodecType? codec)
    {
        var batches = new[] { Batch(0, 1000), Batch(1000, 0), Batch(1000, 77) };

        var table = await FormatTables.ReadAsync(Write(path, codec, batches), path, new TableReadOptions { BatchRows = 130 });

        Assert.Equal(1077, table.RowCount);
        var types = table.Schema.Fields.Select(field => field.Type);
        Assert.Equal(
            [
                ColumnType.Int32, ColumnType.Int32, ColumnType.Int64, ColumnType.Int64, ColumnType.Double, ColumnType.Double, ColumnType.Double,
                ColumnType.Boolean, ColumnType.String, ColumnType.DateTime, ColumnType.DateTime, ColumnType.DateTime,
                ColumnType.TimeSpan, ColumnType.TimeSpan, ColumnType.String, ColumnType.String, ColumnType.Double,
            ],
            types);
        foreach (var row in (int[])[0, 1, 63, 64, 65, 129, 130, 999, 1000, 1076])
        {
            var isMissing = row % 7 == 3;
            var expected = new[]
            {
                $"{(sbyte)row}", $"{(ushort)row}", $"{(uint)row + 3_000_000_000}", $"{row * 10_000_000_000}",
                ColumnText.Text(new DoubleColumn([(float)(row * 0.1)], 1, null), 0, CellFormat.File),
                ColumnText.Text(new DoubleColumn([row * 0.1], 1, null), 0, CellFormat.File),
                ColumnText.Text(new DoubleColumn([(double)(row / 100m)], 1, null), 0, CellFormat.File),
                row % 3 == 0 ? "True" : "False",
                $"text {row} é",
                ColumnText.Text(new DateTimeColumn([Day.AddSeconds(row).Ticks], 1, null), 0, CellFormat.File),
                ColumnText.Text(new DateTimeColumn([Day.AddMilliseconds(row).Ticks], 1, null), 0, CellFormat.File),
                ColumnText.Text(new DateTimeColumn([Day.Date.AddDays(row).Ticks], 1, null), 0, CellFormat.File),
                ColumnText.Text(new TimeSpanColumn([TimeSpan.FromSeconds(row).Ticks], 1, null), 0, CellFormat.File),
                ColumnText.Text(new TimeSpanColumn([TimeSpan.FromMilliseconds(-row).Ticks], 1, null), 0, CellFormat.File),
                $"level {row % 3}",
                null,
                $"{row % 3 * 1.5}",
            };
            var found = table.Columns.Select(column => ColumnText.Text(column, row, CellFormat.File));
            Assert.Equal(isMissing ? expected.Select(_ => (string?)null) : expected, found);
        }

        Assert.Equal(["level 0", "level 1", "level 2"], table.Schema.Fields[14].Categories!.Levels);
    }

    [Theory]
    [InlineData("t.arrow", BlockCompression.None)]
    [InlineData("t.arrow", BlockCompression.Zstd)]
    [InlineData("t.arrows", BlockCompression.None)]
    public async Task Write_AnyTable_IsUnderstoodByTheLibrary(string path, BlockCompression blocks)
    {
        var table = FormatTables.Random(3, 500);
        var file = await FormatTables.WriteAsync(table, path, new TableWriteOptions { Blocks = blocks }, batchRows: 200);

        using var reader = path.EndsWith('s')
            ? new ArrowStreamReader(new MemoryStream(file), new CompressionCodecFactory(), leaveOpen: false)
            : new ArrowFileReader(new MemoryStream(file), new CompressionCodecFactory());
        var start = 0;
        while (await reader.ReadNextRecordBatchAsync(TestContext.Current.CancellationToken) is { } batch)
        {
            using (batch)
            {
                Assert.Equal(table.Schema.Fields.Select(field => field.Name), batch.Schema.FieldsList.Select(field => field.Name));
                for (var row = 0; row < batch.Length; row++)
                {
                    Assert.Equal(((StringColumn)table.Columns[0]).Text(start + row), ((StringArray)batch.Column(0)).GetString(row));
                    AssertSame<double>(table.Columns[1], start + row, ((DoubleArray)batch.Column(1)).GetValue(row), value => value);
                    AssertSame<long>(table.Columns[2], start + row, ((Int32Array)batch.Column(2)).GetValue(row), value => value);
                    AssertSame<long>(table.Columns[3], start + row, ((Int64Array)batch.Column(3)).GetValue(row), value => value);
                    Assert.Equal(
                        table.Columns[4].IsNull(start + row) ? null : ((BooleanColumn)table.Columns[4]).Values[start + row],
                        ((BooleanArray)batch.Column(4)).GetValue(row));
                    Assert.Equal(
                        table.Columns[5].IsNull(start + row) ? null : ((DateTimeColumn)table.Columns[5]).Values[start + row],
                        ((TimestampArray)batch.Column(5)).GetTimestamp(row)?.Ticks);
                    AssertSame<long>(table.Columns[6], start + row, ((DurationArray)batch.Column(6)).GetValue(row) * 10, value => value);
                    var category = (DictionaryArray)batch.Column(7);
                    Assert.Equal(
                        ColumnText.Text(table.Columns[7], start + row, CellFormat.File),
                        category.IsNull(row)
                            ? null
                            : ((StringArray)category.Dictionary).GetString(((Int32Array)category.Indices).GetValue(row)!.Value));
                }

                start += batch.Length;
            }
        }

        Assert.Equal(500, start);
    }

    [Fact]
    public async Task Read_SlicedArrays_GivesTheirRowsOnly()
    {
        var sliced = Batch(0, 300).Slice(100, 50);

        var table = await FormatTables.ReadAsync(Write("t.arrow", null, [sliced]), "t.arrow");

        Assert.Equal(50, table.RowCount);
        Assert.Equal("text 100 é", ((StringColumn)table.Columns[8]).Text(0));
    }

    [Fact]
    public async Task Read_NestedColumn_IsRefusedByNameUnlessItIsNotWanted()
    {
        var list = new ListArray.Builder(Int32Type.Default);
        var items = (Int32Array.Builder)list.ValueBuilder;
        list.Append();
        items.Append(1);
        items.Append(2);
        var schema = new Schema(
            [
                new Field("tags", new ListType(Int32Type.Default), true),
                new Field("x", Int32Type.Default, true),
                new Field("raw", BinaryType.Default, true),
            ],
            null);
        var batch = new RecordBatch(
            schema,
            [list.Build(), new Int32Array.Builder().Append(7).Build(), new BinaryArray.Builder().Append("ab"u8).Build()],
            1);
        var file = Write("t.arrow", null, [batch]);

        var failure = await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(file, "t.arrow"));
        var table = await FormatTables.ReadAsync(file, "t.arrow", new TableReadOptions { Projection = ["x"] });
        var wanted = await FormatTables.ReadAsync(
            file, "t.arrow", new TableReadOptions { Schema = FormatTables.SchemaOf(("x", ColumnType.String)) });

        Assert.Contains("'tags': found lists", failure.Message, StringComparison.Ordinal);
        Assert.Equal(7, ((Int64Column)table.Columns[0]).Values[0]);
        Assert.Equal("7", ((StringColumn)wanted.Columns[0]).Text(0));
    }

    [Fact]
    public async Task Read_NumbersBeyondOurs_AreBadRows()
    {
        var schema = new Schema([new Field("u", UInt64Type.Default, true)], null);
        var batch = new RecordBatch(
            schema, [new UInt64Array.Builder().Append(1).Append(ulong.MaxValue).AppendNull().Append(long.MaxValue).Build()], 4);
        var file = Write("t.arrow", null, [batch]);
        var bad = new List<BadRow>();

        var failure = await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(file, "t.arrow"));
        var table = await FormatTables.ReadAsync(file, "t.arrow", new TableReadOptions { OnBadRow = Keep });

        Assert.Equal(2, failure.Location!.Row);
        Assert.Equal("u", failure.Location.Column);
        Assert.Equal([1, 0, long.MaxValue], ((Int64Column)table.Columns[0]).Values.ToArray());
        Assert.Single(bad);

        BadRowAction Keep(BadRow row)
        {
            bad.Add(row);
            return BadRowAction.Skip;
        }
    }

    private static void AssertSame<T>(Column column, int row, T? found, Func<T, T> map)
        where T : unmanaged => Assert.Equal(column.IsNull(row) ? null : map(((Column<T>)column).Values[row]), found);

    private static byte[] Write(string path, CompressionCodecType? codec, RecordBatch[] batches)
    {
        var options = new IpcOptions { CompressionCodec = codec };
        if (codec is not null)
        {
            options.CompressionCodecFactory = new CompressionCodecFactory();
        }

        using var stream = new MemoryStream();
        using (var writer = path.EndsWith('s')
            ? new ArrowStreamWriter(stream, batches[0].Schema, leaveOpen: true, options)
            : new ArrowFileWriter(stream, batches[0].Schema, leaveOpen: true, options))
        {
            foreach (var batch in batches)
            {
                writer.WriteRecordBatch(batch);
            }

            writer.WriteEnd();
        }

        return stream.ToArray();
    }

    private static RecordBatch Batch(int start, int rows)
    {
        var int8 = new Int8Array.Builder();
        var uint16 = new UInt16Array.Builder();
        var uint32 = new UInt32Array.Builder();
        var int64 = new Int64Array.Builder();
        var single = new FloatArray.Builder();
        var number = new DoubleArray.Builder();
        var money = new Decimal128Array.Builder(new Decimal128Type(20, 2));
        var flag = new BooleanArray.Builder();
        var text = new StringArray.Builder();
        var instant = new TimestampArray.Builder(new TimestampType(TimeUnit.Microsecond, "+01:00"));
        var zoneless = new TimestampArray.Builder(new TimestampType(TimeUnit.Millisecond, (string?)null));
        var date = new Date32Array.Builder();
        var time = new Time32Array.Builder(new Time32Type(TimeUnit.Second));
        var duration = new DurationArray.Builder(DurationType.Millisecond);
        var code = new Int16Array.Builder();
        for (var row = start; row < start + rows; row++)
        {
            if (row % 7 == 3)
            {
                int8.AppendNull();
                uint16.AppendNull();
                uint32.AppendNull();
                int64.AppendNull();
                single.AppendNull();
                number.AppendNull();
                money.AppendNull();
                flag.AppendNull();
                text.AppendNull();
                instant.AppendNull();
                zoneless.AppendNull();
                date.AppendNull();
                time.AppendNull();
                duration.AppendNull();
                code.AppendNull();
                continue;
            }

            int8.Append((sbyte)row);
            uint16.Append((ushort)row);
            uint32.Append((uint)row + 3_000_000_000);
            int64.Append(row * 10_000_000_000);
            single.Append((float)(row * 0.1));
            number.Append(row * 0.1);
            money.Append(row / 100m);
            flag.Append(row % 3 == 0);
            text.Append($"text {row} é");
            instant.Append(new DateTimeOffset(Day.AddSeconds(row), TimeSpan.Zero));
            zoneless.Append(new DateTimeOffset(Day.AddMilliseconds(row), TimeSpan.Zero));
            date.Append(Day.Date.AddDays(row));
            time.Append(row);
            duration.Append(-row);
            code.Append((short)(row % 3));
        }

        var levels = new StringArray.Builder().Append("level 0").Append("level 1").Append("level 2").Build();
        var numbers = new DoubleArray.Builder().Append(0).Append(1.5).Append(3).Build();
        var codes = code.Build();
        IArrowArray[] arrays =
        [
            int8.Build(), uint16.Build(), uint32.Build(), int64.Build(), single.Build(), number.Build(), money.Build(), flag.Build(),
            text.Build(), instant.Build(), zoneless.Build(), date.Build(), time.Build(), duration.Build(),
            new DictionaryArray(new DictionaryType(Int16Type.Default, StringType.Default, false), codes, levels),
            new NullArray(rows),
            new DictionaryArray(new DictionaryType(Int16Type.Default, DoubleType.Default, false), codes, numbers),
        ];
        var fields = arrays.Select((array, index) => new Field($"c{index}", array.Data.DataType, true));
        return new RecordBatch(new Schema(fields, null), arrays, rows);
    }
}
