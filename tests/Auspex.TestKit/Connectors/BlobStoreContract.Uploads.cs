using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;
using Xunit;

namespace Auspex.TestKit.Connectors;

/// <content>Uploads that are continued by another process, while the first may not know that it is taken for dead.</content>
public abstract partial class BlobStoreContract
{
    /// <summary>What the Azure store sends at once; folders know no blocks.</summary>
    private const int Block = 4 << 20;

    /// <summary>The smallest range that is allowed.</summary>
    private const int Range = 64 << 10;

    /// <summary>Whether an upload outlives the commit of another to its path. In Azure it does not.</summary>
    protected abstract bool UploadsAreIndependent { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData(2 * Block)]
    [InlineData((2 * Block) + (Block / 2))]
    public async Task ResumeWriteAsync_AfterTheProcessDied_GivesTheSameBlob(int secured)
    {
        var bytes = Bytes((2 * Block) + (Block / 2));
        var dead = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(dead, bytes, 0, secured);
        var position = await dead.SecureAsync(Cancellation);
        // This was never secured: whether it arrived or not must not matter.
        await WriteAsync(dead, bytes, secured, Math.Min(bytes.Length, secured + 1000));

        Assert.Equal(secured, position.Length);
        await using (var upload = await OpenAnother().ResumeWriteAsync($"{Container}/x", position, Cancellation))
        {
            Assert.False(upload.IsCommitted);
            Assert.Equal(secured, upload.Stream.Position);
            await WriteAsync(upload, bytes, secured, bytes.Length);
            Assert.Null(await Store.FindAsync($"{Container}/x", Cancellation));
            await upload.CommitAsync(Cancellation);
            Assert.True(upload.IsCommitted);
        }

        await AssertBlobAsync("x", bytes);
        Assert.Equal([$"{Container}/x"], await ListAsync(Container));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Block)]
    [InlineData((3 * Block) + 5)]
    public async Task ResumeWriteAsync_AgainAndAgain_GivesWhatAnUninterruptedUploadGives(int size)
    {
        var bytes = Bytes(size);
        var random = new Random(size);
        var upload = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        var position = await upload.SecureAsync(Cancellation);
        for (var written = 0; written < size;)
        {
            var next = Math.Min(size, written + random.Next(1, Block));
            await WriteAsync(upload, bytes, written, next);
            // Every other time the process dies before it could secure, and the next one writes that part again.
            if (random.Next(2) == 0)
            {
                position = await upload.SecureAsync(Cancellation);
                written = next;
            }

            await upload.DisposeAsync();
            upload = await OpenAnother().ResumeWriteAsync($"{Container}/x", position, Cancellation);
        }

        await upload.CommitAsync(Cancellation);
        await upload.DisposeAsync();

        await AssertBlobAsync("x", bytes);
        Assert.Equal([$"{Container}/x"], await ListAsync(Container));
    }

    [Fact]
    public async Task ResumeWriteAsync_AtAnEarlierPosition_GivesUpWhatCameAfter()
    {
        var bytes = Bytes(Block + 300_000);
        await using var first = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        var positions = new List<UploadPosition>();
        for (var written = 0; written < bytes.Length; written += 100_000)
        {
            await WriteAsync(first, bytes, written, Math.Min(bytes.Length, written + 100_000));
            positions.Add(await first.SecureAsync(Cancellation));
        }

        await using var second = await OpenAnother().ResumeWriteAsync($"{Container}/x", positions[2], Cancellation);
        await WriteAsync(second, bytes, 300_000, 350_000);
        await second.CommitAsync(Cancellation);

        await AssertBlobAsync("x", bytes[..350_000]);
    }

    [Fact]
    public async Task SecureAsync_WhileWritingGoesOn_CountsWhatWasWrittenBefore()
    {
        var bytes = Bytes((2 * Block) + 77);
        await using var first = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(first, bytes, 0, 123_456);
        var securing = first.SecureAsync(Cancellation);
        await WriteAsync(first, bytes, 123_456, bytes.Length);
        var position = await securing;

        Assert.Equal(123_456, position.Length);
        Assert.Equal(position, await SecureAgainAsync(position));
        await using var second = await OpenAnother().ResumeWriteAsync($"{Container}/x", position, Cancellation);
        await WriteAsync(second, bytes, 123_456, bytes.Length);
        await second.CommitAsync(Cancellation);

        await AssertBlobAsync("x", bytes);

        async Task<UploadPosition> SecureAgainAsync(UploadPosition from)
        {
            await using var upload = await OpenAnother().ResumeWriteAsync($"{Container}/x", from, Cancellation);
            return await upload.SecureAsync(Cancellation);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ResumeWriteAsync_WhileTheFirstWriterStillWrites_EndsInTheSameBlob(bool firstCommitsFirst)
    {
        var bytes = Bytes((3 * Block) + 5);
        await using var zombie = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(zombie, bytes, 0, Block + 10);
        var position = await zombie.SecureAsync(Cancellation);
        await WriteAsync(zombie, bytes, Block + 10, (2 * Block) + 10);
        await using var upload = await OpenAnother().ResumeWriteAsync($"{Container}/x", position, Cancellation);
        await WriteAsync(upload, bytes, (int)position.Length, (2 * Block) + 700_000);
        await upload.SecureAsync(Cancellation);
        await WriteAsync(zombie, bytes, (2 * Block) + 10, bytes.Length);

        if (firstCommitsFirst)
        {
            await zombie.CommitAsync(Cancellation);
            await AssertBlobAsync("x", bytes);
            await WriteAsync(upload, bytes, (2 * Block) + 700_000, bytes.Length);
            await upload.CommitAsync(Cancellation);
        }
        else
        {
            await WriteAsync(upload, bytes, (2 * Block) + 700_000, bytes.Length);
            await upload.CommitAsync(Cancellation);
            await AssertBlobAsync("x", bytes);
            await zombie.CommitAsync(Cancellation);
        }

        await AssertBlobAsync("x", bytes);
        Assert.Equal([$"{Container}/x"], await ListAsync(Container));
    }

    [Fact]
    public async Task ResumeWriteAsync_Committed_SaysSoAndChangesNothing()
    {
        var bytes = Bytes(Block + 1000);
        await using var first = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(first, bytes, 0, 500);
        var early = await first.SecureAsync(Cancellation);
        await WriteAsync(first, bytes, 500, bytes.Length);
        var final = await first.SecureAsync(Cancellation);
        await first.CommitAsync(Cancellation);
        var committed = await Store.FindAsync($"{Container}/x", Cancellation);

        await using (var finished = await OpenAnother().ResumeWriteAsync($"{Container}/x", final, Cancellation))
        {
            Assert.True(finished.IsCommitted);
            Assert.Equal(final, await finished.SecureAsync(Cancellation));
            await finished.CommitAsync(Cancellation);
        }

        await using (var behind = await OpenAnother().ResumeWriteAsync($"{Container}/x", early, Cancellation))
        {
            Assert.True(behind.IsCommitted);
            await WriteAsync(behind, bytes, 500, bytes.Length);
            Assert.Equal(final, await behind.SecureAsync(Cancellation));
            await behind.CommitAsync(Cancellation);
        }

        await using (var different = await OpenAnother().ResumeWriteAsync($"{Container}/x", early, Cancellation))
        {
            await WriteAsync(different, bytes, 500, 600);
            await AssertGoneAsync(() => different.CommitAsync(Cancellation));
        }

        await first.CommitAsync(Cancellation);
        await Store.DiscardUploadAsync($"{Container}/x", final, Cancellation);
        Assert.Equal(committed, await Store.FindAsync($"{Container}/x", Cancellation));
        await AssertBlobAsync("x", bytes);
    }

    [Fact]
    public async Task ResumeWriteAsync_CommittedAndReplacedSince_IsGone()
    {
        await using var first = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(first, Bytes(500), 0, 500);
        var position = await first.SecureAsync(Cancellation);
        await first.CommitAsync(Cancellation);
        await WriteAsync("x", new string('x', 500));

        await AssertGoneAsync(() => OpenAnother().ResumeWriteAsync($"{Container}/x", position, Cancellation));
        Assert.Equal(new string('x', 500), await ReadAsync("x"));
    }

    [Fact]
    public async Task ResumeWriteAsync_NothingThere_IsGone()
    {
        await WriteAsync("there", "x");
        var unknown = new UploadPosition(Guid.NewGuid(), 1);

        await AssertGoneAsync(() => Store.ResumeWriteAsync($"{Container}/there", unknown, Cancellation));
        await AssertGoneAsync(() => Store.ResumeWriteAsync($"{Container}/never", unknown, Cancellation));
        await AssertGoneAsync(() => Store.ResumeWriteAsync("no-such-container/x", unknown, Cancellation));
        Assert.Equal("x", await ReadAsync("there"));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("../../x", 0)]
    [InlineData("00000000000000000000000000000000", -1)]
    public async Task ResumeWriteAsync_MalformedPosition_IsInvalid(string id, long length)
    {
        var position = new UploadPosition(id, length);

        var resumed = await Assert.ThrowsAsync<BlobStoreException>(
            () => Store.ResumeWriteAsync($"{Container}/x", position, Cancellation));
        Assert.Equal(BlobError.Invalid, resumed.Error);
        var discarded = await Assert.ThrowsAsync<BlobStoreException>(
            () => Store.DiscardUploadAsync($"{Container}/x", position, Cancellation));
        Assert.Equal(BlobError.Invalid, discarded.Error);
    }

    [Fact]
    public async Task DiscardUploadAsync_AfterTheProcessDied_LeavesWhatWasThereBefore()
    {
        await WriteAsync("x", "old");
        var dead = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(dead, Bytes(1000), 0, 1000);
        var position = await dead.SecureAsync(Cancellation);

        await OpenAnother().DiscardUploadAsync($"{Container}/x", position, Cancellation);
        await OpenAnother().DiscardUploadAsync($"{Container}/x", position, Cancellation);
        await OpenAnother().DiscardUploadAsync("no-such-container/x", position, Cancellation);

        Assert.Equal("old", await ReadAsync("x"));
        Assert.Equal([$"{Container}/x"], await ListAsync(Container));
    }

    [Fact]
    public async Task CommitAsync_TwoUploadsToOnePath_NeverMixes()
    {
        var (one, two) = (Bytes(Block + 1), Bytes(Block + 2));
        await using var first = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await using var second = await OpenAnother().OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(first, one, 0, one.Length);
        await WriteAsync(second, two, 0, 1000);
        await first.CommitAsync(Cancellation);
        await AssertBlobAsync("x", one);
        await WriteAsync(second, two, 1000, two.Length);

        if (UploadsAreIndependent)
        {
            await second.CommitAsync(Cancellation);
            await AssertBlobAsync("x", two);
            return;
        }

        // Nothing of it was sent when the other was committed, so it goes through; had it been, it would be gone.
        await second.CommitAsync(Cancellation);
        await AssertBlobAsync("x", two);
        await using var third = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(third, one, 0, one.Length);
        await third.SecureAsync(Cancellation);
        await WriteAsync("x", "other");
        await AssertGoneAsync(() => third.CommitAsync(Cancellation));
        Assert.Equal("other", await ReadAsync("x"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Range - 1)]
    [InlineData(Range)]
    [InlineData(Range + 1)]
    [InlineData(4 * Range)]
    [InlineData((4 * Range) + 1)]
    [InlineData((20 * Range) + 7)]
    public async Task OpenReadAsync_SizesAroundTheRange_GivesEveryByteFromAnyOffset(int size)
    {
        var bytes = Bytes(size);
        await using (var upload = await Store.OpenWriteAsync($"{Container}/x", Cancellation))
        {
            await WriteAsync(upload, bytes, 0, size);
            await upload.CommitAsync(Cancellation);
        }

        foreach (var ahead in new[] { 0, 1, 5 })
        {
            var store = OpenAnother(new BlobTransferOptions { RangeBytes = Range, RangesAhead = ahead });
            foreach (var offset in new[] { 0, 1, Range - 1, Range, size / 2, size - 1, size, size + 1 }.Where(offset => offset >= 0))
            {
                await using var stream = await store.OpenReadAsync($"{Container}/x", offset, Cancellation);
                using var read = new MemoryStream();
                await stream.CopyToAsync(read, 10_007, Cancellation);
                Assert.True(bytes.AsSpan(Math.Min(offset, size)).SequenceEqual(read.GetBuffer().AsSpan(0, (int)read.Length)), $"from {offset}");
            }
        }
    }

    /// <summary>Bytes that depend on their offset and on nothing else, as those of an upload that is resumed must.</summary>
    protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(2025).NextBytes(bytes);
        return bytes;
    }

    protected static async Task WriteAsync(BlobUpload upload, byte[] bytes, int from, int to)
    {
        for (; from < to; from += 300_007)
        {
            await upload.Stream.WriteAsync(bytes.AsMemory(from, Math.Min(300_007, to - from)), Cancellation);
        }
    }

    protected static async Task AssertGoneAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<BlobStoreException>(call);
        Assert.Equal(ErrorCode.BlobUploadGone, error.Code);
        Assert.Equal(BlobError.UploadGone, error.Error);
    }

    protected async Task AssertBlobAsync(string name, byte[] expected)
    {
        await using var stream = await Store.OpenReadAsync($"{Container}/{name}", 0, Cancellation);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation);
        Assert.True(expected.AsSpan().SequenceEqual(read.GetBuffer().AsSpan(0, (int)read.Length)), "the blob has other bytes");
    }
}
