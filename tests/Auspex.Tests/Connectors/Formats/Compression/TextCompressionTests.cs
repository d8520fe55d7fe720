using System.IO.Compression;
using System.Text;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Compression;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Formats.Compression;

public sealed class TextCompressionTests
{
    private static readonly TableBatch Table = TableBatches.FromRows(
        FormatTables.SchemaOf(("a", ColumnType.Int32), ("b", ColumnType.String)),
        [.. Enumerable.Range(0, 20_000).Select(row => new object?[] { row, $"text {row * 7919 % 1000}" })]);

    [Theory]
    [InlineData("t.csv.gz")]
    [InlineData("t.csv.zst")]
    public async Task Read_CutAnywhere_IsAnErrorWithRowAndByte(string path)
    {
        var whole = await FormatTables.WriteAsync(Table, path);
        var random = new Random(1);
        foreach (var length in Enumerable.Range(1, 20).Select(last => whole.Length - last).Concat(Enumerable.Range(0, 60).Select(_ => random.Next(10, whole.Length))))
        {
            var failure = await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(
                whole[..length], path, new TableReadOptions { Name = path, Schema = Table.Schema }));

            Assert.Equal("AUX3030", failure.Code.Value);
            Assert.Contains("at byte", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("t.csv.gz")]
    [InlineData("t.csv.zst")]
    public async Task Read_CutFarBehindTheHeader_NamesTheRow(string path)
    {
        var large = TableBatches.Concatenate([.. Enumerable.Repeat(Table, 15)]);
        var whole = await FormatTables.WriteAsync(large, path);

        var failure = await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(
            whole[..^1], path, new TableReadOptions { Name = path, Schema = Table.Schema }));

        Assert.InRange(failure.Location!.Row, 50_000, 300_001);
        Assert.StartsWith($"{path}: row {failure.Location.Row}: found the end of the file inside", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("t.csv.gz")]
    [InlineData("t.csv.zst")]
    public async Task Read_AnyBitChanged_IsAnError(string path)
    {
        var whole = await FormatTables.WriteAsync(Table, path);
        var random = new Random(7);
        for (var turn = 0; turn < 150; turn++)
        {
            var damaged = (byte[])whole.Clone();

            // The heads of both formats hold bits that mean nothing.
            damaged[random.Next(16, damaged.Length)] ^= (byte)(1 << random.Next(8));

            await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(
                damaged, path, new TableReadOptions { Name = path, Schema = Table.Schema }));
        }
    }

    [Theory]
    [InlineData("t.csv.gz")]
    [InlineData("t.csv.zst")]
    public async Task Read_SeveralMembers_AreOneText(string path)
    {
        var plain = Encoding.UTF8.GetBytes("a,b\n1,x\n2,y\n");
        byte[] packed = [.. Pack(path, plain.AsSpan(0, 5)), .. Pack(path, default), .. Pack(path, plain.AsSpan(5))];

        var table = await FormatTables.ReadAsync(packed, path);

        Assert.Equal([1, 2], ((Int64Column)table.Columns[0]).Values.ToArray());
    }

    [Fact]
    public async Task Read_BytesBehindTheData_AreAnError()
    {
        byte[] packed = [.. Pack("t.gz", "a\n1\n"u8), 1, 2, 3];

        await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(packed, "t.csv.gz"));
    }

    [Fact]
    public async Task Read_PlainTextUnderAPackedName_IsReadAsItIs()
    {
        var table = await FormatTables.ReadAsync("a\n1\n"u8.ToArray(), "t.csv.gz");

        Assert.Equal(1, table.RowCount);
    }

    [Fact]
    public async Task Read_PackedTextUnderAPlainName_IsUnpacked()
    {
        var table = await FormatTables.ReadAsync(Pack("t.gz", "a\n1\n"u8), "t.csv");

        Assert.Equal(1, table.RowCount);
    }

    [Fact]
    public async Task Read_TypesFromTheWholeFile_UnpacksItTwice()
    {
        var text = "a\n" + string.Concat(Enumerable.Repeat("1\n", 30_000)) + "x\n";

        var table = await FormatTables.ReadAsync(
            Pack("t.gz", Encoding.UTF8.GetBytes(text)), "t.csv.gz", new TableReadOptions { InferenceRows = DelimitedTextOptions.WholeFile });

        Assert.Equal(ColumnType.String, table.Schema.Fields[0].Type);
        Assert.Equal(30_001, table.RowCount);
    }

    [Theory]
    [InlineData("A.CSV.GZ", FileCompression.Gzip, "A.CSV")]
    [InlineData("a.tsv.zst", FileCompression.Zstd, "a.tsv")]
    [InlineData("a.csv", FileCompression.None, "a.csv")]
    public void ForPath_Ending_IsTakenOff(string path, FileCompression compression, string plain) =>
        Assert.Equal((compression, plain), TextCompression.ForPath(path));

    private static byte[] Pack(string path, ReadOnlySpan<byte> plain)
    {
        using var bytes = new MemoryStream();
        using (var packing = TextCompression.OpenWrite(
            bytes, TextCompression.ForPath(path).Compression, CompressionLevel.Optimal, leaveOpen: true))
        {
            packing.Write(plain);
        }

        return bytes.ToArray();
    }
}
