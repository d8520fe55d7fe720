using System.Text;
using Auspex.Connectors.ObjectStorage;
using Xunit;

namespace Auspex.TestKit.Connectors;

/// <summary>What every blob store that can be written must do.</summary>
public abstract partial class BlobStoreContract
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The store; containers are named by the tests.</summary>
    protected abstract IBlobStore Store { get; }

    /// <summary>The factory that opens references to it.</summary>
    protected abstract BlobStores Stores { get; }

    /// <summary>Opens the same store again, as another process would.</summary>
    protected abstract IBlobStore OpenAnother(BlobTransferOptions? transfer = null);

    /// <summary>A container that no other test uses.</summary>
    protected string Container { get; } = "c" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task CommitAsync_NewBlob_CanBeReadWhole()
    {
        await WriteAsync("a/b.csv", "hello");

        Assert.Equal("hello", await ReadAsync("a/b.csv"));
        var found = await Store.FindAsync($"/{Container}/a/b.csv", Cancellation);
        Assert.NotNull(found);
        Assert.Equal($"{Container}/a/b.csv", found.Path);
        Assert.Equal(5, found.SizeInBytes);
        Assert.InRange(found.LastModified, DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System.GetUtcNow().AddHours(1));
        Assert.NotEmpty(found.ETag);
    }

    [Fact]
    public async Task CommitAsync_OverAnEarlierBlob_ReplacesIt()
    {
        await WriteAsync("x", "first, and longer");
        var before = await Store.FindAsync($"{Container}/x", Cancellation);
        await WriteAsync("x", "second");
        var after = await Store.FindAsync($"{Container}/x", Cancellation);

        Assert.Equal("second", await ReadAsync("x"));
        Assert.NotEqual(before!.ETag, after!.ETag);
    }

    [Fact]
    public async Task OpenWriteAsync_BeforeCommit_LeavesReadersWhatWasThere()
    {
        await WriteAsync("x", "old");
        await using var upload = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await upload.Stream.WriteAsync(new byte[9_000_000], Cancellation);
        await upload.Stream.FlushAsync(Cancellation);

        Assert.Equal("old", await ReadAsync("x"));
        await upload.CommitAsync(Cancellation);
        Assert.Equal(9_000_000, (await Store.FindAsync($"{Container}/x", Cancellation))!.SizeInBytes);
    }

    [Fact]
    public async Task DisposeAsync_WithoutCommit_ChangesNothing()
    {
        await WriteAsync("kept", "old");
        foreach (var name in new[] { "kept", "never" })
        {
            await using var upload = await Store.OpenWriteAsync($"{Container}/{name}", Cancellation);
            await upload.Stream.WriteAsync(new byte[5_000_000], Cancellation);
        }

        Assert.Equal("old", await ReadAsync("kept"));
        Assert.Null(await Store.FindAsync($"{Container}/never", Cancellation));
        Assert.Equal([$"{Container}/kept"], await ListAsync($"{Container}/"));
    }

    [Fact]
    public async Task CommitAsync_EmptyBlob_IsThereAndEmpty()
    {
        await WriteAsync("empty", "");

        Assert.Equal(0, (await Store.FindAsync($"{Container}/empty", Cancellation))!.SizeInBytes);
        Assert.Equal("", await ReadAsync("empty"));
    }

    [Fact]
    public async Task OpenReadAsync_FromAnOffset_GivesTheRest()
    {
        await WriteAsync("x", "0123456789");

        Assert.Equal("789", await ReadAsync("x", 7));
        Assert.Equal("", await ReadAsync("x", 10));
        Assert.Equal("", await ReadAsync("x", 99));
    }

    [Fact]
    public async Task CommitAsync_SeveralBlocks_KeepsEveryByteInOrder()
    {
        var bytes = new byte[13_000_003];
        new Random(7).NextBytes(bytes);
        await using (var upload = await Store.OpenWriteAsync($"{Container}/big", Cancellation))
        {
            for (var start = 0; start < bytes.Length; start += 777_777)
            {
                await upload.Stream.WriteAsync(bytes.AsMemory(start, Math.Min(777_777, bytes.Length - start)), Cancellation);
            }

            await upload.CommitAsync(Cancellation);
        }

        var read = new MemoryStream();
        await using var stream = await Store.OpenReadAsync($"{Container}/big", 0, Cancellation);
        await stream.CopyToAsync(read, Cancellation);
        Assert.True(bytes.AsSpan().SequenceEqual(read.ToArray()));
    }

    [Fact]
    public async Task OpenReadAsync_NoSuchBlobOrContainer_IsNotFound()
    {
        await WriteAsync("there", "x");

        foreach (var path in new[] { $"{Container}/missing", $"{Container}/there/below", "no-such-container/x" })
        {
            var error = await Assert.ThrowsAsync<BlobStoreException>(() => Store.OpenReadAsync(path, 0, Cancellation));
            Assert.Equal(BlobError.NotFound, error.Error);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            Assert.Null(await Store.FindAsync(path, Cancellation));
            Assert.False(await Store.DeleteAsync(path, Cancellation));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("c/")]
    [InlineData("c/../../x")]
    [InlineData("c/./x")]
    [InlineData("c//x")]
    [InlineData("..\\x")]
    public async Task AnyCall_MalformedPath_IsInvalid(string path)
    {
        Assert.Equal(BlobError.Invalid, (await Assert.ThrowsAsync<BlobStoreException>(() => Store.FindAsync(path, Cancellation))).Error);
        Assert.Equal(BlobError.Invalid, (await Assert.ThrowsAsync<BlobStoreException>(() => Store.OpenReadAsync(path, 0, Cancellation))).Error);
        Assert.Equal(BlobError.Invalid, (await Assert.ThrowsAsync<BlobStoreException>(() => Store.OpenWriteAsync(path, Cancellation))).Error);
        Assert.Equal(BlobError.Invalid, (await Assert.ThrowsAsync<BlobStoreException>(() => Store.DeleteAsync(path, Cancellation))).Error);
    }

    [Fact]
    public async Task ListAsync_Prefix_GivesMatchesInOrdinalOrder()
    {
        foreach (var name in new[] { "b/2", "b-1", "b/1", "a", "b/c/x", "B", "b0" })
        {
            await WriteAsync(name, name);
        }

        Assert.Equal(Named("B", "a", "b-1", "b/1", "b/2", "b/c/x", "b0"), await ListAsync($"{Container}/"));
        Assert.Equal(Named("b/1", "b/2", "b/c/x"), await ListAsync($"/{Container}/b/"));
        Assert.Equal(Named("b-1", "b/1", "b/2", "b/c/x", "b0"), await ListAsync($"{Container}/b"));
        Assert.Equal(Named("B", "a", "b-1", "b/1", "b/2", "b/c/x", "b0"), await ListAsync(Container));
        Assert.Empty(await ListAsync($"{Container}/z"));
    }

    [Fact]
    public async Task DeleteAsync_Blob_RemovesIt()
    {
        await WriteAsync("x", "x");

        Assert.True(await Store.DeleteAsync($"{Container}/x", Cancellation));
        Assert.False(await Store.DeleteAsync($"{Container}/x", Cancellation));
        Assert.Null(await Store.FindAsync($"{Container}/x", Cancellation));
    }

    [Theory]
    [InlineData("plain.csv")]
    [InlineData("folder/with space + plus & 100%.csv")]
    [InlineData("é/漢字#1?.csv")]
    public async Task GetReadReference_AnyName_LetsOthersReadIt(string name)
    {
        await WriteAsync(name, "content of " + name);

        var reference = Store.GetReadReference($"{Container}/{name}", TimeSpan.FromHours(24));

        var other = Stores.Open(reference);
        await using var stream = await other.OpenReadAsync(BlobStores.PathOf(reference), 0, Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Assert.Equal("content of " + name, await reader.ReadToEndAsync(Cancellation));
    }

    protected async Task WriteAsync(string name, string content)
    {
        await using var upload = await Store.OpenWriteAsync($"{Container}/{name}", Cancellation);
        await upload.Stream.WriteAsync(Encoding.UTF8.GetBytes(content), Cancellation);
        await upload.CommitAsync(Cancellation);
    }

    protected async Task<string> ReadAsync(string name, long offset = 0)
    {
        await using var stream = await Store.OpenReadAsync($"{Container}/{name}", offset, Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancellation);
    }

    private async Task<List<string>> ListAsync(string prefix)
    {
        var paths = new List<string>();
        await foreach (var blob in Store.ListAsync(prefix, Cancellation))
        {
            paths.Add(blob.Path);
        }

        return paths;
    }

    private IEnumerable<string> Named(params string[] names) => names.Select(name => $"{Container}/{name}");
}
