using System.Collections.Immutable;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Execution;

/// <summary>What a run of an experiment gave.</summary>
public sealed class ExperimentRunResult
{
    private readonly IReadOnlyDictionary<PortKey, PortValue> _values;

    internal ExperimentRunResult(
        CompiledExperiment experiment, ImmutableArray<NodeRun> nodes, IReadOnlyDictionary<PortKey, PortValue> values)
    {
        Experiment = experiment;
        Nodes = nodes;
        _values = values;
    }

    /// <summary>This run's own, 32 hexadecimal digits.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    /// <summary>What ran.</summary>
    public CompiledExperiment Experiment { get; }

    /// <summary>Every node of the experiment, in topological order.</summary>
    public ImmutableArray<NodeRun> Nodes { get; }

    /// <summary>Failed when a node failed, else Canceled when one was cancelled, else Finished.</summary>
    public NodeStatus Status =>
        Nodes.Any(node => node.Status == NodeStatus.Failed) ? NodeStatus.Failed
        : Nodes.Any(node => node.Status == NodeStatus.Canceled) ? NodeStatus.Canceled
        : NodeStatus.Finished;

    /// <summary>Why nodes failed, in topological order.</summary>
    public IEnumerable<ModuleException> Errors => Nodes.Select(node => node.Error).OfType<ModuleException>();

    /// <summary>The value at an output port; null when its node did not finish, or a call has let it go.</summary>
    public PortValue? Find(PortKey port) => _values.GetValueOrDefault(port);
}

/// <summary>What happened to a node.</summary>
/// <param name="Node">Its id.</param>
/// <param name="Module">Its module's name, or the saved asset's.</param>
/// <param name="Status">Its state at the end.</param>
/// <param name="IsFromCache">Whether a kept result was used.</param>
/// <param name="Started">When it began; null when it never did.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Log">What it had to say, a line each; sizes and names, no values of rows.</param>
public sealed record NodeRun(
    string Node,
    string Module,
    NodeStatus Status,
    bool IsFromCache,
    DateTimeOffset? Started,
    TimeSpan Elapsed,
    ModuleException? Error,
    ImmutableArray<string> Log)
{
    /// <summary>Whether the caller's own table stood in for the node, so that it did not have to run.</summary>
    public bool IsGiven { get; init; }

    /// <summary>The state for people: <c>Given</c> where a caller's table stood in, <c>Not run</c> where nothing was to do, else that of <see cref="Status"/>.</summary>
    public string StatusText => IsGiven ? "Given" : Status == NodeStatus.NotStarted ? "Not run" : Status.ToString();
}
