using System.Text.Json.Nodes;
using Auspex.Engine.Dispatch;

namespace Auspex.Engine.Runs;

/// <summary>What reaches a run's driver from outside its loop.</summary>
internal abstract record DriverMessage
{
    /// <summary>The run may leave the queue.</summary>
    internal sealed record PlaceFree : DriverMessage;

    /// <summary>Somebody asks the run to stop; the answer says whether it still could.</summary>
    internal sealed record Cancel(bool Recursive, TaskCompletionSource<bool> Answer) : DriverMessage;

    /// <summary>An attempt ended.</summary>
    internal sealed record AttemptEnded(ActivityState Activity, int Attempt, AttemptOutcome Outcome) : DriverMessage;

    /// <summary>An executor saves a checkpoint; the answer comes when it is durable.</summary>
    internal sealed record SaveCheckpoint(
        ActivityState Activity, int Attempt, JsonObject Checkpoint, TaskCompletionSource Answer) : DriverMessage;

    /// <summary>A timer may be due.</summary>
    internal sealed record TimeCame : DriverMessage;

    /// <summary>The host stops: leave attempts to the next one.</summary>
    internal sealed record HostStopping : DriverMessage;

    /// <summary>Somebody else appended to the journal or took the run: start over from what is stored.</summary>
    internal sealed record JournalMoved : DriverMessage;
}
