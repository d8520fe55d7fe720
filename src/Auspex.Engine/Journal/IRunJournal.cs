using System.Collections.Immutable;
using Auspex.Engine.Runs;

namespace Auspex.Engine.Journal;

/// <summary>Keeps the journals of all runs, their summaries, and who owns which open run.</summary>
/// <remarks>
/// <para>
/// Thread-safe. Concurrent appends of different runs may share one flush. A run's events are numbered from 1 without
/// gaps. Bytes are kept as given; no backend looks into them.
/// </para>
/// <para>
/// Backends throw <see cref="Auspex.Errors.AuspexException"/> when the store itself fails (disk full, file damaged);
/// whether an append that failed so was written is then unknown, and writing it again conflicts if it was.
/// </para>
/// </remarks>
public interface IRunJournal
{
    /// <summary>Appends all events or none. They are durable when the task ends.</summary>
    /// <remarks>Not cancelable: the effect an event speaks of has happened, or must wait for its being written.</remarks>
    /// <exception cref="JournalConflictException">
    /// The journal is not at <see cref="RunAppend.ExpectedSequence"/>, or <see cref="RunAppend.Lease"/> names an owner
    /// who is not the owner. Nothing was written.
    /// </exception>
    Task AppendAsync(RunAppend append);

    /// <summary>The events after <paramref name="after"/> in order, at most <paramref name="take"/>; empty for an unknown run.</summary>
    Task<ImmutableArray<JournalEntry>> ReadAsync(RunId run, long after, int take, CancellationToken cancellationToken);

    /// <summary>The first events of each of several runs, at most <paramref name="take"/> of each, as <see cref="ReadAsync"/> gives them.</summary>
    /// <returns>One list for each run, in the order of <paramref name="runs"/>.</returns>
    Task<ImmutableArray<ImmutableArray<JournalEntry>>> ReadManyAsync(
        ImmutableArray<RunId> runs, int take, CancellationToken cancellationToken);

    /// <summary>A run's summary; null when the run is unknown.</summary>
    Task<RunSummary?> FindAsync(RunId run, CancellationToken cancellationToken);

    /// <summary>Summaries in the order asked for; found by an index whatever the number of runs.</summary>
    Task<ImmutableArray<RunSummary>> ListAsync(RunQuery query, CancellationToken cancellationToken);

    /// <summary>The latest run of a group, itself where nothing repeats it; null when there is none.</summary>
    Task<RunId?> FindLatestAsync(RunId group, CancellationToken cancellationToken);

    /// <summary>Removes runs that ended before <paramref name="endedBefore"/>, oldest first, with their events.</summary>
    /// <returns>How many were removed, at most <paramref name="take"/>.</returns>
    Task<int> RemoveAsync(DateTimeOffset endedBefore, int take, CancellationToken cancellationToken);

    /// <summary>The open runs that <paramref name="parent"/> started, oldest first.</summary>
    Task<ImmutableArray<RunId>> ListOpenChildrenAsync(RunId parent, CancellationToken cancellationToken);

    /// <summary>
    /// Takes every open run that has no owner, or whose owner is another and let its lease end before
    /// <paramref name="now"/>.
    /// </summary>
    /// <returns>The runs taken with this call, oldest first, with their last sequence.</returns>
    Task<ImmutableArray<LeasedRun>> AcquireLeasesAsync(RunLease lease, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Extends the leases of all open runs of this owner.</summary>
    /// <returns>
    /// The runs it still owns with their last sequence. A run that is missing was lost; a sequence the owner does not
    /// know of means that somebody else appended (a cancel): reload.
    /// </returns>
    Task<ImmutableArray<LeasedRun>> RenewLeasesAsync(RunLease lease, CancellationToken cancellationToken);

    /// <summary>Gives up every run of this owner, so that another host can take them at once.</summary>
    Task ReleaseAllAsync(string owner, CancellationToken cancellationToken);
}

/// <summary>One durable step of a run.</summary>
public sealed record RunAppend
{
    /// <summary>The run.</summary>
    public required RunId Run { get; init; }

    /// <summary>The last event's number before this append; 0 creates the run.</summary>
    public required long ExpectedSequence { get; init; }

    /// <summary>The encoded events, at least one.</summary>
    public required ImmutableArray<ReadOnlyMemory<byte>> Events { get; init; }

    /// <summary>The run's summary from here on; null leaves it as it is. Needed when the run is created.</summary>
    public RunSummary? Summary { get; init; }

    /// <summary>Who appends, and until when the run is theirs; null for an append by whoever does not own the run.</summary>
    public RunLease? Lease { get; init; }
}

/// <summary>Time-limited ownership of runs.</summary>
/// <param name="Owner">The host's id.</param>
/// <param name="Until">From here on another host may take the run.</param>
public sealed record RunLease(string Owner, DateTimeOffset Until);

/// <summary>A run that a host owns.</summary>
/// <param name="Run">The run.</param>
/// <param name="Sequence">The number of its last event.</param>
public readonly record struct LeasedRun(RunId Run, long Sequence);

/// <summary>One stored event.</summary>
/// <param name="Sequence">Its number in the run, from 1.</param>
/// <param name="Body">The encoded event.</param>
public readonly record struct JournalEntry(long Sequence, ReadOnlyMemory<byte> Body);
