using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Connectors.Sftp;
using Auspex.Errors;
using Auspex.TestKit.Connectors;
using Auspex.TestKit.Services;
using Xunit;

namespace Auspex.Scenarios.Connectors;

public sealed class SftpBlobStoreTests(SftpFixture sftp) : BlobStoreContract, IAsyncLifetime
{
    private readonly List<BlobStores> _others = [];
    private IBlobStore? _store;
    private string? _hostKey;

    protected override IBlobStore Store => _store!;

    protected override BlobStores Stores { get; } = new(new BlobStoresOptions(), TimeProvider.System);

    protected override bool UploadsAreIndependent => true;

    protected override IBlobStore OpenAnother(BlobTransferOptions? transfer = null)
    {
        var stores = new BlobStores(new BlobStoresOptions { Transfer = transfer ?? new() }, TimeProvider.System);
        _others.Add(stores);
        return stores.Open(Settings().ToConnectionString());
    }

    public async ValueTask InitializeAsync()
    {
        await sftp.EnsureStartedAsync();
        _hostKey = await sftp.FingerprintAsync("ed25519");
        _store = Stores.Open(Settings().ToConnectionString());
    }

    public ValueTask DisposeAsync()
    {
        Stores.Dispose();
        _others.ForEach(stores => stores.Dispose());
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("ed25519", "sha256")]
    [InlineData("rsa", "sha256")]
    [InlineData("ed25519", "md5")]
    [InlineData("rsa", "md5")]
    public async Task Open_FingerprintOfAnyOfTheServersKeys_IsTaken(string algorithm, string hash)
    {
        var store = Stores.Open(Settings(hostKey: await sftp.FingerprintAsync(algorithm, hash)).ToConnectionString());

        Assert.Null(await store.FindAsync($"{Container}/x", Cancellation));
    }

    [Fact]
    public async Task Open_OtherOrNoHostKey_SendsNothingUnlessAnyIsTaken()
    {
        var other = Settings(hostKey: "ssh-ed25519 256 SHA256:" + Convert.ToBase64String(new byte[32]).TrimEnd('='));
        var none = Settings(hostKey: "");
        var malformed = Settings(hostKey: "aa:bb");

        var changed = await FailsAsync(other);
        Assert.Equal(ErrorCode.HostKeyUntrusted, changed.Code);
        Assert.Contains("SHA256:", changed.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.HostKeyUntrusted, (await FailsAsync(none)).Code);
        Assert.Equal(BlobError.Invalid, (await FailsAsync(malformed)).Error);
        Assert.Null(await Stores.Open(Settings(hostKey: "", skip: true).ToConnectionString()).FindAsync("x/y", Cancellation));
    }

    [Fact]
    public async Task Open_PrivateKeys_AreTakenAsTextAndInBase64()
    {
        var text = await File.ReadAllTextAsync(sftp.PrivateKeyFile, Cancellation);
        var encrypted = Convert.ToBase64String(await File.ReadAllBytesAsync(sftp.EncryptedKeyFile, Cancellation));

        Assert.Null(await Stores.Open(Settings(key: text).ToConnectionString()).FindAsync("x/y", Cancellation));
        Assert.Null(await Stores.Open(Settings(key: encrypted, phrase: SftpFixture.PassPhrase).ToConnectionString()).FindAsync("x/y", Cancellation));
        Assert.Equal(BlobError.Invalid, (await FailsAsync(Settings(key: encrypted, phrase: "wrong"))).Error);
        Assert.Equal(BlobError.Invalid, (await FailsAsync(Settings(key: encrypted))).Error);
        Assert.Equal(BlobError.Invalid, (await FailsAsync(Settings(key: "bm8ga2V5"))).Error);
    }

    [Fact]
    public async Task Open_PrivateKeyFile_IsReadInsideTheFileRootsOnly()
    {
        using var rooted = new BlobStores(
            new BlobStoresOptions { FileRoots = [Path.GetDirectoryName(sftp.PrivateKeyFile)!] }, TimeProvider.System);
        var settings = Settings(keyPath: sftp.PrivateKeyFile).ToConnectionString();

        Assert.Null(await rooted.Open(settings).FindAsync("x/y", Cancellation));
        var refused = await Assert.ThrowsAsync<BlobStoreException>(() => Stores.Open(settings).FindAsync("x/y", Cancellation));
        Assert.Equal(BlobError.Forbidden, refused.Error);
    }

