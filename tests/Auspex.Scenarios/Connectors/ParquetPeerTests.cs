using System.Globalization;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Formats.Segments;
using Auspex.Connectors.Tables;
using Auspex.TestKit;
using DuckDB.NET.Data;
using Xunit;

namespace Auspex.Scenarios.Connectors;

/// <summary>Our reader and writer of Parquet files against another program's.</summary>
public sealed class ParquetPeerTests : IDisposable
{
    private const string Rows = """
        SELECT
            CASE WHEN i % 7 = 3 THEN NULL ELSE i END AS big,
            (i % 100)::TINYINT AS tiny, (i % 60000)::USMALLINT AS small, (i + WIDE)::UINTEGER AS wide, i::UBIGINT AS huge,
            CASE WHEN i % 11 = 0 THEN 'NaN'::DOUBLE WHEN i % 11 = 1 THEN NULL ELSE i / 7 END AS number, (i / 8)::FLOAT AS single,
            (i / 100)::DECIMAL(9, 2) AS money, (i * 12345678901 / 1000)::DECIMAL(38, 3) AS fortune,
            i % 3 = 0 AS flag,
            CASE WHEN i % 5 = 0 THEN NULL WHEN i % 5 = 1 THEN '' ELSE 'text ' || i || ' é😀' END AS text,
            ['red', 'green', 'blue'][1 + i % 3]::ENUM('red', 'green', 'blue') AS colour,
            DATE '1950-01-01' + (i % 40000)::INTEGER AS day, TIME '00:00:01' + INTERVAL (i % 80000) SECOND AS clock,
            TIMESTAMP '1969-12-31 23:59:58.123456' + INTERVAL (i) MILLISECOND AS stamp,
            (TIMESTAMP '2024-02-29 12:00:00' + INTERVAL (i) MINUTE)::TIMESTAMPTZ AS instant,
            ('00112233-4455-6677-8899-' || lpad(i::VARCHAR, 12, '0'))::UUID AS id
        FROM range(COUNT) numbers(i)
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("CODEC 'UNCOMPRESSED'")]
    [InlineData("CODEC 'SNAPPY'")]
    [InlineData("CODEC 'GZIP'")]
    [InlineData("CODEC 'ZSTD', ROW_GROUP_SIZE 5000")]
    [InlineData("CODEC 'BROTLI'")]
    [InlineData("CODEC 'LZ4_RAW'")]
    [InlineData("PARQUET_VERSION 'V2'")]
    [InlineData("PARQUET_VERSION 'V2', DICTIONARY_SIZE_LIMIT 1, CODEC 'ZSTD'")]
    public async Task Read_FileOfAnotherProgram_GivesItsValues(string options)
    {
        var path = Path.Combine(_folder.Path, "peer.parquet");
        using var connection = Open();

        // Beyond 31 bits that program writes delta-encoded unsigned numbers in a way that other readers refuse.
        var wide = options.Contains("V2", StringComparison.Ordinal) ? 3 : 3_000_000_000;
        // Several row groups and many pages; few rows where that program takes minutes to compress.
        var count = options.Contains("BROTLI", StringComparison.Ordinal) ? 3000 : 130_000;
        var rows = Rows.Replace("WIDE", wide.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("COUNT", count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Execute(connection, $"COPY ({rows}) TO '{path}' (FORMAT PARQUET, {options})");
        await using var source = await TableFile.OpenReadAsync(
            path, new TableReadOptions { Name = path }, TestContext.Current.CancellationToken);

        var table = await source.ReadAllAsync(TestContext.Current.CancellationToken);

        Assert.Equal(count, table.RowCount);
        Assert.Equal(
            [
                ColumnType.Int64, ColumnType.Int32, ColumnType.Int32, ColumnType.Int64, ColumnType.Int64, ColumnType.Double, ColumnType.Double,
                ColumnType.Double, ColumnType.Double, ColumnType.Boolean, ColumnType.String, ColumnType.String, ColumnType.DateTime,
                ColumnType.TimeSpan, ColumnType.DateTime, ColumnType.DateTime, ColumnType.String,
            ],
            table.Schema.Fields.Select(field => field.Type));
        for (var i = 0; i < table.RowCount; i += 1 + (i % 97))
        {
            Assert.Equal(Expected(i, wide), table.Columns.Select(column => ColumnText.Text(column, i, CellFormat.File)).ToArray());
        }
    }

    [Theory]
    [InlineData(BlockCompression.Default)]
    [InlineData(BlockCompression.None)]
    [InlineData(BlockCompression.Zstd)]
    public async Task Write_AnyTable_IsUnderstoodByAnotherProgram(BlockCompression blocks)
    {
        var schema = new TableSchema(
        [
            new TableField { Name = "s", Type = ColumnType.String },
            new TableField { Name = "d", Type = ColumnType.Double },
            new TableField { Name = "i", Type = ColumnType.Int32 },
            new TableField { Name = "l", Type = ColumnType.Int64 },
            new TableField { Name = "b", Type = ColumnType.Boolean },
            new TableField { Name = "t", Type = ColumnType.DateTime },
            new TableField { Name = "c", Type = ColumnType.String, Categories = new CategoryDomain(["low", "high"]) },
        ]);
        object?[][] rows =
        [
            .. Enumerable.Range(0, 20_000).Select(row => row % 9 == 4
                ? [null, null, null, null, null, null, null]
                : new object?[]
                {
                    $"é {row}", row / 3.0, -row, row * 1_000_000_007L, row % 2 == 0, new DateTime(2020, 1, 1).AddSeconds(row), row % 2 == 0 ? "low" : "high",
                }),
        ];
        var path = Path.Combine(_folder.Path, "ours.parquet");
        await using (var file = File.Create(path))
        await using (var sink = TableFile.OpenWrite(path, file, schema, new TableWriteOptions { Blocks = blocks, RowGroupRows = 3000 }))
        {
            await sink.WriteAsync(TableBatches.FromRows(schema, rows), TestContext.Current.CancellationToken);
            await sink.CompleteAsync(TestContext.Current.CancellationToken);
        }

        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM '{path}'";
        using var reader = command.ExecuteReader();
        var count = 0;
        while (reader.Read())
        {
            var found = new object?[7];
            for (var column = 0; column < found.Length; column++)
            {
                found[column] = reader.IsDBNull(column) ? null : reader.GetValue(column);
            }

            Assert.Equal(rows[count++], found);
        }

        Assert.Equal(rows.Length, count);
    }

    [Fact]
    public async Task Segments_JoinedByWritersThatWereBrokenOff_AreUnderstoodByAnotherProgram()
    {
        const int Batches = 40;
        const int BatchRows = 700;
        var path = Path.Combine(_folder.Path, "joined.parquet");
        var lives = 0;
        SegmentState? state = null;
        for (var (next, isWhole) = (0, false); !isWhole; lives++)
        {
            // Each writer gets on by so many batches; the next one begins where whole row groups end.
            await using var file = new FileStream(path, FileMode.OpenOrCreate);
            file.SetLength(state?.Length ?? 0);
            file.Position = file.Length;
            await using var writer = SegmentWriter.Open(path, JoinedColumns, new TableWriteOptions(), state);
            var end = Math.Min(Batches, next + 11);
            for (var batch = next; batch < end; batch++)
            {
                var before = writer.Written;
                await writer.WriteAsync(TableBatches.FromRows(JoinedColumns, [.. Enumerable.Range(batch * BatchRows, BatchRows).Select(JoinedRow)]), TestContext.Current.CancellationToken);
                await TakeAsync(writer, file);
                if (writer.Settled > before)
                {
                    (next, state) = (batch, new SegmentState(writer.Length, before, writer.Settled, [.. writer.Footer]));
                }
            }

            if (end == Batches)
            {
                isWhole = true;
                await writer.CompleteAsync(TestContext.Current.CancellationToken);
                await TakeAsync(writer, file);
            }
        }

        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM '{path}'";
        using var reader = command.ExecuteReader();
        var count = 0;
        while (reader.Read())
        {
            var found = new object?[JoinedColumns.Fields.Length];
            for (var column = 0; column < found.Length; column++)
            {
                found[column] = reader.IsDBNull(column) ? null : reader.GetValue(column);
            }

            Assert.Equal(JoinedRow(count++), found);
        }

        Assert.Equal(Batches * BatchRows, count);
        Assert.True(lives > 2, $"{lives} writers.");
        command.CommandText = $"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{path}')";
        Assert.True((long)command.ExecuteScalar()! > 2);

        // Filters go by what the footer says of each row group.
        command.CommandText = $"SELECT count(*), min(number), max(number) FROM '{path}' WHERE number >= {(Batches * BatchRows) - 5}";
        using var last = command.ExecuteReader();
        Assert.True(last.Read());
        Assert.Equal((5L, (Batches * BatchRows) - 5L, (Batches * BatchRows) - 1L), (last.GetInt64(0), last.GetInt64(1), last.GetInt64(2)));
    }

    private static readonly TableSchema JoinedColumns = new(
    [
        new TableField { Name = "number", Type = ColumnType.Int64 },
        new TableField { Name = "text", Type = ColumnType.String },
        new TableField { Name = "score", Type = ColumnType.Double },
        new TableField { Name = "stamp", Type = ColumnType.DateTime },
        new TableField { Name = "colour", Type = ColumnType.String, Categories = new CategoryDomain(["red", "green"]) },
    ]);

    private static object?[] JoinedRow(int row) =>
    [
        (long)row, row % 5 == 2 ? null : $"é {row}", row % 7 == 3 ? null : row / 3.0, new DateTime(2020, 1, 1).AddSeconds(row), row % 3 == 0 ? "red" : "green",
    ];

    private static async Task TakeAsync(SegmentWriter writer, FileStream file)
    {
        await file.WriteAsync(writer.Ready, TestContext.Current.CancellationToken);
        writer.ClearReady();
    }

    private static string?[] Expected(int i, long wide)
    {
        static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
        static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
        var stamp = new DateTime(1969, 12, 31, 23, 59, 58, 123).AddMicroseconds(456).AddMilliseconds(i);
        return
        [
            i % 7 == 3 ? null : Text(i), Text(i % 100), Text(i % 60000), Text(i + wide), Text(i),
            i % 11 == 0 ? "NaN" : i % 11 == 1 ? null : Number(i / 7.0), Number((float)(i / 8.0)),
            Number((double)(i / 100m)), Number(double.Parse(Text(i * 12_345_678_901L) + "e-3", CultureInfo.InvariantCulture)),
            i % 3 == 0 ? "True" : "False",
            i % 5 == 0 ? null : i % 5 == 1 ? "" : $"text {i} é😀",
            (i % 3) switch { 0 => "red", 1 => "green", _ => "blue" },
            ColumnText.Text(new DateTimeColumn([new DateTime(1950, 1, 1).AddDays(i % 40000).Ticks], 1, null), 0, CellFormat.File),
            TimeSpan.FromSeconds(1 + (i % 80000)).ToString("c", CultureInfo.InvariantCulture),
            ColumnText.Text(new DateTimeColumn([stamp.Ticks], 1, null), 0, CellFormat.File),
            ColumnText.Text(new DateTimeColumn([new DateTime(2024, 2, 29, 12, 0, 0).AddMinutes(i).Ticks], 1, null), 0, CellFormat.File),
            $"00112233-4455-6677-8899-{i:D12}",
        ];
    }

    private static DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        return connection;
    }

    private static void Execute(DuckDBConnection connection, string statement)
    {
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
