using System.Collections.Immutable;
using Auspex.Engine.Triggers;
using Microsoft.Data.Sqlite;

namespace Auspex.Storage.Sqlite;

/// <summary>Triggers in a SQLite file.</summary>
public sealed class SqliteTriggerStore(SqliteDatabase database) : ITriggerStore
{
    /// <inheritdoc/>
    public Task<ImmutableArray<TriggerState>> ListAsync(CancellationToken cancellationToken) => ReadAsync(
        "SELECT version, body FROM triggers ORDER BY factory, name",
        static reader => TriggerState.FromUtf8(reader.GetFieldValue<byte[]>(1), reader.GetInt64(0)),
        cancellationToken);

    /// <inheritdoc/>
    public async Task<TriggerState?> FindAsync(string factory, string trigger, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(
            "SELECT version, body FROM triggers WHERE factory = $1 AND name = $2",
            static reader => TriggerState.FromUtf8(reader.GetFieldValue<byte[]>(1), reader.GetInt64(0)),
            cancellationToken,
            factory,
            trigger);
        return found.FirstOrDefault();
    }

    /// <inheritdoc/>
    public Task<int?> ApplyAsync(TriggerChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        var state = change.State;
        var body = state.ToUtf8();
        var added = change.NewRuns.Select(run => (run.Run, Body: run.ToUtf8())).ToArray();
        var changed = change.ChangedRuns.Select(run => (run.Run, Body: run.ToUtf8())).ToArray();
        return database.WriteAsync<int?>(session =>
        {
            var written = state.Version == 0
                ? session.Prepare(
                    "INSERT INTO triggers (factory, name, version, body) VALUES ($1, $2, 1, $3) ON CONFLICT (factory, name) DO NOTHING",
                    state.Factory, state.Trigger, body).ExecuteNonQuery()
                : session.Prepare(
                    "UPDATE triggers SET version = version + 1, body = $3 WHERE factory = $1 AND name = $2 AND version = $4",
                    state.Factory, state.Trigger, body, state.Version).ExecuteNonQuery();
            if (written == 0)
            {
                return null;
            }

            WriteBlobs(session, change);
            foreach (var (run, bytes) in changed)
            {
                session.Execute(
                    "UPDATE trigger_runs SET status = $4, is_open = $5, updated_at = $6, body = $7 WHERE factory = $1 AND name = $2 AND run_id = $3",
                    state.Factory, state.Trigger, run.Id, (long)run.Status, run.HasEnded ? 0L : 1L, run.Updated.UtcTicks, bytes);
            }

            return added.Sum(run => session.Prepare(
                "INSERT INTO trigger_runs (factory, name, run_id, status, is_open, fired_at, updated_at, window_start, rerun, body)"
                + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
                state.Factory, state.Trigger, run.Run.Id, (long)run.Run.Status, run.Run.HasEnded ? 0L : 1L,
                run.Run.Timestamp.UtcTicks, run.Run.Updated.UtcTicks, run.Run.WindowStart?.UtcTicks, (long)run.Run.Rerun,
                run.Body).ExecuteNonQuery());
        });
    }

