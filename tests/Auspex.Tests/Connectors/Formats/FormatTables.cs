using System.Collections.Immutable;
using Auspex.Connectors.Formats;
using Auspex.Connectors.Tables;
using Xunit;

namespace Auspex.Tests.Connectors.Formats;

/// <summary>Random tables of every type, and their way into a format and back.</summary>
internal static class FormatTables
{
    private static readonly CategoryDomain Colours = new(["red", "", "grün", "a,\"b\"\n"], IsOrdered: true);
    private static readonly CategoryDomain Numbers = new(["1", "22", "-3"]);

    private static readonly string[] Texts = ["", "a", "é", "😀 long enough to leave a view", ",", "\"", "\n", "\r\n", "\uFEFF", " ", "?", "NaN", "null"];

    public static TableSchema Schema { get; } = new(
    [
        new TableField { Name = "text, \"quoted\"", Type = ColumnType.String },
        new TableField { Name = "double", Type = ColumnType.Double, Role = ColumnRole.Label },
        new TableField { Name = "small", Type = ColumnType.Int32, Role = ColumnRole.Weight },
        new TableField { Name = "Größe.in.m", Type = ColumnType.Int64 },
        new TableField { Name = "bool", Type = ColumnType.Boolean },
        new TableField { Name = "time", Type = ColumnType.DateTime },
        new TableField { Name = "span", Type = ColumnType.TimeSpan, Role = ColumnRole.None },
        new TableField { Name = "colour", Type = ColumnType.String, Categories = Colours },
        new TableField { Name = "code", Type = ColumnType.Int32, Categories = Numbers },
        new TableField { Name = "score", Type = ColumnType.Double, Score = new ScoreKind("Regression Scores", "Scored Labels") },
    ]);

    public static TableBatch Random(int seed, int rows, double missing = 0.2)
    {
        var random = new Random(seed);
        var builder = new TableBatchBuilder(Schema);
        for (var row = 0; row < rows; row++)
        {
            builder.AppendRow(
                Maybe(() => Text(random)),
                Maybe(() => Double(random)),
                Maybe(() => random.Next(int.MinValue, int.MaxValue)),
                Maybe(() => random.NextInt64(long.MinValue, long.MaxValue)),
                Maybe(() => random.Next(2) == 0),
                Maybe(() => new DateTime(random.NextInt64(0, DateTime.MaxValue.Ticks / 10) * 10)),
                Maybe(() => new TimeSpan(random.NextInt64(-1L << 60, 1L << 60) / 10 * 10)),
                Maybe(() => Colours.Levels[random.Next(Colours.Levels.Length)]),
                Maybe(() => Numbers.Levels[random.Next(Numbers.Levels.Length)]),
                Maybe(() => random.NextDouble()));
        }

        return builder.Build();

        object? Maybe(Func<object> value) => random.NextDouble() < missing ? null : value();
    }

    public static async Task<byte[]> WriteAsync(
        TableBatch table, string path, TableWriteOptions? options = null, int batchRows = int.MaxValue)
    {
        using var stream = new AsyncOnlyStream();
        await using (var sink = TableFile.OpenWrite(path, stream, table.Schema, options ?? new TableWriteOptions { Name = path }))
        {
            for (var start = 0; start < table.RowCount; start += Math.Min(batchRows, table.RowCount - start))
            {
                await sink.WriteAsync(
                    table.Slice(start, Math.Min(batchRows, table.RowCount - start)), TestContext.Current.CancellationToken);
            }

            await sink.CompleteAsync(TestContext.Current.CancellationToken);
        }

        return stream.ToArray();
    }

    public static async Task<TableBatch> ReadAsync(byte[] file, string path, TableReadOptions? options = null)
    {
        await using var source = await TableFile.OpenReadAsync(
            path,
            _ => Task.FromResult<Stream>(new MemoryStream(file)),
            options ?? new TableReadOptions { Name = path },
            TestContext.Current.CancellationToken);
        return await source.ReadAllAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The same rows, and numbers to the bit.</summary>
    public static void AssertSame(TableBatch expected, TableBatch found)
    {
        Assert.Equal(
            expected.Schema.Fields.Select(field => field.Name), found.Schema.Fields.Select(field => field.Name));
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

    public static TableSchema SchemaOf(params ReadOnlySpan<(string Name, ColumnType Type)> fields)
    {
        var made = ImmutableArray.CreateBuilder<TableField>();
        foreach (var (name, type) in fields)
        {
            made.Add(new TableField { Name = name, Type = type });
        }

        return new TableSchema(made.ToImmutable());
    }

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => Texts[random.Next(Texts.Length)]));

    private static double Double(Random random) => random.Next(6) switch
    {
        0 => double.NaN,
        1 => double.NegativeInfinity,
        2 => -0.0,
        3 => double.Epsilon,
        _ => BitConverter.Int64BitsToDouble(random.NextInt64()),
    };

    /// <summary>Takes bytes asynchronously only, as a blob in Azure does.</summary>
    private sealed class AsyncOnlyStream : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("written synchronously");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new NotSupportedException("written synchronously");

        public override void WriteByte(byte value) => throw new NotSupportedException("written synchronously");

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            base.Write(buffer, offset, count);
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            base.Write(buffer.ToArray(), 0, buffer.Length);
            return ValueTask.CompletedTask;
        }
    }
}
