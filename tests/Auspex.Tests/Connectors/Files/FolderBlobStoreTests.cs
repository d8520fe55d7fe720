using Auspex.Connectors.Files;
using Auspex.Connectors.ObjectStorage;
using Auspex.TestKit;
using Auspex.TestKit.Connectors;
using Xunit;

namespace Auspex.Tests.Connectors.Files;

public sealed class FolderBlobStoreTests : BlobStoreContract, IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly TemporaryFolder _outside = new();

    public FolderBlobStoreTests()
    {
        Stores = new BlobStores(new BlobStoresOptions { FileRoots = [_root.Path] }, TimeProvider.System);
        Store = Stores.Open($"FileRoot={_root.Path}");
    }

    protected override IBlobStore Store { get; }

    protected override BlobStores Stores { get; }

    protected override bool UploadsAreIndependent => true;

    protected override IBlobStore OpenAnother(BlobTransferOptions? transfer = null) => Stores.OpenFolder(_root.Path);

    public void Dispose()
    {
        Stores.Dispose();
        _root.Dispose();
        _outside.Dispose();
    }

    [Fact]
    public void Open_FolderOutsideTheRoots_IsForbidden()
    {
        var above = Path.Combine(_root.Path, "..");
        var sibling = _root.Path + "-sibling";

        foreach (var folder in new[] { above, sibling, "/", _outside.Path })
        {
            var error = Assert.Throws<BlobStoreException>(() => Stores.Open($"FileRoot={folder}"));
            Assert.Equal(BlobError.Forbidden, error.Error);
            Assert.Contains("fileRoots", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(BlobError.Forbidden, Assert.Throws<BlobStoreException>(() => Stores.Open("FileRoot=../outside")).Error);
    }

    [Fact]
    public async Task Open_OfARelativeFolder_BeginsAtTheFirstRoot()
    {
        await File.WriteAllTextAsync(_root.File("here"), "text", Cancellation);

        Assert.NotNull(await Stores.Open("FileRoot=.").FindAsync("here", Cancellation));
    }

    [Fact]
    public async Task AnyCall_ThroughALinkThatLeadsOut_IsForbidden()
    {
        await File.WriteAllTextAsync(_outside.File("secret"), "secret", Cancellation);
        Directory.CreateSymbolicLink(_root.File("out"), _outside.Path);
        File.CreateSymbolicLink(_root.File("file"), _outside.File("secret"));
        Directory.CreateSymbolicLink(_root.File("indirect"), _root.File("out"));
        File.CreateSymbolicLink(_root.File("dangling"), _outside.File("not-there-yet"));

        foreach (var path in new[] { "out/secret", "file", "indirect/secret", "dangling", "out/new" })
        {
            await Assert.ThrowsAsync<BlobStoreException>(() => Store.OpenReadAsync(path, 0, Cancellation));
            await Assert.ThrowsAsync<BlobStoreException>(() => Store.FindAsync(path, Cancellation));
            await Assert.ThrowsAsync<BlobStoreException>(() => Store.DeleteAsync(path, Cancellation));
            var error = await Assert.ThrowsAsync<BlobStoreException>(() => Store.OpenWriteAsync(path, Cancellation));
            Assert.Equal(BlobError.Forbidden, error.Error);
        }

        Assert.Equal("secret", await File.ReadAllTextAsync(_outside.File("secret"), Cancellation));
        Assert.Empty(await Store.ListAsync("", Cancellation).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task AnyCall_ThroughALinkThatStaysInside_IsAllowed()
    {
        await WriteAsync("real/x", "here");
        Directory.CreateSymbolicLink(_root.File("alias"), _root.File($"{Container}/real"));
        Directory.CreateSymbolicLink(_root.File($"{Container}/real/loop"), _root.File(Container));

        await using var stream = await Store.OpenReadAsync("alias/x", 0, Cancellation);
        var listed = await Store.ListAsync("", Cancellation).Select(blob => blob.Path).ToListAsync(Cancellation);

        Assert.Equal(4, stream.Length);
        Assert.Equal(["alias/x", $"{Container}/real/x"], listed.Where(path => !path.Contains("loop", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task OpenWriteAsync_WhereAFolderOrAFileIsInTheWay_IsRefused()
    {
        await WriteAsync("folder/x", "x");

        var overFolder = await Assert.ThrowsAsync<BlobStoreException>(() => Store.OpenWriteAsync($"{Container}/folder", Cancellation));
        Assert.Equal(BlobError.Invalid, overFolder.Error);
        await Assert.ThrowsAsync<BlobStoreException>(() => Store.OpenWriteAsync($"{Container}/folder/x/y", Cancellation));
    }

    [Fact]
    public async Task OpenWriteAsync_Unfinished_IsNeitherListedNorLeftBehind()
    {
        var upload = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await upload.Stream.WriteAsync(new byte[100], Cancellation);
        Assert.Empty(await Store.ListAsync(Container, Cancellation).ToListAsync(Cancellation));

        await upload.DisposeAsync();

        Assert.Empty(Directory.GetFiles(_root.File(Container)));
    }

    [Fact]
    public async Task SecureAsync_Once_KeepsTheFileUntilItIsDiscarded()
    {
        var upload = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(upload, Bytes(100), 0, 100);
        var position = await upload.SecureAsync(Cancellation);
        await upload.DisposeAsync();

        var partial = Assert.Single(Directory.GetFiles(_root.File(Container)));
        Assert.Contains(position.UploadId, partial, StringComparison.Ordinal);
        await Store.DiscardUploadAsync($"{Container}/x", position, Cancellation);
        Assert.Empty(Directory.GetFiles(_root.File(Container)));
        await AssertGoneAsync(() => Store.ResumeWriteAsync($"{Container}/x", position, Cancellation));
    }

    [Fact]
    public async Task CommitAsync_DiscardedMeanwhile_IsGone()
    {
        await WriteAsync("x", new string('o', 100));
        await using var upload = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(upload, Bytes(100), 0, 100);
        await Store.DiscardUploadAsync($"{Container}/x", await upload.SecureAsync(Cancellation), Cancellation);

        await AssertGoneAsync(() => upload.CommitAsync(Cancellation));
        Assert.Equal(new string('o', 100), await ReadAsync("x"));
        Directory.Delete(_root.File(Container), recursive: true);
        await AssertGoneAsync(() => upload.CommitAsync(Cancellation));
    }

    [Fact]
    public async Task ResumeWriteAsync_ShorterThanItWas_IsGone()
    {
        await using var upload = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(upload, Bytes(100), 0, 100);
        var position = await upload.SecureAsync(Cancellation);
        var partial = Assert.Single(Directory.GetFiles(_root.File(Container)));
        using (var file = new FileStream(partial, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(99);
        }

        await AssertGoneAsync(() => Store.ResumeWriteAsync($"{Container}/x", position, Cancellation));
    }

    [Fact]
    public async Task ResumeWriteAsync_WriterWasFurther_CutsAtTheEnd()
    {
        var bytes = Bytes(5000);
        await using var zombie = await Store.OpenWriteAsync($"{Container}/x", Cancellation);
        await WriteAsync(zombie, bytes, 0, 1000);
        var position = await zombie.SecureAsync(Cancellation);
        await WriteAsync(zombie, bytes, 1000, 5000);
        await zombie.SecureAsync(Cancellation);

        await using var upload = await OpenAnother().ResumeWriteAsync($"{Container}/x", position, Cancellation);
        await upload.CommitAsync(Cancellation);

        await AssertBlobAsync("x", bytes[..1000]);
    }

    [Fact]
    public async Task OpenWriteAsync_AfterAWeek_RemovesWhatWasLeftBehind()
    {
        Directory.CreateDirectory(_root.File(Container));
        var old = _root.File($"{Container}/.auspex-{Guid.NewGuid():N}.partial");
        var recent = _root.File($"{Container}/.auspex-{Guid.NewGuid():N}.partial");
        var other = _root.File($"{Container}/notes.partial");
        foreach (var file in new[] { old, recent, other })
        {
            await File.WriteAllTextAsync(file, "x", Cancellation);
        }

        var now = File.GetLastWriteTimeUtc(recent);
        File.SetLastWriteTimeUtc(old, now.AddDays(-7).AddMinutes(-1));
        File.SetLastWriteTimeUtc(recent, now.AddDays(-7).AddMinutes(1));
        File.SetLastWriteTimeUtc(other, now.AddDays(-30));
        await WriteAsync("x", "x");

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(recent));
        Assert.True(File.Exists(other));
        await File.WriteAllTextAsync(old, "x", Cancellation);
        File.SetLastWriteTimeUtc(old, now.AddDays(-8));
        await WriteAsync("x", "x");
        Assert.True(File.Exists(old), "the folder was gone through twice within the hour");
    }

    [Fact]
    public void IsLikely_WithoutAMark_WantsTheFinalLengthAndNoOlderFile()
    {
        var id = Guid.CreateVersion7(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
        var begun = new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

        Assert.True(FolderUpload.IsLikely(id, 100, 100, begun));
        Assert.True(FolderUpload.IsLikely(id, 100, 100, begun.AddDays(3)));
        Assert.True(FolderUpload.IsLikely(id, 100, 100, begun.AddMinutes(-4)));
        Assert.False(FolderUpload.IsLikely(id, 100, 100, begun.AddMinutes(-6)));
        Assert.False(FolderUpload.IsLikely(id, 99, 100, begun));
    }

    [Fact]
    public void Translate_DiskFull_SaysWhatToDo()
    {
        foreach (var number in new[] { 28, 122, unchecked((int)0x80070070) })
        {
            var error = FolderErrors.Translate(new IOException("no space", number), "/data", "c/x");

            Assert.Equal(BlobError.Full, error!.Error);
            Assert.Contains("Free space", error.Message, StringComparison.Ordinal);
            Assert.False(error.IsTransient);
        }

        Assert.True(FolderErrors.Translate(new IOException("broken", 5), "/data", "c/x")!.IsTransient);
        Assert.Null(FolderErrors.Translate(new OperationCanceledException(), "/data", "c/x"));
    }
}
