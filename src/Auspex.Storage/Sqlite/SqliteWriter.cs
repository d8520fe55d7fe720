using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Auspex.Errors;
using Microsoft.Data.Sqlite;

namespace Auspex.Storage.Sqlite;

/// <summary>The one thread that writes: whatever was asked for while the last flush ran goes into the next, together.</summary>
internal sealed class SqliteWriter : IDisposable
{
    // Bounds how long the first of a batch waits for the last; a flush costs far more than this many changes.
    private const int MaxBatch = 512;

    private readonly BlockingCollection<Request> _requests = [];
    private readonly SqliteSession _session;
    private readonly string _file;
    private readonly Thread _thread;

    public SqliteWriter(SqliteSession session, string file)
    {
        _session = session;
        _file = file;
        _thread = new Thread(Run) { IsBackground = true, Name = "auspex-storage-writer" };
        _thread.Start();
    }

    public Task<T> WriteAsync<T>(Func<SqliteSession, T> change)
    {
        var request = new Request<T>(change);
        try
        {
            _requests.Add(request);
        }
        catch (InvalidOperationException exception)
        {
            throw new StorageException(
                ErrorCode.StorageUnavailable, $"'{_file}' is closed already; nothing was written.", exception);
        }

        return request.Task;
    }

    public void Dispose()
    {
        _requests.CompleteAdding();
        _thread.Join();
        _requests.Dispose();
        _session.Dispose();
    }

    private void Run()
    {
        var batch = new List<Request>(MaxBatch);
        while (_requests.TryTake(out var first, Timeout.Infinite))
        {
            batch.Add(first);
            while (batch.Count < MaxBatch && _requests.TryTake(out var next))
            {
                batch.Add(next);
            }

            if (!TryCommit(batch, out var failure))
            {
                if (batch.Count == 1)
                {
                    batch[0].Fail(failure);
                }
                else
                {
                    // One of them may be to blame: each for itself, so that it takes none of the others with it.
                    foreach (var request in batch)
                    {
                        if (!TryCommit([request], out var own))
                        {
                            request.Fail(own);
                        }
                    }
                }
            }

            batch.Clear();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The writer's loop: whatever a change throws belongs to whoever asked for it.")]
    private bool TryCommit(List<Request> batch, [NotNullWhen(false)] out Exception? failure)
    {
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            foreach (var request in batch)
            {
                request.Execute(_session);
            }

            _session.Execute("COMMIT");
        }
        catch (Exception exception)
        {
            RollBack();
            failure = exception is SqliteException driver ? SqliteErrors.Translate(driver, _file) : exception;
            return false;
        }

        foreach (var request in batch)
        {
            request.Complete();
        }

        failure = null;
        return true;
    }

    private void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite rolls back by itself after some errors; there is no transaction left then.
        }
    }

    private abstract class Request
    {
        public abstract void Execute(SqliteSession session);

        public abstract void Complete();

        public abstract void Fail(Exception exception);
    }

    private sealed class Request<T>(Func<SqliteSession, T> change) : Request
    {
        private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Task => _completion.Task;

        public override void Execute(SqliteSession session) => _result = change(session);

        public override void Complete() => _completion.TrySetResult(_result!);

        public override void Fail(Exception exception) => _completion.TrySetException(exception);
    }
}
