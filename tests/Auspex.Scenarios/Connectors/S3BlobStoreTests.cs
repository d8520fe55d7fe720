using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.S3;
using Auspex.Errors;
using Auspex.TestKit.Connectors;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Connectors;

public sealed class S3BlobStoreTests(S3Fixture s3) : BlobStoreContract, IAsyncLifetime
{
    private readonly List<BlobStores> _others = [];
    private IBlobStore? _store;

    protected override IBlobStore Store => _store!;

    protected override BlobStores Stores { get; } = new(new BlobStoresOptions(), TimeProvider.System);

    protected override bool UploadsAreIndependent => true;

    protected override IBlobStore OpenAnother(BlobTransferOptions? transfer = null)
    {
        var stores = new BlobStores(new BlobStoresOptions { Transfer = transfer ?? new() }, TimeProvider.System);
        _others.Add(stores);
        return stores.Open(Connection(s3.Endpoint));
    }

    public async ValueTask InitializeAsync()
    {
        await s3.EnsureStartedAsync();
        _store = Stores.Open(Connection(s3.Endpoint));
    }

    public ValueTask DisposeAsync()
    {
        Stores.Dispose();
        _others.ForEach(stores => stores.Dispose());
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task ResumeWriteAsync_InTheMiddleOfTheThirdPart_GivesTheSameObject()
    {
        const int Part = 5 << 20;
        var bytes = Bytes((4 * Part) + 77);
        var dead = await Store.OpenWriteAsync($"{Container}/folder/x", Cancellation);
        await WriteAsync(dead, bytes, 0, (2 * Part) + 1000);
        await dead.SecureAsync(Cancellation);
        await WriteAsync(dead, bytes, (2 * Part) + 1000, (2 * Part) + 5000);
        var position = await dead.SecureAsync(Cancellation);

        await using (var upload = await OpenAnother().ResumeWriteAsync($"{Container}/folder/x", position, Cancellation))
        {
            Assert.Empty(await Store.ListFolderAsync($"{Container}/folder", Cancellation).ToListAsync(Cancellation));
            await WriteAsync(upload, bytes, (int)position.Length, bytes.Length);
            await upload.CommitAsync(Cancellation);
        }

        await AssertBlobAsync("folder/x", bytes);
        var folders = await Store.ListFolderAsync(Container, Cancellation).ToListAsync(Cancellation);
        Assert.Equal(["folder"], folders.Select(entry => entry.Name));
        Assert.True(folders[0].IsFolder);
    }

    [Fact]
    public async Task FindAsync_ObjectOfOnePiece_HasItsMd5()
    {
        await WriteAsync("x", "hello");

        var found = await Store.FindAsync($"{Container}/x", Cancellation);

        Assert.Equal("XUFAKrxLKna5cZ2REBfFkg==", found!.ContentMD5);
        Assert.NotNull(await Store.FindFolderAsync(Container, Cancellation));
        Assert.Null(await Store.FindFolderAsync($"{Container}/none", Cancellation));
        Assert.Null(await Store.FindFolderAsync("no-such-bucket", Cancellation));
    }

    [Fact]
    public async Task Open_HostThatIsNotAllowedOrMetadata_IsRefused()
    {
        using var strict = new BlobStores(
            new BlobStoresOptions { Outbound = new OutboundOptions { AllowedHosts = ["example.com"] } }, TimeProvider.System);

        var notListed = await Assert.ThrowsAsync<BlobStoreException>(
            () => strict.Open(Connection(s3.Endpoint)).FindAsync("bucket/x", Cancellation));
        var metadata = await Assert.ThrowsAsync<BlobStoreException>(
            () => Stores.Open(Connection("http://169.254.169.254")).FindAsync("bucket/x", Cancellation));

        Assert.Equal(ErrorCode.OutboundRefused, notListed.Code);
        Assert.Equal(ErrorCode.OutboundRefused, metadata.Code);
    }

    [Fact]
    public async Task AnyCall_NobodyListening_IsUnavailable()
    {
        var store = Stores.Open(Connection($"http://127.0.0.1:{ServiceProcess.FreePort()}"));

        var error = await Assert.ThrowsAsync<BlobStoreException>(() => store.FindAsync("bucket/x", Cancellation));

        Assert.True(error.IsTransient);
        Assert.DoesNotContain(S3Fixture.SecretAccessKey, error.ToString(), StringComparison.Ordinal);
    }

    private static string Connection(string endpoint) => S3Settings.ToConnectionString(
        endpoint, S3Fixture.AccessKeyId, S3Fixture.SecretAccessKey, null, forcePathStyle: true);
}
