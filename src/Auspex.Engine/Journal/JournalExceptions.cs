using System.Globalization;
using Auspex.Errors;

namespace Auspex.Engine.Journal;

/// <summary>Another writer appended first, or owns the run now: drop the state and reload. Nothing was written.</summary>
/// <param name="run">The run.</param>
/// <param name="expected">The sequence that the append expected.</param>
public sealed class JournalConflictException(RunId run, long expected) : AuspexException(
    ErrorCode.JournalConflict,
    string.Create(
        CultureInfo.InvariantCulture,
        $"The journal of run {run} is not at sequence {expected} for this host any more. Another host took the run over."));

/// <summary>A journal does not fit the decider: the run stops where it is, it does not fail.</summary>
/// <param name="run">The run.</param>
/// <param name="sequence">The event that does not fit.</param>
/// <param name="reason">What was found and what was expected.</param>
/// <param name="inner">The exception that led to this one.</param>
public sealed class JournalDivergenceException(RunId run, long sequence, string reason, Exception? inner = null)
    : AuspexException(
        ErrorCode.JournalDivergence,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The journal of run {run} cannot be followed at sequence {sequence}: {reason}. The run is left as it is."),
        inner)
{
    /// <summary>The event that does not fit.</summary>
    public long Sequence { get; } = sequence;
}
