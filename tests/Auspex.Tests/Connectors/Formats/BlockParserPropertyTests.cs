using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Connectors.Formats;

public sealed class BlockParserPropertyTests
{
    private static readonly TableSchema Schema = new(
    [
        new TableField { Name = "x", Type = ColumnType.Double },
        new TableField { Name = "y", Type = ColumnType.String },
        new TableField { Name = "z", Type = ColumnType.Int64 },
    ]);

    private static readonly Gen<byte[]> Bytes = Gen.OneOf(
        Gen.OneOf("1,a,2\n"u8.ToArray()).Array[0, 240],
        Gen.OneOf("\"\",,,,\r\n\n1 ab;"u8.ToArray()).Array[0, 240],
        Gen.OneOf("1.5,,,\r\n\n-a\0\xc3\xa9\\"u8.ToArray()).Array[0, 240],
        Gen.Frequency((1, Gen.Byte), (6, Gen.OneOf("\",,,\r\n\n\\1"u8.ToArray()))).Array[0, 240]);

    // Rows with as many fields as there are columns, so that there is something to read.
    private static readonly Gen<byte[]> Lines = Gen.Select(
            Gen.OneOf("1", "-2.5", "", "x", " ", "?", "\"1\"", "1e3"), Gen.OneOf("a", "", "é", "\"q,\r\n\"", "\"d\"\"\"", "b c", "\"\"", " ? ", "thirty-two bytes and no more: ab.", "just one more than thirty-two: abc"),
            Gen.OneOf("7", "", "-3", "7.0", "no", "\"\"", "12345678901234567", "1234567890123456", "9223372036854775808", "007"), Gen.OneOf("\n", "\r\n", "\r", "\n\n", ",\n", "\",\n"))
        .Array[0, 40]
        .Select(rows => Encoding.UTF8.GetBytes(string.Concat(rows.Select(row => $"{row.Item1},{row.Item2},{row.Item3}{row.Item4}"))));

    [Fact]
    public async Task Parse_AnyBytesInBlocksOfAnySize_GivesWhatTheReaderGives() =>
        await Gen.Select(Gen.OneOf(Bytes, Lines), Gen.Int[1, 300], Gen.OneOf(",", ";", ",;"), Gen.OneOf(1 << 20, 40, 12), Gen.Int[0, 3])
            .SampleAsync(async (content, size, delimiter, longest, quoting) =>
            {
                byte[] file = [.. Encoding.UTF8.GetBytes($"x{delimiter}y{delimiter}z\n"), .. content];
                var expected = new List<string>();
                var options = new DelimitedTextOptions
                {
                    Schema = Schema,
                    Delimiter = delimiter,
                    MaxRecordBytes = longest,
                    Quote = quoting == 0 ? null : '"',
                    Escape = quoting == 1 ? '\\' : '"',
                    MissingMarkers = quoting == 2 ? ["?", "1"] : ["?"],
                    OnBadRow = bad =>
                    {
                        expected.Add(Describe(bad));
                        return BadRowAction.Skip;
                    },
                };
                await using var reader = await DelimitedTextReader.OpenAsync(new DelimitedTextPropertyTests.DribblingStream(file), options, CancellationToken.None);
                var table = await reader.ReadAllAsync(CancellationToken.None);

                var (rows, rejects, records) = await ParseAsync(new DelimitedTextPropertyTests.DribblingStream(file), options, size);

                Assert.Equal(expected, rejects);
                DelimitedTextPropertyTests.AssertSame(table, rows);
                Assert.Equal(table.RowCount, records.Count);
                Assert.All(records, record => Assert.True(file.AsSpan().IndexOf(record) >= 0));
            });

