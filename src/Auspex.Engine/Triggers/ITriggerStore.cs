using System.Collections.Immutable;

namespace Auspex.Engine.Triggers;

/// <summary>Keeps what became of triggers: whether they are started, how far they are, their runs, the blobs they have seen.</summary>
/// <remarks>
/// Thread-safe, for several hosts at once. Names ignore case. All that changes of one trigger goes through
/// <see cref="ApplyAsync"/>, whose expected version makes an occurrence happen once whoever else works on the same store.
/// Backends throw <see cref="Auspex.Errors.AuspexException"/> when the store itself fails.
/// </remarks>
public interface ITriggerStore
{
    /// <summary>The states of all triggers that anything is known of.</summary>
    Task<ImmutableArray<TriggerState>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A trigger's state; null when nothing is known of it.</summary>
    Task<TriggerState?> FindAsync(string factory, string trigger, CancellationToken cancellationToken);

    /// <summary>Carries out all of a change or nothing; durable when the task ends.</summary>
    /// <returns>
    /// How many of <see cref="TriggerChange.NewRuns"/> were not there yet; null when the trigger's version is not that of
    /// <see cref="TriggerChange.State"/>, and nothing was changed.
    /// </returns>
    /// <remarks>Not cancelable: what it speaks of has happened.</remarks>
    Task<int?> ApplyAsync(TriggerChange change);

    /// <summary>A trigger run; null when there is none.</summary>
    Task<StoredTriggerRun?> FindRunAsync(string factory, string trigger, string runId, CancellationToken cancellationToken);

    /// <summary>A trigger's runs that have not ended, by window, then by time; found by an index whatever the number of runs.</summary>
    Task<ImmutableArray<StoredTriggerRun>> ListOpenRunsAsync(string factory, string trigger, CancellationToken cancellationToken);

    /// <summary>All runs of a trigger's windows that start at or after <paramref name="from"/> and before <paramref name="to"/>, by window and rerun.</summary>
    Task<ImmutableArray<StoredTriggerRun>> ListWindowRunsAsync(
        string factory, string trigger, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Runs of a factory as a query asks for them.</summary>
    Task<ImmutableArray<StoredTriggerRun>> SelectRunsAsync(TriggerRunSelection selection, CancellationToken cancellationToken);

    /// <summary>Removes trigger runs that ended before <paramref name="endedBefore"/>, oldest first.</summary>
    /// <remarks>Those of windows stay: other windows may depend on them, however old.</remarks>
    /// <returns>How many were removed, at most <paramref name="take"/>.</returns>
    Task<int> RemoveRunsAsync(DateTimeOffset endedBefore, int take, CancellationToken cancellationToken);

    /// <summary>The blobs that a trigger has seen.</summary>
    Task<ImmutableArray<KnownBlob>> ListBlobsAsync(string factory, string trigger, CancellationToken cancellationToken);

    /// <summary>A blob that a trigger has seen; null when it has not.</summary>
    Task<KnownBlob?> FindBlobAsync(string factory, string trigger, string path, CancellationToken cancellationToken);
}

/// <summary>A change of one trigger.</summary>
public sealed record TriggerChange
{
    /// <summary>
    /// The state from here on, with the version that it was read with (0: nothing is known of the trigger yet); it is stored with
    /// the next version.
    /// </summary>
    public required TriggerState State { get; init; }

    /// <summary>Runs to add; one whose id exists already stays as it is.</summary>
    public ImmutableArray<StoredTriggerRun> NewRuns { get; init; } = [];

    /// <summary>Runs that exist and change.</summary>
    public ImmutableArray<StoredTriggerRun> ChangedRuns { get; init; } = [];

    /// <summary>Whether all blobs seen are forgotten, before those below are added.</summary>
    public bool ForgetBlobs { get; init; }

    /// <summary>Blobs seen, new or changed.</summary>
    public ImmutableArray<KnownBlob> BlobsSeen { get; init; } = [];

    /// <summary>Paths of blobs that are there no more.</summary>
    public ImmutableArray<string> BlobsGone { get; init; } = [];
}

/// <summary>A blob that a trigger has dealt with.</summary>
/// <param name="Path">Container included; compared ordinally.</param>
/// <param name="ETag">Which content it had.</param>
public readonly record struct KnownBlob(string Path, string ETag);
