using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Auspex.Storage.Sqlite;

/// <summary>One SQLite file: one writer whose changes share flushes, any number of readers beside it.</summary>
/// <remarks>Thread-safe. Write-ahead logging: readers never wait for the writer, nor the writer for them.</remarks>
public sealed class SqliteDatabase : IDisposable
{
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SqliteWriter _writer;
    private readonly string _connectionString;
    private int _disposed;

    private SqliteDatabase(string file, string connectionString, SqliteWriter writer)
    {
        File = file;
        _connectionString = connectionString;
        _writer = writer;
    }

    /// <summary>The database's file.</summary>
    public string File { get; }

    /// <summary>Opens or creates a database and brings its schema up to date.</summary>
    /// <param name="file">The database's file.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="isSoleOwner">
    /// Whether no other process can work on the file: then whoever left leases on runs is dead, and they end here and now.
    /// </param>
    /// <exception cref="StorageException">The file is damaged, held by another process, or of a newer release.</exception>
    public static SqliteDatabase Open(string file, StorageOptions? options = null, bool isSoleOwner = false)
    {
        var connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Pooling = false,
            DefaultTimeout = 5,
        }.ToString();
        SqliteSession? session = null;
        try
        {
            session = Connect(connectionString);
            session.Execute("PRAGMA journal_mode = WAL");
            session.Execute(options?.Flush == FlushPolicy.Normal ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = FULL");
            session.Execute("PRAGMA journal_size_limit = 67108864");

            // The ends of seven indexes, each of several pages, stay at hand however many runs lie before them; 16 MB at most.
            session.Execute("PRAGMA cache_size = -16384");
            SqliteMigrations.Apply(session, file);
            if (isSoleOwner)
            {
                session.Execute("UPDATE runs SET owner = NULL, lease_until = NULL WHERE is_open = 1 AND owner IS NOT NULL");
            }

            return new SqliteDatabase(file, connectionString, new SqliteWriter(session, file));
        }
        catch (SqliteException exception)
        {
            session?.Dispose();
            throw SqliteErrors.Translate(exception, file);
        }
        catch (StorageException)
        {
            session?.Dispose();
            throw;
        }
    }

    /// <summary>Carries out a change; durable when the task ends. Changes asked for together share one flush.</summary>
    /// <param name="change">
    /// Runs on the writer's thread inside a transaction, perhaps twice. What it throws is the caller's; it must then have
    /// changed nothing.
    /// </param>
    internal Task<T> WriteAsync<T>(Func<SqliteSession, T> change) => _writer.WriteAsync(change);

    /// <summary>Reads on the caller's thread: a page of rows by an index, no more.</summary>
    internal T Read<T>(Func<SqliteSession, T> query)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        try
        {
            if (!_readers.TryTake(out var session))
            {
                session = Connect(_connectionString);
                session.Execute("PRAGMA query_only = 1");
            }

            var result = query(session);
            _readers.Add(session);
            return result;
        }
        catch (SqliteException exception)
        {
            // The session that failed is not used again.
            throw SqliteErrors.Translate(exception, File);
        }
    }

    /// <summary>Writes what was asked for, then closes the file.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        while (_readers.TryTake(out var session))
        {
            session.Dispose();
        }

        _writer.Dispose();
    }

    private static SqliteSession Connect(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            return new SqliteSession(connection);
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }
}
