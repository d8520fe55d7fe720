using System.Collections.Immutable;
using Auspex.Engine.Triggers;

namespace Auspex.Storage.InMemory;

/// <summary>Triggers in memory; kept as bytes, so that what cannot be written and read is noticed.</summary>
public sealed class InMemoryTriggerStore : ITriggerStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string, string), (long Version, byte[] Body)> _states = [];
    private readonly SortedDictionary<(string, string, string), byte[]> _runs = new(
        Comparer<(string, string, string)>.Create(static (left, right) =>
            string.CompareOrdinal(left.Item1, right.Item1) is not 0 and var factory ? factory
            : string.CompareOrdinal(left.Item2, right.Item2) is not 0 and var name ? name
            : string.CompareOrdinal(left.Item3, right.Item3)));

    private readonly Dictionary<(string, string), HashSet<string>> _open = [];
    private readonly Dictionary<(string, string, string), string> _blobs = [];

    /// <inheritdoc/>
    public Task<ImmutableArray<TriggerState>> ListAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_states.Values.Select(state => TriggerState.FromUtf8(state.Body, state.Version)).ToImmutableArray());
        }
    }

    /// <inheritdoc/>
    public Task<TriggerState?> FindAsync(string factory, string trigger, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_states.TryGetValue(Key(factory, trigger), out var state)
                ? TriggerState.FromUtf8(state.Body, state.Version)
                : null);
        }
    }

    /// <inheritdoc/>
    public Task<int?> ApplyAsync(TriggerChange change)
    {
        lock (_lock)
        {
            var key = Key(change.State.Factory, change.State.Trigger);
            var version = _states.GetValueOrDefault(key).Version;
            if (version != change.State.Version)
            {
                return Task.FromResult<int?>(null);
            }

            _states[key] = (version + 1, change.State.ToUtf8());
            foreach (var run in change.ChangedRuns)
            {
                Put(key, run);
            }

            var added = 0;
            foreach (var run in change.NewRuns.Where(run => !_runs.ContainsKey((key.Item1, key.Item2, run.Run.Id))))
            {
                Put(key, run);
                added++;
            }

            WriteBlobs(key, change);
            return Task.FromResult<int?>(added);
        }
    }

    /// <inheritdoc/>
    public Task<StoredTriggerRun?> FindRunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var (factoryKey, triggerKey) = Key(factory, trigger);
            return Task.FromResult(_runs.TryGetValue((factoryKey, triggerKey, runId), out var body) ? StoredTriggerRun.FromUtf8(body) : null);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredTriggerRun>> ListOpenRunsAsync(string factory, string trigger, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var key = Key(factory, trigger);
            return Task.FromResult(_open.GetValueOrDefault(key, [])
                .Select(id => StoredTriggerRun.FromUtf8(_runs[(key.Item1, key.Item2, id)]))
                .OrderBy(run => run.Run.WindowStart).ThenBy(run => run.Run.Rerun).ThenBy(run => run.Run.Timestamp)
                .ThenByDescending(run => run.Run.Id, StringComparer.Ordinal)
                .ToImmutableArray());
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredTriggerRun>> ListWindowRunsAsync(
        string factory, string trigger, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Task.FromResult(RunsOf(factory)
            .Where(run => run.Run.Trigger.Equals(trigger, StringComparison.OrdinalIgnoreCase))
            .Where(run => run.Run.WindowStart >= from && run.Run.WindowStart < to)
            .OrderBy(run => run.Run.WindowStart).ThenBy(run => run.Run.Rerun)
            .ToImmutableArray());

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredTriggerRun>> SelectRunsAsync(TriggerRunSelection selection, CancellationToken cancellationToken)
    {
        var ordered = RunsOf(selection.Factory)
            .Where(run => !(run.Run.Updated < selection.UpdatedAfter) && !(run.Run.Updated > selection.UpdatedBefore))
            .Where(run => selection.Triggers?.Contains(run.Run.Trigger, StringComparer.OrdinalIgnoreCase) ?? true)
            .Where(run => !selection.OtherTriggers.Contains(run.Run.Trigger, StringComparer.OrdinalIgnoreCase))
            .Where(run => selection.Statuses?.Contains(run.Run.Status) ?? true)
            .Where(run => selection.Timestamps?.Contains(run.Run.Timestamp) ?? true)
            .Where(run => !selection.OtherTimestamps.Contains(run.Run.Timestamp))
            .Where(run => selection.After is not { } after
                || (selection.Descending ? Compare(selection.OrderBy, run.Run, after) < 0 : Compare(selection.OrderBy, run.Run, after) > 0))
            .Order(Comparer<StoredTriggerRun>.Create((left, right) => Compare(selection.OrderBy, left.Run, PositionOf(right.Run))));
        return Task.FromResult((selection.Descending ? ordered.Reverse() : ordered).Take(selection.Take).ToImmutableArray());
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<KnownBlob>> ListBlobsAsync(string factory, string trigger, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var key = Key(factory, trigger);
            return Task.FromResult(_blobs
                .Where(entry => (entry.Key.Item1, entry.Key.Item2) == key)
                .Select(entry => new KnownBlob(entry.Key.Item3, entry.Value))
                .ToImmutableArray());
        }
    }

    /// <inheritdoc/>
    public Task<KnownBlob?> FindBlobAsync(string factory, string trigger, string path, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var (factoryKey, triggerKey) = Key(factory, trigger);
            return Task.FromResult<KnownBlob?>(_blobs.TryGetValue((factoryKey, triggerKey, path), out var etag) ? new KnownBlob(path, etag) : null);
        }
    }

    /// <inheritdoc/>
    public Task<int> RemoveRunsAsync(DateTimeOffset endedBefore, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var old = _runs
                .Select(entry => (entry.Key, StoredTriggerRun.FromUtf8(entry.Value).Run))
                .Where(entry => entry.Run.HasEnded && entry.Run.WindowStart is null && entry.Run.Updated < endedBefore)
                .OrderBy(entry => entry.Run.Updated)
                .Take(take)
                .ToArray();
            return Task.FromResult(old.Count(entry => _runs.Remove(entry.Key)));
        }
    }

    private void Put((string, string) key, StoredTriggerRun run)
    {
        _runs[(key.Item1, key.Item2, run.Run.Id)] = run.ToUtf8();
        var open = _open.TryGetValue(key, out var found) ? found : _open[key] = [];
        if (run.Run.HasEnded)
        {
            open.Remove(run.Run.Id);
        }
        else
        {
            open.Add(run.Run.Id);
        }
    }

    private void WriteBlobs((string, string) key, TriggerChange change)
    {
        if (change.ForgetBlobs)
        {
            foreach (var known in _blobs.Keys.Where(known => (known.Item1, known.Item2) == key).ToArray())
            {
                _blobs.Remove(known);
            }
        }

        foreach (var blob in change.BlobsSeen)
        {
            _blobs[(key.Item1, key.Item2, blob.Path)] = blob.ETag;
        }

        foreach (var path in change.BlobsGone)
        {
            _blobs.Remove((key.Item1, key.Item2, path));
        }
    }

    private List<StoredTriggerRun> RunsOf(string factory)
    {
        lock (_lock)
        {
            return [.. _runs
                .Where(entry => entry.Key.Item1.Equals(factory, StringComparison.OrdinalIgnoreCase))
                .Select(entry => StoredTriggerRun.FromUtf8(entry.Value))];
        }
    }

    private static int Compare(TriggerRunOrder order, TriggerRun run, TriggerRunPosition other)
    {
        var first = order switch
        {
            TriggerRunOrder.TriggerName => string.Compare(run.Trigger, other.Trigger, StringComparison.OrdinalIgnoreCase),
            TriggerRunOrder.Status => run.Status.CompareTo(other.Status),
            _ => 0,
        };
        return first != 0 ? first
            : run.Timestamp != other.Timestamp ? run.Timestamp.CompareTo(other.Timestamp)
            : string.CompareOrdinal(run.Id, other.Id);
    }

    private static TriggerRunPosition PositionOf(TriggerRun run) => new(run.Trigger, run.Status, run.Timestamp, run.Id);

    private static (string, string) Key(string factory, string trigger) => (factory.ToUpperInvariant(), trigger.ToUpperInvariant());
}
