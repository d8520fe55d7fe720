using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Execution;
using Auspex.TestKit.Experiments;
using CsCheck;
using Xunit;

namespace Auspex.Tests.Experiments.Execution;

public sealed class TableFileTests
{
    private static readonly Gen<TableBatch> AnyTable =
        from rows in Gen.Int[0, 200]
        from fields in Gen.Select(
            Gen.Enum<ColumnType>(), Gen.Bool, Gen.Enum<ColumnRole>(), Gen.Bool, Gen.Bool,
            (type, isCategorical, role, isNullable, isScore) => (type, isCategorical, role, isNullable, isScore)).Array[0, 8]
        from seed in Gen.Int
        select Make(rows, fields, seed);

    [Fact]
    public Task Read_AnyTable_GivesTheSameTable() => AnyTable.SampleAsync(
        async table =>
        {
            var read = await RoundTripAsync(table);
            Assert.Equal(table.Schema.Fields, read.Schema.Fields);
            Assert.Equal(SmallTables.Print(table), SmallTables.Print(read));
        },
        iter: 200);

    [Fact]
    public async Task Read_DoubleBits_ComeBackExactly()
    {
        double?[] values = [double.NaN, -0.0, double.PositiveInfinity, double.Epsilon, null, 1.0 / 3];

        var column = (DoubleColumn)(await RoundTripAsync(SmallTables.Numbers("x", values))).Columns[0];

        for (var i = 0; i < values.Length; i++)
        {
            Assert.Equal(values[i] is null, column.IsNull(i));
            if (values[i] is { } value)
            {
                Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(column.Values[i]));
            }
        }
    }

    [Fact]
    public async Task Read_CutAnywhere_SaysSo()
    {
        var bytes = await WriteAsync(SmallTables.Of([("a", ColumnType.String), ("b", ColumnType.Int64)], ["one", 1L], [null, 2L], ["three", null]));

        for (var length = 0; length < bytes.Length; length++)
        {
            await Assert.ThrowsAsync<TableFileException>(() => ReadAsync(bytes[..length]));
        }
    }

    [Fact]
    public async Task Read_AnyByteChanged_ThrowsOrGivesATable()
    {
        var table = SmallTables.Of([("a", ColumnType.String), ("b", ColumnType.Boolean)], ["one", true], [null, false], ["three", null]);
        var bytes = await WriteAsync(table);

        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 0x80;
            try
            {
                _ = SmallTables.Print(await ReadAsync(changed));
            }
            catch (TableFileException)
            {
                // Found out: as good as a table that can be read to its end.
            }
        }
    }

    [Fact]
    public async Task Read_NewerVersion_NamesBoth()
    {
        var bytes = await WriteAsync(SmallTables.Numbers("x", 1));
        bytes[12] = 9;

        var exception = await Assert.ThrowsAsync<TableFileException>(() => ReadAsync(bytes));

        Assert.Contains("needs a reader of 9", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_HugeRowCount_AllocatesNothing()
    {
        var bytes = await WriteAsync(SmallTables.Numbers("x", 1, 2, 3));
        var at = bytes.AsSpan().IndexOf("\"rows\":3"u8);
        bytes[at + 7] = (byte)'9';

        Assert.Contains("cut short", (await Assert.ThrowsAsync<TableFileException>(() => ReadAsync(bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hash_DifferentBytesUnderMissingValues_AreTheSameTable()
    {
        var schema = new TableSchema([new TableField { Name = "x", Type = ColumnType.Double }, new TableField { Name = "s", Type = ColumnType.String }]);
        var one = new TableBatch(schema, [new DoubleColumn([1, 7], 2, [1]), new StringColumn("ab"u8.ToArray(), [0, 1, 2], 2, [1])], 2);
        var two = new TableBatch(schema, [new DoubleColumn([1, 8, 9], 2, [0xF1]), new StringColumn("_a"u8.ToArray(), [1, 2, 2], 2, [1])], 2);
        var three = new TableBatch(schema, [new DoubleColumn([1, 7], 2, null), new StringColumn("a"u8.ToArray(), [0, 1, 1], 2, [1])], 2);

        var hash = await TableFile.HashAsync(one, CancellationToken.None);

        Assert.Equal(hash, await TableFile.HashAsync(two, CancellationToken.None));
        Assert.NotEqual(hash, await TableFile.HashAsync(three, CancellationToken.None));
    }

    [Fact]
    public async Task Read_LongTexts_CrossChunks()
    {
        var texts = Enumerable.Range(0, 50).Select(i => new object?[] { new string((char)('a' + (i % 26)), i * 5000) }).ToArray();
        var table = SmallTables.Of([("text", ColumnType.String)], texts);

        Assert.Equal(SmallTables.Print(table), SmallTables.Print(await RoundTripAsync(table)));
    }

    private static async Task<TableBatch> RoundTripAsync(TableBatch table) => await ReadAsync(await WriteAsync(table));

    private static async Task<byte[]> WriteAsync(TableBatch table)
    {
        using var stream = new MemoryStream();
        await TableFile.WriteAsync(stream, table, CancellationToken.None);
        return stream.ToArray();
    }

    private static Task<TableBatch> ReadAsync(byte[] bytes) => TableFile.ReadAsync(new MemoryStream(bytes), CancellationToken.None);

    private static TableBatch Make(
        int rows, (ColumnType Type, bool IsCategorical, ColumnRole Role, bool IsNullable, bool IsScore)[] fields, int seed)
    {
        var random = new Random(seed);
        var columns = ImmutableArray.CreateBuilder<Column>();
        var schema = ImmutableArray.CreateBuilder<TableField>();
        for (var i = 0; i < fields.Length; i++)
        {
            var (type, isCategorical, role, isNullable, isScore) = fields[i];
            var domain = isCategorical ? new CategoryDomain(["a", "é", ""], isScore) : null;
            schema.Add(new TableField
            {
                Name = $"column {i} ∑",
                Type = type,
                Role = role,
                IsNullable = isNullable,
                Categories = domain,
                Score = isScore ? new ScoreKind("Regression Scores", "Scored Labels") : null,
            });
            var validity = isNullable ? Enumerable.Range(0, (rows + 63) / 64).Select(_ => (ulong)random.NextInt64()).ToArray() : null;
            columns.Add(domain is not null
                ? new CategoryColumn([.. Enumerable.Range(0, rows).Select(_ => random.Next(3))], rows, domain, validity)
                : type switch
                {
                    ColumnType.Boolean => new BooleanColumn([.. Enumerable.Range(0, rows).Select(_ => random.Next(2) == 0)], rows, validity),
                    ColumnType.Double => new DoubleColumn([.. Enumerable.Range(0, rows).Select(_ => random.NextDouble())], rows, validity),
                    ColumnType.DateTime => new DateTimeColumn([.. Enumerable.Range(0, rows).Select(_ => random.NextInt64(3_000_000_000_000_000_000))], rows, validity),
                    ColumnType.TimeSpan => new TimeSpanColumn([.. Enumerable.Range(0, rows).Select(_ => random.NextInt64())], rows, validity),
                    ColumnType.String => Texts(rows, random, validity),
                    _ => new Int64Column([.. Enumerable.Range(0, rows).Select(_ => random.NextInt64())], rows, validity),
                });
        }

        return new TableBatch(new TableSchema(schema.ToImmutable()), columns.ToImmutable(), rows);
    }

    private static StringColumn Texts(int rows, Random random, ulong[]? validity)
    {
        var data = new List<byte>();
        var offsets = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            data.AddRange(System.Text.Encoding.UTF8.GetBytes(new string('ß', random.Next(5))));
            offsets[row + 1] = data.Count;
        }

        return new StringColumn([.. data], offsets, rows, validity);
    }
}
