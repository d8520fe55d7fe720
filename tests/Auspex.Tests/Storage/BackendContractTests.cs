using Auspex.Engine.Journal;
using Auspex.Engine.Triggers;
using Auspex.Storage.Files;
using Auspex.Storage.InMemory;
using Auspex.Storage.Sqlite;
using Auspex.Stores;
using Auspex.TestKit;
using Auspex.TestKit.Engine;
using Auspex.TestKit.Storage;
using Xunit;

namespace Auspex.Tests.Storage;

public sealed class InMemoryRunJournalTests : RunJournalContract
{
    protected override IRunJournal Journal { get; } = new InMemoryRunJournal();
}

public sealed class SqliteRunJournalTests : RunJournalContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteRunJournalTests()
    {
        _database = SqliteDatabase.Open(_folder.File("journal.db"));
        Journal = new SqliteRunJournal(_database);
    }

    protected override IRunJournal Journal { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}

public sealed class InMemoryDocumentStoreTests : DocumentStoreContract
{
    protected override IDocumentStore Documents { get; } = new InMemoryDocumentStore();
}

public sealed class SqliteDocumentStoreTests : DocumentStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteDocumentStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("journal.db"));
        Documents = new SqliteDocumentStore(_database);
    }

    protected override IDocumentStore Documents { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}

public sealed class InMemoryTriggerStoreTests : TriggerStoreContract
{
    protected override ITriggerStore Store { get; } = new InMemoryTriggerStore();
}

public sealed class SqliteTriggerStoreTests : TriggerStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteTriggerStoreTests()
    {
        _database = SqliteDatabase.Open(_folder.File("journal.db"));
        Store = new SqliteTriggerStore(_database);
    }

    protected override ITriggerStore Store { get; }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}

public sealed class InMemoryArtifactStoreTests : ArtifactStoreContract
{
    protected override IArtifactStore Artifacts { get; } = new InMemoryArtifactStore();
}

public sealed class FileArtifactStoreTests : ArtifactStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public FileArtifactStoreTests() => Artifacts = new FileArtifactStore(_folder.Path);

    protected override IArtifactStore Artifacts { get; }

    [Fact]
    public async Task Put_LeavesNoDrafts()
    {
        await PutAsync(Bytes(10));
        await PutAsync(Bytes(10));

        Assert.Empty(Directory.GetFiles(Path.Combine(_folder.Path, "drafts")));
    }

    [Fact]
    public void Start_RemovesWhatACrashLeft()
    {
        var left = Path.Combine(_folder.Path, "drafts", "1");
        File.WriteAllText(left, "half");

        _ = new FileArtifactStore(_folder.Path);

        Assert.False(File.Exists(left));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000/..")]
    public async Task Open_AnIdThatIsNone_IsNotFound(string id) =>
        await Assert.ThrowsAsync<FileNotFoundException>(() =>
            Artifacts.OpenAsync(new ArtifactId(id), TestContext.Current.CancellationToken));

    public void Dispose() => _folder.Dispose();
}
