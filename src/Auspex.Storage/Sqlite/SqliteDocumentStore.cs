using System.Collections.Immutable;
using Auspex.Stores;

namespace Auspex.Storage.Sqlite;

/// <summary>Documents in a SQLite file.</summary>
public sealed class SqliteDocumentStore(SqliteDatabase database) : IDocumentStore
{
    /// <inheritdoc/>
    public Task<Document?> GetAsync(string collection, string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session =>
        {
            using var reader = session.Prepare(
                "SELECT version, body FROM documents WHERE collection = $1 AND id = $2", collection, id).ExecuteReader();
            return reader.Read() ? new Document(id, reader.GetFieldValue<byte[]>(1), reader.GetInt64(0)) : null;
        }));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<Document>> ListAsync(string collection, string idPrefix, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(idPrefix);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session =>
        {
            // From the prefix on, in order, until an id does not begin with it: an index range without escaping a pattern.
            using var reader = session.Prepare(
                "SELECT id, version, body FROM documents WHERE collection = $1 AND id >= $2 ORDER BY id",
                collection, idPrefix).ExecuteReader();
            var documents = ImmutableArray.CreateBuilder<Document>();
            while (reader.Read() && reader.GetString(0) is var id && id.StartsWith(idPrefix, StringComparison.Ordinal))
            {
                documents.Add(new Document(id, reader.GetFieldValue<byte[]>(2), reader.GetInt64(1)));
            }

            // SQLite orders by UTF-8 bytes; ordinal order of .NET differs beyond the basic plane.
            documents.Sort((left, right) => string.CompareOrdinal(left.Id, right.Id));
            return documents.ToImmutable();
        }));
    }

    /// <inheritdoc/>
    public Task<long?> PutAsync(
        string collection,
        string id,
        ReadOnlyMemory<byte> body,
        long? expectedVersion,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var bytes = SqliteSession.ToArray(body);
        return database.WriteAsync(session => expectedVersion switch
        {
            null => (long?)session.Prepare(
                "INSERT INTO documents (collection, id, version, body) VALUES ($1, $2, 1, $3)"
                + " ON CONFLICT (collection, id) DO UPDATE SET version = version + 1, body = excluded.body RETURNING version",
                collection, id, bytes).ExecuteScalar(),
            0 => (long?)session.Prepare(
                "INSERT INTO documents (collection, id, version, body) VALUES ($1, $2, 1, $3)"
                + " ON CONFLICT (collection, id) DO NOTHING RETURNING version",
                collection, id, bytes).ExecuteScalar(),
            { } version => (long?)session.Prepare(
                "UPDATE documents SET version = version + 1, body = $3 WHERE collection = $1 AND id = $2 AND version = $4 RETURNING version",
                collection, id, bytes, version).ExecuteScalar(),
        });
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string collection, string id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(session =>
            session.Prepare("DELETE FROM documents WHERE collection = $1 AND id = $2", collection, id).ExecuteNonQuery() > 0);
    }
}
