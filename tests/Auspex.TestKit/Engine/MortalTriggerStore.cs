using System.Collections.Immutable;
using Auspex.Engine.Triggers;

namespace Auspex.TestKit.Engine;

/// <summary>A trigger store as one process sees it: when the process dies it is reached no more.</summary>
/// <param name="inner">What is left.</param>
/// <param name="life">Counts what the process writes, wherever.</param>
internal sealed class MortalTriggerStore(ITriggerStore inner, ProcessLife life) : ITriggerStore
{
    public async Task<int?> ApplyAsync(TriggerChange change)
    {
        life.ThrowIfDead();
        var result = await inner.ApplyAsync(change);
        life.Count();
        return result;
    }

    public Task<ImmutableArray<TriggerState>> ListAsync(CancellationToken cancellationToken) => Alive().ListAsync(cancellationToken);

    public Task<TriggerState?> FindAsync(string factory, string trigger, CancellationToken cancellationToken) =>
        Alive().FindAsync(factory, trigger, cancellationToken);

    public Task<StoredTriggerRun?> FindRunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken) =>
        Alive().FindRunAsync(factory, trigger, runId, cancellationToken);

    public Task<ImmutableArray<StoredTriggerRun>> ListOpenRunsAsync(string factory, string trigger, CancellationToken cancellationToken) =>
        Alive().ListOpenRunsAsync(factory, trigger, cancellationToken);

    public Task<ImmutableArray<StoredTriggerRun>> ListWindowRunsAsync(
        string factory, string trigger, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        Alive().ListWindowRunsAsync(factory, trigger, from, to, cancellationToken);

    public Task<ImmutableArray<StoredTriggerRun>> SelectRunsAsync(TriggerRunSelection selection, CancellationToken cancellationToken) =>
        Alive().SelectRunsAsync(selection, cancellationToken);

    public Task<int> RemoveRunsAsync(DateTimeOffset endedBefore, int take, CancellationToken cancellationToken) =>
        Alive().RemoveRunsAsync(endedBefore, take, cancellationToken);

    public Task<ImmutableArray<KnownBlob>> ListBlobsAsync(string factory, string trigger, CancellationToken cancellationToken) =>
        Alive().ListBlobsAsync(factory, trigger, cancellationToken);

    public Task<KnownBlob?> FindBlobAsync(string factory, string trigger, string path, CancellationToken cancellationToken) =>
        Alive().FindBlobAsync(factory, trigger, path, cancellationToken);

    private ITriggerStore Alive()
    {
        life.ThrowIfDead();
        return inner;
    }
}

/// <summary>A process that dies after it has written so many things.</summary>
internal sealed class ProcessLife(int lifetime, bool losesLastWrite = false)
{
    private int _writes;

    public bool IsDead { get; private set; }

    public int Writes => _writes;

    /// <summary>Dies here when it is to die before its last write is on disk, not after.</summary>
    public void Begin()
    {
        IsDead |= losesLastWrite && Volatile.Read(ref _writes) + 1 >= lifetime;
        ThrowIfDead();
    }

    public void Count()
    {
        if (Interlocked.Increment(ref _writes) >= lifetime)
        {
            IsDead = true;
            ThrowIfDead();
        }
    }

    public void ThrowIfDead()
    {
        if (IsDead)
        {
            throw new ProcessDiedException();
        }
    }
}
