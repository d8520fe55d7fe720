using System.Collections.Immutable;
using Auspex.Engine.Journal;
using Auspex.Engine.Runs;

namespace Auspex.TestKit.Engine;

/// <summary>The journal as one process sees it: after so many appends the process is dead and reaches it no more.</summary>
internal sealed class MortalJournal(IRunJournal inner, ProcessLife life) : IRunJournal
{
    public MortalJournal(IRunJournal inner, int lifetime)
        : this(inner, new ProcessLife(lifetime))
    {
    }

    public bool IsDead => life.IsDead;

    public int Appends => life.Writes;

    public async Task AppendAsync(RunAppend append)
    {
        life.Begin();
        await inner.AppendAsync(append);

        // The bytes are on disk; nobody in a process that dies now ever learns so.
        life.Count();
    }

    public Task<ImmutableArray<JournalEntry>> ReadAsync(RunId run, long after, int take, CancellationToken cancellationToken) =>
        Alive().ReadAsync(run, after, take, cancellationToken);

    public Task<ImmutableArray<ImmutableArray<JournalEntry>>> ReadManyAsync(
        ImmutableArray<RunId> runs, int take, CancellationToken cancellationToken) =>
        Alive().ReadManyAsync(runs, take, cancellationToken);

    public Task<RunSummary?> FindAsync(RunId run, CancellationToken cancellationToken) => Alive().FindAsync(run, cancellationToken);

    public Task<ImmutableArray<RunSummary>> ListAsync(RunQuery query, CancellationToken cancellationToken) =>
        Alive().ListAsync(query, cancellationToken);

    public Task<RunId?> FindLatestAsync(RunId group, CancellationToken cancellationToken) =>
        Alive().FindLatestAsync(group, cancellationToken);

    public Task<int> RemoveAsync(DateTimeOffset endedBefore, int take, CancellationToken cancellationToken) =>
        Alive().RemoveAsync(endedBefore, take, cancellationToken);

    public Task<ImmutableArray<RunId>> ListOpenChildrenAsync(RunId parent, CancellationToken cancellationToken) =>
        Alive().ListOpenChildrenAsync(parent, cancellationToken);

    public Task<ImmutableArray<LeasedRun>> AcquireLeasesAsync(
        RunLease lease, DateTimeOffset now, CancellationToken cancellationToken) =>
        Alive().AcquireLeasesAsync(lease, now, cancellationToken);

    public Task<ImmutableArray<LeasedRun>> RenewLeasesAsync(RunLease lease, CancellationToken cancellationToken) =>
        Alive().RenewLeasesAsync(lease, cancellationToken);

    public Task ReleaseAllAsync(string owner, CancellationToken cancellationToken) =>
        Alive().ReleaseAllAsync(owner, cancellationToken);

    private IRunJournal Alive()
    {
        life.ThrowIfDead();
        return inner;
    }
}

/// <summary>The process is gone; nothing in the product knows or handles this.</summary>
internal sealed class ProcessDiedException() : Exception("The process has died.");
