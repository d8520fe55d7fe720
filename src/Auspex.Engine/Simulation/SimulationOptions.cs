using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Engine.Journal;
using Auspex.Engine.Triggers;
using Auspex.Stores;

namespace Auspex.Engine.Simulation;

/// <summary>What a simulation works with; all of it is its own.</summary>
public sealed record SimulationOptions
{
    /// <summary>The factory whose pipelines run.</summary>
    public required FactoryDefinition Factory { get; init; }

    /// <summary>Who carries activities out; nothing here may wait for anything but <see cref="SimulatedHost.SleepAsync"/>.</summary>
    public required ActivityCatalog Catalog { get; init; }

    /// <summary>Keeps the runs, in memory.</summary>
    public required IRunJournal Journal { get; init; }

    /// <summary>Keeps large values, in memory.</summary>
    public required IArtifactStore Artifacts { get; init; }

    /// <summary>Keeps what became of triggers, in memory.</summary>
    public required ITriggerStore Triggers { get; init; }

    /// <summary>When the simulation begins.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Makes the ids of this simulation's runs: the same ones each time.</summary>
    public required string Seed { get; init; }
}
