using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.Storage.Sqlite;

/// <summary>The journal in a SQLite file.</summary>
public sealed class SqliteRunJournal(SqliteDatabase database) : IRunJournal
{
    /// <inheritdoc/>
    public Task AppendAsync(RunAppend append)
    {
        ArgumentNullException.ThrowIfNull(append);

        // Serialized here, on the caller's thread: the writer's has enough to do.
        var summary = append.Summary?.ToUtf8();
        return database.WriteAsync(session =>
        {
            var run = append.ExpectedSequence == 0 ? Create(session, append, summary) : Advance(session, append, summary);
            if (run is not { } key)
            {
                throw new JournalConflictException(append.Run, append.ExpectedSequence);
            }

            var sequence = append.ExpectedSequence;
            foreach (var body in append.Events)
            {
                session.Execute(
                    "INSERT INTO events (run_key, sequence, body) VALUES ($1, $2, $3)",
                    key, ++sequence, SqliteSession.ToArray(body));
            }

            return true;
        });
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<JournalEntry>> ReadAsync(
        RunId run, long after, int take, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session =>
        {
            using var reader = session.Prepare(
                "SELECT sequence, body FROM events WHERE run_key = (SELECT run_key FROM runs WHERE run_id = $1)"
                + " AND sequence > $2 ORDER BY sequence LIMIT $3",
                run.Value, after, take).ExecuteReader();
            var entries = ImmutableArray.CreateBuilder<JournalEntry>();
            while (reader.Read())
            {
                entries.Add(new JournalEntry(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1)));
            }

            return entries.ToImmutable();
        }));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<ImmutableArray<JournalEntry>>> ReadManyAsync(
        ImmutableArray<RunId> runs, int take, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var wanted = JsonSerializer.Serialize(runs.Select(run => run.Value));
        return Task.FromResult(database.Read(session =>
        {
            // CROSS keeps the order of the loops, so that each run's events come by their key; nothing is sorted.
            using var reader = session.Prepare(
                "SELECT wanted.key, events.sequence, events.body FROM json_each($1) wanted CROSS JOIN runs ON runs.run_id = wanted.value"
                + " CROSS JOIN events ON events.run_key = runs.run_key AND events.sequence <= $2",
                wanted, (long)take).ExecuteReader();
            var found = new List<JournalEntry>[runs.Length];
            while (reader.Read())
            {
                (found[reader.GetInt32(0)] ??= []).Add(new JournalEntry(reader.GetInt64(1), reader.GetFieldValue<byte[]>(2)));
            }

            return ImmutableArray.Create(Array.ConvertAll<List<JournalEntry>?, ImmutableArray<JournalEntry>>(
                found, entries => entries is null ? [] : [.. entries]));
        }));
    }

    /// <inheritdoc/>
    public Task<RunSummary?> FindAsync(RunId run, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session =>
            session.Prepare("SELECT summary FROM runs WHERE run_id = $1", run.Value).ExecuteScalar() is byte[] summary
                ? RunSummary.FromUtf8(summary)
                : null));
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RunSummary>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session =>
        {
            var (sql, values) = RunListing.Write(query, RunListing.HasFew(session, query));
            using var reader = session.Prepare(sql, values).ExecuteReader();
            var summaries = ImmutableArray.CreateBuilder<RunSummary>();
            while (reader.Read())
            {
                summaries.Add(RunSummary.FromUtf8(reader.GetFieldValue<byte[]>(0)));
            }

            return summaries.ToImmutable();
        }));
    }

    /// <inheritdoc/>
    public Task<RunId?> FindLatestAsync(RunId group, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read<RunId?>(session =>
            session.Prepare(
                "SELECT run_id FROM (SELECT run_key, run_id FROM runs WHERE run_id = $1"
                + " UNION ALL SELECT run_key, run_id FROM runs WHERE run_group = $1) ORDER BY run_key DESC LIMIT 1",
                group.Value).ExecuteScalar() is string latest
                ? new RunId(latest)
                : null));
    }

    /// <inheritdoc/>
    public async Task<int> RemoveAsync(DateTimeOffset endedBefore, int take, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        const string Old = "FROM runs INDEXED BY runs_ended WHERE is_open = 0 AND seen_at < $1 ORDER BY seen_at LIMIT $2";

        // Mostly there is nothing to remove, and a reader sees that without a flush.
        var any = database.Read(session => session.Prepare($"SELECT EXISTS (SELECT 1 {Old})", endedBefore.UtcTicks, 1L).ExecuteScalar());
        return any is 0L
            ? 0
            : await database.WriteAsync(session =>
            {
                session.Execute(
                    $"DELETE FROM events WHERE run_key IN (SELECT run_key {Old})", endedBefore.UtcTicks, (long)take);
                return session.Prepare(
                    $"DELETE FROM runs WHERE run_key IN (SELECT run_key {Old})", endedBefore.UtcTicks, (long)take).ExecuteNonQuery();
            });
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RunId>> ListOpenChildrenAsync(RunId parent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(database.Read(session =>
        {
            using var reader = session.Prepare(
                "SELECT run_id FROM runs WHERE is_open = 1 AND parent_run_id IS NOT NULL AND parent_run_id = $1 ORDER BY run_key",
                parent.Value).ExecuteReader();
            var children = ImmutableArray.CreateBuilder<RunId>();
            while (reader.Read())
            {
                children.Add(new RunId(reader.GetString(0)));
            }

            return children.ToImmutable();
        }));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<LeasedRun>> AcquireLeasesAsync(
        RunLease lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        cancellationToken.ThrowIfCancellationRequested();

        // Mostly there is nothing to take, and a reader sees that without a flush.
        const string Free = "is_open = 1 AND (owner IS NULL OR (owner <> $1 AND lease_until < $2))";
        var any = database.Read(session => session.Prepare(
            $"SELECT EXISTS (SELECT 1 FROM runs WHERE {Free})", lease.Owner, now.UtcTicks).ExecuteScalar());
        return any is 0L
            ? []
            : await database.WriteAsync(session => ReadLeases(session.Prepare(
                $"UPDATE runs SET owner = $1, lease_until = $3 WHERE {Free} RETURNING run_key, run_id, last_sequence",
                lease.Owner, now.UtcTicks, lease.Until.UtcTicks)));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<LeasedRun>> RenewLeasesAsync(RunLease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        cancellationToken.ThrowIfCancellationRequested();
        return await database.WriteAsync(session => ReadLeases(session.Prepare(
            "UPDATE runs SET lease_until = $2 WHERE is_open = 1 AND owner = $1 RETURNING run_key, run_id, last_sequence",
            lease.Owner, lease.Until.UtcTicks)));
    }

    /// <inheritdoc/>
    public Task ReleaseAllAsync(string owner, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return database.WriteAsync(session =>
        {
            session.Execute("UPDATE runs SET owner = NULL, lease_until = NULL WHERE is_open = 1 AND owner = $1", owner);
            return true;
        });
    }

    private static long? Create(SqliteSession session, RunAppend append, byte[]? summary)
    {
        var run = append.Summary ?? throw new ArgumentException("A run is created with its summary.", nameof(append));
        return (long?)session.Prepare(
            "INSERT INTO runs (run_id, factory, pipeline, status, is_open, parent_run_id, updated_at, last_sequence, owner, lease_until, summary,"
            + " seen_at, started_at, run_group)"
            + " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (run_id) DO NOTHING RETURNING run_key",
            append.Run.Value,
            run.Factory,
            run.Pipeline,
            (long)run.Status,
            run.IsOpen ? 1L : 0L,
            run.Parent?.RunId.Value,
            run.Updated.UtcTicks,
            (long)append.Events.Length,
            run.IsOpen ? append.Lease?.Owner : null,
            run.IsOpen ? append.Lease?.Until.UtcTicks : null,
            summary,
            SeenAt(run),
            run.Start.UtcTicks,
            run.GroupId?.Value).ExecuteScalar();
    }

    private static long? Advance(SqliteSession session, RunAppend append, byte[]? summary)
    {
        var last = append.ExpectedSequence + append.Events.Length;
        if (append.Summary is not { } run)
        {
            return (long?)session.Prepare(
                "UPDATE runs SET last_sequence = $3 WHERE run_id = $1 AND last_sequence = $2 AND ($4 IS NULL OR owner = $4) RETURNING run_key",
                append.Run.Value, append.ExpectedSequence, last, append.Lease?.Owner).ExecuteScalar();
        }

        return (long?)session.Prepare(
            "UPDATE runs SET last_sequence = $3, status = $5, is_open = $6, updated_at = $7, summary = $8, seen_at = $9,"
            + " owner = CASE WHEN $6 = 1 THEN owner END, lease_until = CASE WHEN $6 = 1 THEN lease_until END"
            + " WHERE run_id = $1 AND last_sequence = $2 AND ($4 IS NULL OR owner = $4) RETURNING run_key",
            append.Run.Value,
            append.ExpectedSequence,
            last,
            append.Lease?.Owner,
            (long)run.Status,
            run.IsOpen ? 1L : 0L,
            run.Updated.UtcTicks,
            summary,
            SeenAt(run)).ExecuteScalar();
    }

    private static long SeenAt(RunSummary run) => RunCursor.Seen(run.IsOpen ? null : run.End ?? run.Updated);

    private static ImmutableArray<LeasedRun> ReadLeases(DbCommand command)
    {
        using var reader = command.ExecuteReader();
        var leased = new SortedList<long, LeasedRun>();
        while (reader.Read())
        {
            leased.Add(
                reader.GetInt64(0),
                new LeasedRun(new RunId(reader.GetString(1)), reader.GetInt64(2)));
        }

        return [.. leased.Values];
    }
}
