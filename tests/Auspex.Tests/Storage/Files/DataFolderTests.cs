using Auspex.Errors;
using Auspex.Storage;
using Auspex.Storage.Files;
using Auspex.TestKit;
using Xunit;

namespace Auspex.Tests.Storage.Files;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    private string Folder => _temporary.File("data");

    [Fact]
    public void Open_ATakenFolder_NamesTheServerThatHasIt()
    {
        using var owner = DataFolder.Open(Folder);
        owner.RecordServer(new Uri("http://127.0.0.1:5240"));

        var exception = Assert.Throws<DataFolderInUseException>(() => DataFolder.Open(Folder));

        Assert.Contains("http://127.0.0.1:5240", exception.Message, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessId, exception.Owner!.ProcessId);
        Assert.Equal(new Uri("http://127.0.0.1:5240"), DataFolder.FindOwner(Folder)!.Url);
        Assert.Equal(ErrorCode.DataFolderInUse, exception.Code);
    }

    [Fact]
    public void Open_AfterTheOwnerIsGone_ForgetsIt()
    {
        using (var owner = DataFolder.Open(Folder))
        {
            owner.RecordServer(new Uri("http://127.0.0.1:5240"));
        }

        Assert.Null(DataFolder.FindOwner(Folder));
        using var next = DataFolder.Open(Folder);
        Assert.False(File.Exists(Path.Combine(Folder, "server.json")));
    }

    [Fact]
    public void FindOwner_OfAServerThatDied_IsNull()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "lock"), string.Empty);
        File.WriteAllText(Path.Combine(Folder, "server.json"), """{"url": "http://127.0.0.1:1", "pid": 1}""");

        Assert.Null(DataFolder.FindOwner(Folder));
    }

    [Fact]
    public void FindOwner_OfNoFolder_IsNull() => Assert.Null(DataFolder.FindOwner(_temporary.File("none")));

    [Fact]
    public void Open_AFileInThePlaceOfAFolder_SaysSo()
    {
        File.WriteAllText(Folder, "x");

        var exception = Assert.Throws<StorageException>(() => DataFolder.Open(Folder));

        Assert.Contains(Folder, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stores_OfOneFolder_OpenOnce()
    {
        using var stores = LocalStores.Open(Folder);

        Assert.Throws<DataFolderInUseException>(() => LocalStores.Open(Folder));
    }

    [Fact]
    public void Stores_OfADamagedDatabase_SaySo()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "journal.db"), new string('x', 5_000));

        var exception = Assert.Throws<StorageException>(() => LocalStores.Open(Folder));

        Assert.Equal(ErrorCode.StorageDamaged, exception.Code);

        // What failed to open must not keep the folder.
        using var again = DataFolder.Open(Folder);
    }

    [Fact]
    public void Secrets_OutliveTheProcess_AndAreNotPlain()
    {
        byte[] cipher;
        using (var stores = LocalStores.Open(Folder))
        {
            cipher = stores.Secrets.Protect("geheim"u8);
        }

        using var next = LocalStores.Open(Folder);
        Assert.Equal("geheim"u8.ToArray(), next.Secrets.Unprotect(cipher));
        Assert.Equal(-1, cipher.AsSpan().IndexOf("geheim"u8));
        cipher[^1] ^= 1;
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => next.Secrets.Unprotect(cipher));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Folder, "keys", "journal.key")));
        }
    }

    [Fact]
    public void Key_Damaged_SaysSo()
    {
        LocalStores.Open(Folder).Dispose();
        File.WriteAllBytes(Path.Combine(Folder, "keys", "journal.key"), [1, 2, 3]);

        Assert.Equal(ErrorCode.SecretKeyUnusable, Assert.Throws<StorageException>(() => LocalStores.Open(Folder)).Code);
        using var again = DataFolder.Open(Folder);
    }

    public void Dispose() => _temporary.Dispose();
}
