using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Connectors.Formats;

public sealed class DelimitedTextPropertyTests
{
    private static readonly Gen<string> OddText = Gen.OneOf(
            ",", "\"", "\n", "\r", "\r\n", "\t", "|", "||", ";", "\\", "é", "😀", "\uFEFF", " ", "?", "a", "1", "True", "-", "", "abc")
        .Array[0, 12].Select(parts => string.Concat(parts));

    private static readonly TableSchema Schema = new(
    [
        new TableField { Name = "s", Type = ColumnType.String },
        new TableField { Name = "d,\"", Type = ColumnType.Double },
        new TableField { Name = "i", Type = ColumnType.Int64 },
        new TableField { Name = "b", Type = ColumnType.Boolean },
        new TableField { Name = "t", Type = ColumnType.DateTime },
        new TableField { Name = "p", Type = ColumnType.TimeSpan },
        new TableField { Name = "e", Type = ColumnType.String },
    ]);

    private static readonly Gen<object?[]> Row = Gen.Select(
        OddText.Null(), Gen.Double.Nullable(), Gen.Long.Nullable(), Gen.Bool.Nullable(), Gen.DateTime.Nullable(), Gen.TimeSpan.Nullable(), OddText.Null(),
        (s, d, i, b, t, p, e) => new object?[] { s, d, i, b, t, p, e });

    private static readonly Gen<(string Delimiter, char Escape, string NewLine)> Dialects = Gen.Select(
        Gen.OneOf(",", "\t", ";", "||", " ", "¦"), Gen.OneOf('"', '\\'), Gen.OneOf("\n", "\r\n", "\r"));

    [Fact]
    public async Task Write_ThenRead_GivesTheSameTable() =>
        await Gen.Select(Row.Array[0, 40], Dialects, Gen.Int[1, 9]).SampleAsync(async (rows, dialect, batchRows) =>
        {
            var table = TableBatches.FromRows(Schema, rows);
            var bytes = await WriteAsync(table, new DelimitedTextWriterOptions
            {
                Delimiter = dialect.Delimiter,
                Escape = dialect.Escape,
                NewLine = dialect.NewLine,
            });
            var options = new DelimitedTextOptions
            {
                Delimiter = dialect.Delimiter,
                Escape = dialect.Escape,
                Schema = Schema,
                QuotedEmptyIsText = true,
                BatchRows = batchRows,
            };

            AssertSame(table, await ReadAsync(new MemoryStream(bytes), options));
            AssertSame(table, await ReadAsync(new DribblingStream(bytes), options));
        });

    [Fact]
    public async Task Read_AnyBytes_EndsWithATableOrAFormatError()
    {
        var bytes = Gen.Frequency((3, Gen.Byte), (5, Gen.OneOf("\",\r\n\\ab1"u8.ToArray()))).Array[0, 300];
        await Gen.Select(bytes, Gen.Bool, Gen.Bool, Gen.Int[1, 50]).SampleAsync(async (content, hasHeader, skips, longest) =>
        {
            var options = new DelimitedTextOptions
            {
                HasHeader = hasHeader,
                MaxRecordBytes = longest * 4,
                InferenceRows = longest,
                OnBadRow = skips ? _ => BadRowAction.Skip : null,
            };
            try
            {
                await ReadAsync(new DribblingStream(content), options);
            }
            catch (TableFormatException)
            {
                // The only way in which reading may fail.
            }
        });
    }

    private static async Task<byte[]> WriteAsync(TableBatch table, DelimitedTextWriterOptions options)
    {
        using var stream = new MemoryStream();
        await using var writer = new DelimitedTextWriter(stream, table.Schema, options, leaveOpen: true);
        await writer.WriteAsync(table, CancellationToken.None);
        await writer.CompleteAsync(CancellationToken.None);

        return stream.ToArray();
    }

    private static async Task<TableBatch> ReadAsync(Stream stream, DelimitedTextOptions options)
    {
        await using var reader = await DelimitedTextReader.OpenAsync(stream, options, CancellationToken.None);
        return await reader.ReadAllAsync(CancellationToken.None);
    }

    internal static void AssertSame(TableBatch expected, TableBatch found)
    {
        Assert.Equal(expected.RowCount, found.RowCount);
        for (var column = 0; column < expected.Columns.Length; column++)
        {
            for (var row = 0; row < expected.RowCount; row++)
            {
                Assert.Equal(
                    ColumnText.Text(expected.Columns[column], row, CellFormat.File),
                    ColumnText.Text(found.Columns[column], row, CellFormat.File));
            }
        }
    }

    /// <summary>Gives a few bytes at a time, as a slow connection does.</summary>
    internal sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes)
    {
        private int _turn;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + (_turn++ % 7))], cancellationToken);
    }
}
