using System.Collections.Immutable;
using Auspex.Connectors.Tables;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Execution;

/// <summary>One run of an experiment.</summary>
public sealed record ExperimentRunRequest
{
    /// <summary>
    /// What modules may reach outside. Its <see cref="ModuleServices.Threads"/> is also how many nodes run at once.
    /// </summary>
    public required ModuleServices Services { get; init; }

    /// <summary>Saved assets by name; null when the experiment names none.</summary>
    public IAssetSource? Assets { get; init; }

    /// <summary>Tables by web-service input name that take the place of what is at those ports.</summary>
    public IReadOnlyDictionary<string, TableBatch> Inputs { get; init; } = ImmutableDictionary<string, TableBatch>.Empty;

    /// <summary>
    /// Values that are known beforehand, by port: their nodes do not run for them. A caller's table goes before them.
    /// </summary>
    public IReadOnlyDictionary<PortKey, PortValue> Known { get; init; } = ImmutableDictionary<PortKey, PortValue>.Empty;

    /// <summary>Texts by web-service parameter name.</summary>
    public IReadOnlyDictionary<string, string> ParameterValues { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Kept results; null computes everything and keeps nothing.</summary>
    public IResultCache? Cache { get; init; }

    /// <summary>Nodes to run, with all they need; null for every node.</summary>
    public IReadOnlyCollection<string>? Targets { get; init; }

    /// <summary>
    /// True for a call of a web service: parameters without default must be given, only what its outputs and its exports
    /// need runs, and results are let go as soon as nobody needs them.
    /// </summary>
    public bool IsCall { get; init; }

    /// <summary>
    /// Is told of every change of a node, from any thread; must be quick and must not throw. Null for nobody.
    /// </summary>
    public Action<NodeUpdate>? OnUpdate { get; init; }

    /// <summary>
    /// Sees what a module got and gave, by port, once it is done and before the values are let go; from any thread, several at a time. It
    /// counts as part of the node, and must not change or keep what it sees. Null for nobody.
    /// </summary>
    public Action<CompiledNode, IReadOnlyDictionary<string, PortValue>, IReadOnlyDictionary<string, PortValue>>? OnValues { get; init; }
}

/// <summary>The states of a node, in Studio's words.</summary>
public enum NodeStatus
{
    /// <summary>Not part of this run.</summary>
    NotStarted,

    /// <summary>Changed since it last ran.</summary>
    InDraft,

    /// <summary>Waits for what it needs, or for its turn.</summary>
    Queued,

    /// <summary>At work.</summary>
    Running,

    /// <summary>Done; its outputs are there.</summary>
    Finished,

    /// <summary>Its module failed.</summary>
    Failed,

    /// <summary>The run was cancelled before it was done.</summary>
    Canceled,

    /// <summary>Something it needs failed.</summary>
    Skipped,
}

/// <summary>A change of a node.</summary>
/// <param name="Node">Its id.</param>
/// <param name="Module">Its module's name, or the saved asset's.</param>
/// <param name="Status">Its state now.</param>
/// <param name="Message">What it is doing; null when only the state changed.</param>
/// <param name="Done">How much is done; 0 when the module does not say.</param>
/// <param name="Total">Of how much; null when it is not known.</param>
public sealed record NodeUpdate(string Node, string Module, NodeStatus Status, string? Message = null, long Done = 0, long? Total = null);
