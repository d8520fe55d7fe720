using System.Collections.Immutable;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.Storage.InMemory;

/// <summary>A journal that lives as long as this object: what a test keeps when it lets a host die.</summary>
public sealed class InMemoryRunJournal : IRunJournal
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RunId, Row> _rows = [];
    private readonly List<Row> _order = [];
    private int _nextKey;

    /// <summary>Who owns open runs at this moment.</summary>
    public IReadOnlyList<string> Owners
    {
        get
        {
            lock (_lock)
            {
                return [.. _order.Where(row => row is { IsOpen: true, Lease: not null }).Select(row => row.Lease!.Owner).Distinct()];
            }
        }
    }

    /// <inheritdoc/>
    public Task AppendAsync(RunAppend append)
    {
        lock (_lock)
        {
            if (append.ExpectedSequence == 0)
            {
                Create(append);
            }
            else
            {
                Advance(append);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<JournalEntry>> ReadAsync(RunId run, long after, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_rows.TryGetValue(run, out var row)
                ? row.Events.Skip((int)after).Take(take)
                    .Select((body, index) => new JournalEntry(after + index + 1, body)).ToImmutableArray()
                : []);
        }
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<ImmutableArray<JournalEntry>>> ReadManyAsync(
        ImmutableArray<RunId> runs, int take, CancellationToken cancellationToken) =>
        [.. await Task.WhenAll(runs.Select(run => ReadAsync(run, 0, take, cancellationToken)))];

    /// <inheritdoc/>
    public Task<RunSummary?> FindAsync(RunId run, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_rows.TryGetValue(run, out var row) ? row.Read() : null);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RunSummary>> ListAsync(RunQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var before = query.Before is { } run && _rows.TryGetValue(run, out var row) ? row.Key : int.MaxValue;
            var latest = _order.GroupBy(entry => entry.Group).ToDictionary(group => group.Key, group => group.Last().Run);
            return Task.FromResult(
                RunQueries.Apply(_order.Where(entry => entry.Key < before).Select(entry => (entry.Read(), entry.Key)), query, latest).ToImmutableArray());
        }
    }

    /// <inheritdoc/>
    public Task<RunId?> FindLatestAsync(RunId group, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_order.LastOrDefault(row => row.Group == group)?.Run);
        }
    }

    /// <inheritdoc/>
    public Task<int> RemoveAsync(DateTimeOffset endedBefore, int take, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var old = _order.Where(row => !row.IsOpen && (row.Read().End ?? row.Read().Updated) < endedBefore)
                .OrderBy(row => row.Read().End ?? row.Read().Updated)
                .Take(take)
                .ToList();
            old.ForEach(row => _rows.Remove(row.Run));
            _order.RemoveAll(old.Contains);
            return Task.FromResult(old.Count);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<RunId>> ListOpenChildrenAsync(RunId parent, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_order.Where(row => row.IsOpen && row.Read().Parent?.RunId == parent)
                .Select(row => row.Run).ToImmutableArray());
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<LeasedRun>> AcquireLeasesAsync(
        RunLease lease, DateTimeOffset now, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Lease(lease, row => row.Lease is null || (row.Lease.Owner != lease.Owner && row.Lease.Until < now)));
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<LeasedRun>> RenewLeasesAsync(RunLease lease, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Lease(lease, row => row.Lease?.Owner == lease.Owner));
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAllAsync(string owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var row in _order.Where(row => row.Lease?.Owner == owner))
            {
                row.Lease = null;
            }
        }

        return Task.CompletedTask;
    }

    private ImmutableArray<LeasedRun> Lease(RunLease lease, Func<Row, bool> which)
    {
        var rows = _order.Where(row => row.IsOpen && which(row)).ToList();
        rows.ForEach(row => row.Lease = lease);
        return [.. rows.Select(row => new LeasedRun(row.Run, row.Events.Count))];
    }

    private void Create(RunAppend append)
    {
        var summary = append.Summary ?? throw new ArgumentException("A run is created with its summary.", nameof(append));
        if (_rows.ContainsKey(append.Run))
        {
            throw new JournalConflictException(append.Run, 0);
        }

        var row = new Row(append.Run, _nextKey++) { Summary = summary.ToUtf8(), Group = summary.GroupId ?? summary.Id, IsOpen = summary.IsOpen, Lease = append.Lease };
        row.Events.AddRange(append.Events);
        _rows.Add(append.Run, row);
        _order.Add(row);
    }

    private void Advance(RunAppend append)
    {
        if (!_rows.TryGetValue(append.Run, out var row)
            || row.Events.Count != append.ExpectedSequence
            || (append.Lease is { } lease && row.Lease?.Owner != lease.Owner))
        {
            throw new JournalConflictException(append.Run, append.ExpectedSequence);
        }

        row.Events.AddRange(append.Events);
        if (append.Summary is { } summary)
        {
            row.Summary = summary.ToUtf8();
            row.IsOpen = summary.IsOpen;
            row.Lease = summary.IsOpen ? row.Lease : null;
        }
    }

    private sealed class Row(RunId run, int key)
    {
        public RunId Run { get; } = run;

        public int Key { get; } = key;

        public List<ReadOnlyMemory<byte>> Events { get; } = [];

        public required RunId Group { get; init; }

        public required byte[] Summary { get; set; }

        public required bool IsOpen { get; set; }

        public RunLease? Lease { get; set; }

        public RunSummary Read() => RunSummary.FromUtf8(Summary);
    }
}
