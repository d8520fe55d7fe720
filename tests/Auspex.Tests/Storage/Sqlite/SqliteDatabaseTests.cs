using Auspex.Errors;
using Auspex.Storage;
using Auspex.Storage.Sqlite;
using Auspex.TestKit;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Auspex.Tests.Storage.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FileName => _folder.File("journal.db");

    [Theory]
    [InlineData(FlushPolicy.Full, 2L)]
    [InlineData(FlushPolicy.Normal, 1L)]
    public async Task Flush_Policy_IsTheWriters(FlushPolicy policy, long expected)
    {
        using var database = SqliteDatabase.Open(FileName, new StorageOptions { Flush = policy });

        Assert.Equal(expected, await database.WriteAsync(session => (long)session.Prepare("SELECT 1 * (SELECT synchronous FROM pragma_synchronous)").ExecuteScalar()!));
        Assert.Equal("wal", database.Read(session => (string?)session.Prepare("PRAGMA journal_mode").ExecuteScalar()));
    }

    [Fact]
    public async Task Write_ThatThrows_TakesNoneOfItsNeighboursWithIt()
    {
        using var database = SqliteDatabase.Open(FileName);
        await database.WriteAsync(session =>
        {
            session.Execute("CREATE TABLE t (n INTEGER PRIMARY KEY)");
            return true;
        });

        var writes = Enumerable.Range(0, 40).Select(index => database.WriteAsync(session =>
        {
            if (index % 10 == 3)
            {
                throw new InvalidOperationException("mine");
            }

            session.Execute("INSERT INTO t VALUES ($1)", (long)index);
            return index;
        })).ToArray();

        for (var index = 0; index < writes.Length; index++)
        {
            if (index % 10 == 3)
            {
                Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidOperationException>(() => writes[index])).Message);
            }
            else
            {
                Assert.Equal(index, await writes[index]);
            }
        }

        Assert.Equal(36L, database.Read(session => session.Prepare("SELECT count(*) FROM t").ExecuteScalar()));
    }

    [Fact]
    public async Task Write_ThatBreaksAConstraint_IsAStorageException()
    {
        using var database = SqliteDatabase.Open(FileName);

        var exception = await Assert.ThrowsAsync<StorageException>(() => database.WriteAsync(session =>
        {
            session.Execute("INSERT INTO runs (run_id) VALUES (NULL)");
            return true;
        }));

        Assert.Equal(ErrorCode.StorageUnavailable, exception.Code);
        Assert.Contains(FileName, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_ToAFullDisk_SaysSoAndGoesOnLater()
    {
        using var database = SqliteDatabase.Open(FileName);
        await database.WriteAsync(session =>
        {
            session.Execute("CREATE TABLE t (b BLOB)");
            session.Execute("PRAGMA max_page_count = 60");
            return true;
        });

        var exception = await Assert.ThrowsAsync<StorageException>(() => InsertAsync(database, 1_000_000));

        Assert.Equal(ErrorCode.StorageFull, exception.Code);
        Assert.True(exception.IsTransient);
        await InsertAsync(database, 100);
        Assert.Equal(1L, database.Read(session => session.Prepare("SELECT count(*) FROM t").ExecuteScalar()));
    }

    [Fact]
    public void Open_OfANewerSchema_IsRefused()
    {
        SqliteDatabase.Open(FileName).Dispose();
        using (var connection = new SqliteConnection($"Data Source={FileName};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 1000";
            command.ExecuteNonQuery();
        }

        var exception = Assert.Throws<StorageException>(() => SqliteDatabase.Open(FileName));

        Assert.Equal(ErrorCode.StorageNewer, exception.Code);
        Assert.Contains("schema 1000", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_WritesWhatWasAskedFor_AndRefusesMore()
    {
        var database = SqliteDatabase.Open(FileName);
        var documents = new SqliteDocumentStore(database);
        var writes = Enumerable.Range(0, 200)
            .Select(index => documents.PutAsync("c", FormattableString.Invariant($"{index}"), "{}"u8.ToArray(), null, CancellationToken.None))
            .ToArray();

        database.Dispose();

        Assert.All(await Task.WhenAll(writes), version => Assert.Equal(1, version));
        await Assert.ThrowsAsync<StorageException>(() => documents.PutAsync("c", "x", "{}"u8.ToArray(), null, CancellationToken.None));
    }

    public void Dispose() => _folder.Dispose();

    private static Task<bool> InsertAsync(SqliteDatabase database, int bytes) => database.WriteAsync(session =>
    {
        session.Execute("INSERT INTO t VALUES ($1)", new byte[bytes]);
        return true;
    });
}
