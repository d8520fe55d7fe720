using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Auspex.Errors;
using Xunit;

namespace Auspex.Tests.Connectors.Formats;

public sealed class DelimitedTextReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_MixedLineEndsAndQuotes_GivesEveryField()
    {
        var table = await Read("a,b\r\n1,\"x,\"\"y\"\"\r\nz\"\n2,plain\r3,\"\"\n\n\n");

        Assert.Equal(["1", "2", "3"], Column(table, 0));
        Assert.Equal(["x,\"y\"\r\nz", "plain", null], Column(table, 1));
    }

    [Theory]
    [InlineData("n\n1\n2\n-3", ColumnType.Int32)]
    [InlineData("n\n1\n3000000000\n", ColumnType.Int64)]
    [InlineData("n\n1\n2.5\n", ColumnType.Double)]
    [InlineData("n\n1\n9223372036854775808\n", ColumnType.Double)]
    [InlineData("n\ntrue\nFalse\n", ColumnType.Boolean)]
    [InlineData("n\n2020-01-02\n2020-01-02 03:04:05\n", ColumnType.DateTime)]
    [InlineData("n\n01:02:03\n", ColumnType.TimeSpan)]
    [InlineData("n\n2020-01-02\n01:02:03\n", ColumnType.String)]
    [InlineData("n\n1\nx\n", ColumnType.String)]
    [InlineData("n,m\n,1\n,2\n", ColumnType.String)]
    [InlineData("n,m\n,1\n7,2\n  ,3\n", ColumnType.Int32)]
    public async Task OpenAsync_WithoutSchema_InfersTheNarrowestType(string text, ColumnType expected)
    {
        await using var reader = await Open(text, DelimitedTextOptions.Csv);

        Assert.Equal(expected, reader.Schema.Fields[0].Type);
        await reader.ReadAllAsync(Cancellation);
    }

    [Fact]
    public async Task ReadAsync_MarkersAndEmptyFields_AreMissing()
    {
        var table = await Read("n,s\n?,?\n , \n5,\"?\"\n", DelimitedTextOptions.Csv with { MissingMarkers = ["?"] });

        Assert.Equal(ColumnType.Int32, table.Schema.Fields[0].Type);
        Assert.Equal([null, null, "5"], Column(table, 0));
        Assert.Equal([null, " ", null], Column(table, 1));
    }

    [Fact]
    public async Task ReadAsync_QuotedEmptyAsText_TellsItFromMissing()
    {
        var table = await Read("n,s\n1,\"\"\n2,\n", DelimitedTextOptions.Csv with { QuotedEmptyIsText = true });

        Assert.Equal(["", null], Column(table, 1));
    }

    [Fact]
    public async Task OpenAsync_HeaderWithTwinsAndGaps_RenamesAndReports()
    {
        await using var reader = await Open("a,a, b ,,a (1)\n1,2,3,4,5\n", DelimitedTextOptions.Csv);

        Assert.Equal(["a", "a (2)", "b", "Col4", "a (1)"], reader.FileColumns);
        Assert.Equal(2, reader.Renames.Length);
        Assert.Contains("'a (2)'", reader.Renames[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_WithoutHeader_NamesColumnsByNumber()
    {
        var table = await Read("1;x\n2;y", DelimitedTextOptions.Csv with { HasHeader = false, Delimiter = ";" });

        Assert.Equal(["Col1", "Col2"], table.Schema.Fields.Select(field => field.Name));
        Assert.Equal(2, table.RowCount);
    }

    [Fact]
    public async Task OpenAsync_WithSchema_ReadsOnlyItsColumnsByNameInItsOrder()
    {
        var schema = Schema(("c", ColumnType.Double), ("a", ColumnType.String));
        await using var reader = await Open("a,b,c\n1,not read,2\n", DelimitedTextOptions.Csv with { Schema = schema });

        var table = await reader.ReadAllAsync(Cancellation);

        Assert.Same(schema, reader.Schema);
        Assert.Equal(["a", "b", "c"], reader.FileColumns);
        Assert.Equal(["2"], Column(table, 0));
        Assert.Equal(["1"], Column(table, 1));
    }

    [Fact]
    public async Task OpenAsync_ExtraColumns_AreIncludedOrRefusedAsAsked()
    {
        var options = DelimitedTextOptions.Csv with { Schema = Schema(("b", ColumnType.String)), ExtraColumns = ExtraColumns.Include };
        var table = await Read("a,b\n1,2\n", options);

        Assert.Equal(["b", "a"], table.Schema.Fields.Select(field => field.Name));
        Assert.Equal([ColumnType.String, ColumnType.Int32], table.Schema.Fields.Select(field => field.Type));
        await Fails(ErrorCode.UnexpectedColumn, "a,b\n", options with { ExtraColumns = ExtraColumns.Fail });
    }

    [Fact]
    public async Task OpenAsync_MissingColumn_SuggestsTheMiscasedOne()
    {
        var error = await Fails(
            ErrorCode.MissingColumn, "Age,b\n", DelimitedTextOptions.Csv with { Schema = Schema(("age", ColumnType.Int32)) });

        Assert.Contains("Is 'Age' meant as 'age'?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_Projection_SkipsOtherColumns()
    {
        var table = await Read("a,b,c\n1,2,3\n", DelimitedTextOptions.Csv with { Projection = ["c", "a"] });

        Assert.Equal(["a", "c"], table.Schema.Fields.Select(field => field.Name));
    }

    [Fact]
    public async Task ReadAsync_CategoricalField_MapsLevelsAndUnknownOnesToMissing()
    {
        var schema = new TableSchema(
            [new TableField { Name = "c", Type = ColumnType.String, Categories = new CategoryDomain(["x", "é"]) }]);
        var table = await Read("c\né\nz\nx\n", DelimitedTextOptions.Csv with { Schema = schema });

        Assert.Equal(["é", null, "x"], Column(table, 0));
    }

    [Theory]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    [InlineData("utf-8", false)]
    [InlineData("utf-16", false)]
    [InlineData("windows-1252", false)]
    [InlineData("Unicode", false)]
    public async Task OpenAsync_AnyEncoding_IsReadByItsMarkOrName(string name, bool hasMark)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        byte[] bytes = [.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes("naïve,b\né,2\n")];
        await using var reader = await DelimitedTextReader.OpenAsync(
            new MemoryStream(bytes), DelimitedTextOptions.Csv with { EncodingName = hasMark ? null : name }, Cancellation);

        var table = await reader.ReadAllAsync(Cancellation);

        Assert.Equal("naïve", table.Schema.Fields[0].Name);
        Assert.Equal(["é"], Column(table, 0));
    }

    [Fact]
    public async Task OpenAsync_UnknownEncoding_SaysSo() =>
        await Fails(ErrorCode.UnknownEncoding, "a\n", DelimitedTextOptions.Csv with { EncodingName = "klingon" });

    [Theory]
    [InlineData("a,b\n1,2\n1,2,3\n", "AUX3001", 2, 8, null)]
    [InlineData("a,b\n1,2\n\n1\n", "AUX3001", 2, 9, null)]
    [InlineData("a,b\n1,\"x\ny\n", "AUX3002", 1, 4, null)]
    [InlineData("a,b\n1,\"x\"y\n", "AUX3002", 1, 4, null)]
    [InlineData("a,b\n1,\0\n", "AUX3003", 1, 4, null)]
    public async Task ReadAsync_BadRow_SaysRowAndByte(string text, string code, long row, long offset, string? column)
    {
        var error = await Fails(new ErrorCode(code), text, DelimitedTextOptions.Csv with { Name = "people.csv" });

        Assert.Equal(new TableLocation(row, offset, column), error.Location);
        Assert.StartsWith($"people.csv: row {row} (byte {offset}): ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_WrongType_SaysColumnAndKeepsTheValueToItself()
    {
        var schema = Schema(("a", ColumnType.Int32), ("b", ColumnType.Double));
        var error = await Fails(
            ErrorCode.WrongCellType, "a,b\n1,2\n3,secret\n", DelimitedTextOptions.Csv with { Schema = schema });

        Assert.Equal(new TableLocation(2, 8, "b"), error.Location);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_InvalidUtf8_IsABadRow()
    {
        byte[] bytes = [.. "a\nfine\n"u8, 0xC3, 0x28, (byte)'\n'];
        await using var reader = await DelimitedTextReader.OpenAsync(new MemoryStream(bytes), DelimitedTextOptions.Csv, Cancellation);

        var error = await Assert.ThrowsAsync<TableFormatException>(() => reader.ReadAllAsync(Cancellation));

        Assert.Equal(ErrorCode.InvalidText, error.Code);
        Assert.Equal(2, error.Location!.Row);
    }

    [Fact]
    public async Task ReadAsync_InvalidUtf16_IsReportedAsText()
    {
        byte[] bytes = [0xFF, 0xFE, (byte)'a', 0, (byte)'\n', 0, 0x00, 0xDC, (byte)'b', 0];

        var error = await Assert.ThrowsAsync<TableFormatException>(
            () => DelimitedTextReader.OpenAsync(new MemoryStream(bytes), DelimitedTextOptions.Csv, Cancellation));

        Assert.Equal(ErrorCode.InvalidText, error.Code);
    }

    [Fact]
    public async Task ReadAsync_SkippingBadRows_LosesOnlyThem()
    {
        var seen = new List<(string Code, long Row, string Record)>();
        var options = DelimitedTextOptions.Csv with
        {
            Schema = Schema(("a", ColumnType.Int32), ("b", ColumnType.String)),
            OnBadRow = bad =>
            {
                seen.Add((bad.Code.Value, bad.Location.Row, Encoding.UTF8.GetString(bad.Record.Span)));
                return BadRowAction.Skip;
            },
        };
        await using var reader = await Open("a,b\n1,x\n2\nthree,y\n4,\"open\n5,z\n6,\"q\"r\n7,w", options);

        var table = await reader.ReadAllAsync(Cancellation);

        Assert.Equal(["1", "5", "7"], Column(table, 0));
        Assert.Equal(["x", "z", "w"], Column(table, 1));
        Assert.Equal(4, reader.SkippedRows);
        Assert.Equal(7, reader.LastRow);
        Assert.Equal(
            [("AUX3001", 2, "2"), ("AUX3004", 3, "three,y"), ("AUX3002", 4, "4,\"open"), ("AUX3002", 6, "6,\"q\"r")], seen);
    }

    [Fact]
    public async Task ReadAsync_TooLongRow_IsPassedOverWithoutHoldingIt()
    {
        var text = new StringBuilder("a\nfirst\n").Append('x', 5_000_000).Append("\nlast\n").ToString();
        var bad = 0;
        var table = await Read(text, DelimitedTextOptions.Csv with
        {
            MaxRecordBytes = 1000,
            OnBadRow = _ =>
            {
                bad++;
                return BadRowAction.Skip;
            },
        });

        Assert.Equal(["first", "last"], Column(table, 0));
        Assert.Equal(1, bad);
    }

    [Fact]
    public async Task ReadAsync_LaterValueThatDoesNotFit_NamesTheInference()
    {
        var error = await Fails(ErrorCode.WrongCellType, "a\n1\n2\nx\n", DelimitedTextOptions.Csv with { InferenceRows = 2 });

        Assert.Contains("first 2 rows", error.Message, StringComparison.Ordinal);
        var whole = await Read("a\n1\n2\nx\n", DelimitedTextOptions.Csv with { InferenceRows = DelimitedTextOptions.WholeFile });
        Assert.Equal(["1", "2", "x"], Column(whole, 0));
    }

    [Fact]
    public async Task OpenAsync_WholeFileWithOpener_OpensTwice()
    {
        var opened = 0;
        await using var reader = await DelimitedTextReader.OpenAsync(
            (offset, _) =>
            {
                opened++;
                Assert.Equal(0, offset);
                return Task.FromResult<Stream>(new MemoryStream("a\n1\nx\n"u8.ToArray()));
            },
            DelimitedTextOptions.Csv with { InferenceRows = DelimitedTextOptions.WholeFile },
            Cancellation);

        Assert.Equal(2, (await reader.ReadAllAsync(Cancellation)).RowCount);
        Assert.Equal(2, opened);
    }

    [Fact]
    public async Task OpenAsync_EmptyFile_ExpectsAHeader()
    {
        await Fails(ErrorCode.NoHeader, "", DelimitedTextOptions.Csv);
        await Fails(ErrorCode.NoHeader, "\n\n", DelimitedTextOptions.Csv with { HasHeader = false });
        var table = await Read("", DelimitedTextOptions.Csv with { HasHeader = false, Schema = Schema(("a", ColumnType.Int32)) });
        Assert.Equal(0, table.RowCount);
    }

    [Fact]
    public async Task OpenAsync_HeaderOnly_IsATableWithoutRows()
    {
        var table = await Read("a,b");

        Assert.Equal(0, table.RowCount);
        Assert.Equal(["a", "b"], table.Schema.Fields.Select(field => field.Name));
    }

    [Fact]
    public async Task ReadAsync_SmallBatches_KeepsOrderAndOffsets()
    {
        const string Text = "a,b\n1,\"x\ny\"\r\n2,é\n3,z\n";
        await using var reader = await Open(Text, DelimitedTextOptions.Csv with { BatchRows = 1 });

        var offsets = new List<long>();
        await foreach (var batch in reader.ReadAsync(Cancellation))
        {
            Assert.Equal(1, batch.RowCount);
            offsets.Add(reader.NextOffset);
        }

        Assert.Equal([13, 18, 22], offsets);
    }

    [Fact]
    public async Task ReadAsync_FromAnEarlierOffset_ContinuesThere()
    {
        const string Text = "\uFEFFa,b\n1,x\n2,y\n3,z\n";
        var bytes = Encoding.UTF8.GetBytes(Text);
        await using var first = await Open(Text, DelimitedTextOptions.Csv with { BatchRows = 1 });
        await using var batches = first.ReadAsync(Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await batches.MoveNextAsync());

        var rest = new FilePart(first.FileColumns, first.NextOffset, long.MaxValue, first.LastRow + 1, -1);
        await using var second = await DelimitedTextReader.OpenAsync(
            new MemoryStream(bytes[(int)first.NextOffset..]), DelimitedTextOptions.Csv with { Part = rest, Schema = first.Schema }, Cancellation);

        Assert.Equal(["2", "3"], Column(await second.ReadAllAsync(Cancellation), 0));
        Assert.Equal(3, second.LastRow);
    }

    [Fact]
    public async Task ReadAsync_LongDelimiterOwnEscapeAndSkippedLines_AreUnderstood()
    {
        var options = DelimitedTextOptions.Csv with { Delimiter = "||", Escape = '\\', SkipLines = 2 };
        var table = await Read("made by hand\n\"not a quote\na||b\n1||\"x||\\\"y\\\\\"\n|2||\"\"\"z\"\n", options);

        Assert.Equal(["1", "|2"], Column(table, 0));
        Assert.Equal(["x||\"y\\", "\"z"], Column(table, 1));
    }

    [Fact]
    public async Task ReadAsync_WithoutQuotes_TakesThemAsText()
    {
        var table = await Read("a\tb\n\"1\t2\"\n", DelimitedTextOptions.Tsv with { Quote = null });

        Assert.Equal(["\"1"], Column(table, 0));
    }

    private static TableSchema Schema(params (string Name, ColumnType Type)[] fields) =>
        new([.. fields.Select(field => new TableField { Name = field.Name, Type = field.Type })]);

    private static Task<DelimitedTextReader> Open(string text, DelimitedTextOptions options) =>
        DelimitedTextReader.OpenAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), options, Cancellation);

    private static async Task<TableBatch> Read(string text, DelimitedTextOptions? options = null)
    {
        await using var reader = await Open(text, options ?? DelimitedTextOptions.Csv);
        return await reader.ReadAllAsync(Cancellation);
    }

    private static async Task<TableFormatException> Fails(ErrorCode code, string text, DelimitedTextOptions options)
    {
        var error = await Assert.ThrowsAsync<TableFormatException>(() => Read(text, options));
        Assert.Equal(code, error.Code);
        return error;
    }

    private static string?[] Column(TableBatch table, int column) =>
        [.. Enumerable.Range(0, table.RowCount).Select(row => ColumnText.Text(table.Columns[column], row, CellFormat.File))];
}
