using System.Diagnostics;
using Auspex.Connectors.Formats;
using Xunit;

namespace Auspex.Tests.Connectors.Formats;

/// <summary>Files of anybody's making: whatever the bytes, there is a table or a format error, soon and in little memory.</summary>
public sealed class DamagedTableFileTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    public static TheoryData<string, BlockCompression> Formats => new()
    {
        { "t.parquet", BlockCompression.Default },
        { "t.parquet", BlockCompression.None },
        { "t.arrow", BlockCompression.Default },
        { "t.arrow", BlockCompression.Zstd },
        { "t.arrows", BlockCompression.Default },
        { "t.arrows", BlockCompression.Zstd },
    };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Read_ChangedBytes_GivesATableOrAFormatError(string path, BlockCompression blocks)
    {
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var whole = await FormatTables.WriteAsync(
            FormatTables.Random(seed, 120), path, new TableWriteOptions { Blocks = blocks, RowGroupRows = 50 }, batchRows: 50);
        for (var turn = 0; turn < 400; turn++)
        {
            var damaged = Damage(whole, random);

            await ReadAsync(damaged, path, $"seed {seed}, turn {turn}");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Read_CutFile_IsAFormatError(string path, BlockCompression blocks)
    {
        var whole = await FormatTables.WriteAsync(
            FormatTables.Random(5, 60), path, new TableWriteOptions { Blocks = blocks }, batchRows: 25);
        for (var length = 0; length < whole.Length; length += 1 + (whole.Length / 400))
        {
            await Assert.ThrowsAsync<TableFormatException>(() => FormatTables.ReadAsync(whole[..length], path));
        }
    }

    [Theory]
    [InlineData("t.parquet")]
    [InlineData("t.arrow")]
    [InlineData("t.arrows")]
    public async Task Read_OtherFile_SaysWhatIsWrong(string path)
    {
        foreach (var content in (byte[][])[[], "a,b\n1,2\n"u8.ToArray(), new byte[200], [.. "PAR1"u8, .. new byte[100], .. "PAR1"u8], "FEA1abcdefgh"u8.ToArray()])
        {
            var failure = await Assert.ThrowsAsync<TableFormatException>(
                () => FormatTables.ReadAsync(content, path, new TableReadOptions { Name = path }));

            Assert.StartsWith(path, failure.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Damage(byte[] whole, Random random)
    {
        var damaged = (byte[])whole.Clone();
        for (var flips = 1 + random.Next(4); flips > 0; flips--)
        {
            // The ends hold the metadata of most formats.
            var at = random.Next(3) switch
            {
                0 => random.Next(damaged.Length),
                1 => random.Next(Math.Min(damaged.Length, 2000)),
                _ => damaged.Length - 1 - random.Next(Math.Min(damaged.Length, 3000)),
            };
            damaged[at] = random.Next(4) switch
            {
                0 => 0,
                1 => 0xFF,
                2 => (byte)(damaged[at] ^ (1 << random.Next(8))),
                _ => (byte)random.Next(256),
            };
        }

        return random.Next(6) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
    }

    private static async Task ReadAsync(byte[] file, string path, string what)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            await FormatTables.ReadAsync(file, path, new TableReadOptions { MaxBlockBytes = 8 << 20 });
        }
        catch (TableFormatException)
        {
            // The only way in which reading may fail.
        }
        catch (Exception other) when (other is not TableFormatException)
        {
            Assert.Fail($"{what}: {other}");
        }

        Assert.True(clock.Elapsed < Longest, $"{what}: took {clock.Elapsed}");
    }
}
