using Auspex.Engine.Dispatch;
using Auspex.Engine.Hosting;
using Auspex.Engine.Journal;
using Auspex.Stores;
using Microsoft.Extensions.Logging;

namespace Auspex.Engine.Runs;

/// <summary>What every driver of a host uses.</summary>
internal sealed record RunHostServices
{
    public required IRunJournal Journal { get; init; }

    /// <summary>Keeps values while the store fails, as <see cref="StoreRetry"/> does.</summary>
    public required ValueVault Vault { get; init; }

    public required StoreRetry StoreRetry { get; init; }

    public required IDefinitionStore Definitions { get; init; }

    public required Func<string, IActivityExecutor?> FindExecutor { get; init; }

    public required ActivityCatalog Catalog { get; init; }

    public required AttemptRunner Attempts { get; init; }

    public required EngineOptions Options { get; init; }

    public required TimeProvider Clock { get; init; }

    public required BusyMeter Meter { get; init; }

    public required RunFeed Feed { get; init; }

    public required string Owner { get; init; }

    /// <summary>Asks every open run that a run started to stop.</summary>
    public required Func<RunId, Task> CancelChildren { get; init; }

    public required ILogger Logger { get; init; }

    public RunLease NewLease() => new(Owner, Clock.GetUtcNow() + Options.LeaseDuration);
}