    [Fact]
    public async Task Open_WrongPassword_IsForbiddenAndSaysNoPassword()
    {
        var error = await FailsAsync(Settings(password: "not-it"));

        Assert.Equal(BlobError.Forbidden, error.Error);
        Assert.DoesNotContain("not-it", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_HostThatIsNotAllowed_IsRefused()
    {
        using var strict = new BlobStores(
            new BlobStoresOptions { Outbound = new OutboundOptions { AllowedHosts = ["example.com"] } }, TimeProvider.System);
        var metadata = new SftpSettings { Host = "169.254.169.254", User = "u", Password = "p", SkipHostKeyValidation = true };

        var notListed = await Assert.ThrowsAsync<BlobStoreException>(
            () => strict.Open(Settings().ToConnectionString()).FindAsync("x/y", Cancellation));
        var linkLocal = await FailsAsync(metadata);

        Assert.Equal(ErrorCode.OutboundRefused, notListed.Code);
        Assert.Equal(ErrorCode.OutboundRefused, linkLocal.Code);
    }

    [Fact]
    public async Task AnyCall_NobodyListening_IsUnavailable()
    {
        var error = await FailsAsync(new SftpSettings
        {
            Host = "127.0.0.1",
            Port = ServiceProcess.FreePort(),
            User = "u",
            Password = "p",
            SkipHostKeyValidation = true,
        });

        Assert.True(error.IsTransient);
    }

    [Fact]
    public async Task OpenWriteAsync_WithoutRenaming_WritesInPlace()
    {
        var store = Stores.Open(Settings(renames: false).ToConnectionString());
        await using var upload = await store.OpenWriteAsync($"{Container}/a/x", Cancellation);
        await upload.Stream.WriteAsync(new byte[100], Cancellation);
        await upload.CommitAsync(Cancellation);

        Assert.Equal([$"{sftp.Home}/{Container}/a/x"], Directory.GetFileSystemEntries(Path.Combine(sftp.Home, Container, "a")));
        Assert.Equal(100, (await Store.FindAsync($"{Container}/a/x", Cancellation))!.SizeInBytes);
    }

    [Fact]
    public async Task Open_RootFolder_SeesPathsOfTheServer()
    {
        await WriteAsync("x", "content");
        var store = Stores.Open(Settings(folder: "/").ToConnectionString());

        Assert.NotNull(await store.FindAsync($"{sftp.Home}/{Container}/x", Cancellation));
    }

    [Fact]
    public async Task Folders_WithLinks_AreFollowedAndEndWhereTheyBegan()
    {
        await WriteAsync("a/x", "1");
        await WriteAsync("a/b/y", "2");
        var folder = Path.Combine(sftp.Home, Container);
        Directory.CreateSymbolicLink(Path.Combine(folder, "a", "loop"), folder);
        File.CreateSymbolicLink(Path.Combine(folder, "a", "z"), Path.Combine(folder, "a", "x"));
        Directory.CreateDirectory(Path.Combine(folder, "empty", "below"));

        var files = await Store.ListAsync($"{Container}/a", Cancellation).Select(file => file.Path).ToListAsync(Cancellation);
        var entries = await Store.ListFolderAsync($"{Container}/a", Cancellation).ToListAsync(Cancellation);
        await Store.DeleteEmptyFoldersAsync($"{Container}/empty", Cancellation);

        Assert.Contains($"{Container}/a/z", files);
        Assert.Contains($"{Container}/a/b/y", files);
        Assert.InRange(files.Count, 3, 20);
        Assert.Equal(["b", "loop", "x", "z"], entries.Select(entry => entry.Name));
        Assert.Null(await Store.FindFolderAsync($"{Container}/empty", Cancellation));
        Assert.NotNull(await Store.FindFolderAsync($"{Container}/a", Cancellation));
    }

    private Task<BlobStoreException> FailsAsync(SftpSettings settings) => Assert.ThrowsAsync<BlobStoreException>(
        () => Stores.Open(settings.ToConnectionString()).FindAsync("x/y", Cancellation));

    private SftpSettings Settings(
        string? hostKey = null,
        bool skip = false,
        string? password = null,
        string? key = null,
        string? keyPath = null,
        string? phrase = null,
        string? folder = null,
        bool renames = true) => new()
        {
            Host = "localhost",
            Port = sftp.Port,
            User = SftpFixture.User,
            Password = key is null && keyPath is null ? password ?? SftpFixture.Password : null,
            PrivateKey = key,
            PrivateKeyPath = keyPath,
            PassPhrase = phrase,
            HostKey = hostKey ?? _hostKey,
            SkipHostKeyValidation = skip,
            Folder = folder,
            RenamesTemporaryFile = renames,
        };
}
