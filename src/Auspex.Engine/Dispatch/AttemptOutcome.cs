using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Engine.Dispatch;

/// <summary>How an attempt ended.</summary>
internal abstract record AttemptOutcome
{
    internal sealed record Succeeded(JsonObject Output) : AttemptOutcome;

    internal sealed record Failed(Failure Failure, JsonObject? Output) : AttemptOutcome;

    /// <summary>Stopped because its run or its loop stops.</summary>
    internal sealed record Canceled : AttemptOutcome;

    /// <summary>Left for the next host; nothing is journaled.</summary>
    internal sealed record HandedOver : AttemptOutcome;
}
