using Auspex.Engine.Journal;
using Auspex.Engine.Triggers;
using Auspex.Storage.Files;
using Auspex.Storage.Sqlite;
using Auspex.Stores;

namespace Auspex.Storage;

/// <summary>All stores of one data folder, for this process alone.</summary>
public sealed class LocalStores : IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly FileSecretProtector _secrets;

    private LocalStores(DataFolder folder, SqliteDatabase database, StorageOptions? options)
    {
        Folder = folder;
        _database = database;
        _secrets = new FileSecretProtector(folder.KeysFolder);
        Journal = new SqliteRunJournal(database);
        Documents = new SqliteDocumentStore(database);
        Triggers = new SqliteTriggerStore(database);
        Artifacts = new FileArtifactStore(folder.ArtifactsFolder, options?.Flush ?? FlushPolicy.Full);
    }

    /// <summary>The folder, held as long as this object lives.</summary>
    public DataFolder Folder { get; }

    /// <summary>The runs.</summary>
    public IRunJournal Journal { get; }

    /// <summary>The documents.</summary>
    public IDocumentStore Documents { get; }

    /// <summary>What became of triggers.</summary>
    public ITriggerStore Triggers { get; }

    /// <summary>The artifacts.</summary>
    public IArtifactStore Artifacts { get; }

    /// <summary>Protects secrets with a key in the folder.</summary>
    public ISecretProtector Secrets => _secrets;

    /// <summary>Takes a data folder for this process and opens what is in it; makes what is not there.</summary>
    /// <exception cref="DataFolderInUseException">Another process has the folder.</exception>
    /// <exception cref="StorageException">Something in it is damaged, of a newer release, or cannot be written.</exception>
    public static LocalStores Open(string dataFolder, StorageOptions? options = null)
    {
        var folder = DataFolder.Open(dataFolder);
        SqliteDatabase? database = null;
        try
        {
            database = SqliteDatabase.Open(folder.JournalFile, options, isSoleOwner: true);
            return new LocalStores(folder, database, options);
        }
        catch (Errors.AuspexException)
        {
            database?.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Closes the stores and gives the folder up.</summary>
    public void Dispose()
    {
        _database.Dispose();
        _secrets.Dispose();
        Folder.Dispose();
    }
}