    [Fact]
    public async Task Parse_SomeColumns_LeavesTheOthersUnread()
    {
        var options = DelimitedTextOptions.Csv with { Schema = Schema };
        await using var reader = await DelimitedBlockReader.OpenAsync(
            new MemoryStream("y,z,x\na,no number,1\n\"b,\",2,x\n"u8.ToArray()), options, CancellationToken.None);
        var parser = new BlockParser(options, reader.FileColumns, [true, false, false], [new FieldRun(0, 1)]);
        var block = new RecordBlock();
        Assert.True(await reader.ReadAsync(block, 1000, CancellationToken.None));

        parser.Parse(block);

        Assert.Equal([1, 0, 2], [parser.Fields[1] + 1, parser.Fields[1], parser.Fields[0]]);
        Assert.Equal([1.0], ((DoubleColumn)parser.Batch.Columns[0]).Values.ToArray());
        Assert.IsType<UnreadColumn>(parser.Batch.Columns[2]);
        Assert.Equal("a,no number", Encoding.UTF8.GetString(parser.Raw(0, 0)));
        var bad = Assert.Single(parser.BadRows(rowsBefore: 10));
        Assert.Equal((12, 20, "x"), (bad.Location.Row, bad.Location.Offset, bad.Location.Column));
        Assert.Equal("\"b,\",2,x", Encoding.UTF8.GetString(bad.Record.Span));
    }

    [Fact]
    public async Task Parse_ManyDifferentTexts_KeepsThemAsTheyAre()
    {
        var options = DelimitedTextOptions.Csv with { Schema = Schema };
        var lines = Enumerable.Range(0, 20_000).Select(i => $"{i},text {(i < 5_000 ? i % 3 : i)},{i}").ToArray();

        var (rows, _, _) = await ParseAsync(
            new MemoryStream(Encoding.UTF8.GetBytes("x,y,z\n" + string.Join('\n', lines))), options, size: 10_000);

        Assert.Equal(lines, Enumerable.Range(0, rows.RowCount).Select(i =>
            $"{((DoubleColumn)rows.Columns[0]).Values[i]},{((StringColumn)rows.Columns[1]).Text(i)},{((Int64Column)rows.Columns[2]).Values[i]}"));
    }

    [Fact]
    public async Task Parse_BlockAfterARecordThatWasCut_HasItsFirstRow()
    {
        var options = DelimitedTextOptions.Csv with { Schema = Schema, Delimiter = ",", MaxRecordBytes = 12 };

        var (rows, rejects, _) = await ParseAsync(
            new MemoryStream("x,y,z\n1,\"a record that is too long to be one,2\n1,\"b\",2\n3,\"c\",4\n"u8.ToArray()), options, size: 20);

        Assert.Single(rejects);
        Assert.Equal([1.0, 3.0], ((DoubleColumn)rows.Columns[0]).Values.ToArray());
    }

    private static async Task<(TableBatch Rows, List<string> Rejects, List<byte[]> Records)> ParseAsync(
        Stream stream, DelimitedTextOptions options, int size)
    {
        await using var reader = await DelimitedBlockReader.OpenAsync(stream, options, CancellationToken.None);
        var parser = new BlockParser(
            options, reader.FileColumns, [.. Schema.Fields.Select(_ => true)], [new FieldRun(0, reader.FileColumns.Length - 1)]);
        var block = new RecordBlock();
        var tables = new List<TableBatch> { TableBatches.Empty(parser.Schema) };
        var rejects = new List<string>();
        var records = new List<byte[]>();
        var rowsBefore = 0L;
        while (await reader.ReadAsync(block, size, CancellationToken.None))
        {
            parser.Parse(block);
            rejects.AddRange(parser.BadRows(rowsBefore).Select(Describe));
            rowsBefore += parser.RowCount;
            records.AddRange(Enumerable.Range(0, parser.Batch.RowCount).Select(row => parser.Raw(row, 0).ToArray()));

            // Copied, since the parser uses its columns again.
            tables.Add(parser.Batch.Take([.. Enumerable.Range(0, parser.Batch.RowCount)]));
        }

        return (TableBatches.Concatenate(tables), rejects, records);
    }

    private static string Describe(BadRow bad) => $"{bad.Message}|{Convert.ToHexString(bad.Record.Span)}";
}