    /// <inheritdoc/>
    public async Task<StoredTriggerRun?> FindRunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken)
    {
        var found = await ReadRunsAsync(
            "SELECT body FROM trigger_runs WHERE factory = $1 AND name = $2 AND run_id = $3", cancellationToken, factory, trigger, runId);
        return found.FirstOrDefault();
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredTriggerRun>> ListOpenRunsAsync(string factory, string trigger, CancellationToken cancellationToken) =>
        ReadRunsAsync(
            "SELECT body FROM trigger_runs WHERE factory = $1 AND name = $2 AND is_open = 1 ORDER BY window_start, rerun, fired_at, run_id DESC",
            cancellationToken, factory, trigger);

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredTriggerRun>> ListWindowRunsAsync(
        string factory, string trigger, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadRunsAsync(
            "SELECT body FROM trigger_runs WHERE factory = $1 AND name = $2 AND window_start >= $3 AND window_start < $4 ORDER BY window_start, rerun",
            cancellationToken, factory, trigger, from.UtcTicks, to.UtcTicks);

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredTriggerRun>> SelectRunsAsync(TriggerRunSelection selection, CancellationToken cancellationToken)
    {
        var (sql, values) = TriggerRunListing.Write(selection);
        return ReadRunsAsync(sql, cancellationToken, values);
    }

    /// <inheritdoc/>
    public async Task<int> RemoveRunsAsync(DateTimeOffset endedBefore, int take, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Factory by factory along the index by time; whatever lies there was written with a trigger's state.
        const string Old = "FROM trigger_runs INDEXED BY trigger_runs_by_update WHERE factory IN (SELECT DISTINCT factory FROM triggers)"
            + " AND updated_at < $1 AND is_open = 0 AND window_start IS NULL";

        // Mostly there is nothing to remove, and a reader sees that without a flush.
        var any = database.Read(session => session.Prepare($"SELECT EXISTS (SELECT 1 {Old})", endedBefore.UtcTicks).ExecuteScalar());
        return any is 0L
            ? 0
            : await database.WriteAsync(session => session.Prepare(
                $"DELETE FROM trigger_runs WHERE (factory, name, run_id) IN (SELECT factory, name, run_id {Old} ORDER BY updated_at LIMIT $2)",
                endedBefore.UtcTicks, (long)take).ExecuteNonQuery());
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<KnownBlob>> ListBlobsAsync(string factory, string trigger, CancellationToken cancellationToken) => ReadAsync(
        "SELECT path, etag FROM trigger_blobs WHERE factory = $1 AND name = $2",
        static reader => new KnownBlob(reader.GetString(0), reader.GetString(1)),
        cancellationToken,
        factory,
        trigger);

    /// <inheritdoc/>
    public async Task<KnownBlob?> FindBlobAsync(string factory, string trigger, string path, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(
            "SELECT path, etag FROM trigger_blobs WHERE factory = $1 AND name = $2 AND path = $3",
            static reader => new KnownBlob(reader.GetString(0), reader.GetString(1)),
            cancellationToken,
            factory,
            trigger,
            path);
        return found.IsEmpty ? null : found[0];
    }

    private static void WriteBlobs(SqliteSession session, TriggerChange change)
    {
        var (factory, trigger) = (change.State.Factory, change.State.Trigger);
        if (change.ForgetBlobs)
        {
            session.Execute("DELETE FROM trigger_blobs WHERE factory = $1 AND name = $2", factory, trigger);
        }

        foreach (var blob in change.BlobsSeen)
        {
            session.Execute(
                "INSERT INTO trigger_blobs (factory, name, path, etag) VALUES ($1, $2, $3, $4)"
                + " ON CONFLICT (factory, name, path) DO UPDATE SET etag = excluded.etag",
                factory, trigger, blob.Path, blob.ETag);
        }

        foreach (var path in change.BlobsGone)
        {
            session.Execute("DELETE FROM trigger_blobs WHERE factory = $1 AND name = $2 AND path = $3", factory, trigger, path);
        }
    }

    private Task<ImmutableArray<StoredTriggerRun>> ReadRunsAsync(string sql, CancellationToken cancellationToken, params object?[] values) =>
        ReadAsync(sql, static reader => StoredTriggerRun.FromUtf8(reader.GetFieldValue<byte[]>(0)), cancellationToken, values);

    private Task<ImmutableArray<T>> ReadAsync<T>(
        string sql, Func<SqliteDataReader, T> convert, CancellationToken cancellationToken, params object?[] values)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session =>
        {
            using var reader = session.Prepare(sql, values).ExecuteReader();
            var rows = ImmutableArray.CreateBuilder<T>();
            while (reader.Read())
            {
                rows.Add(convert(reader));
            }

            return rows.ToImmutable();
        }));
    }
}
