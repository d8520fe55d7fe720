using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Errors;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Compilation;

/// <summary>What the compiler made of an experiment.</summary>
/// <param name="Experiment">The graph; null when there is an error among the diagnostics.</param>
/// <param name="Diagnostics">Everything found.</param>
public sealed record CompilationResult(CompiledExperiment? Experiment, ImmutableArray<Diagnostic> Diagnostics);

/// <summary>
/// A checked graph: every reference resolved, nodes in an order in which each comes after what it needs.
/// </summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class CompiledExperiment
{
    private readonly Dictionary<string, CompiledNode> _byId;

    internal CompiledExperiment(
        ExperimentDefinition definition,
        ImmutableArray<CompiledNode> nodes,
        ImmutableArray<CompiledServicePort> inputs,
        ImmutableArray<CompiledServicePort> outputs,
        ImmutableArray<CompiledServiceParameter> parameters)
    {
        Definition = definition;
        Nodes = nodes;
        ServiceInputs = inputs;
        ServiceOutputs = outputs;
        Parameters = parameters;
        _byId = nodes.ToDictionary(node => node.Id, StringComparer.Ordinal);
    }

    /// <summary>What was compiled.</summary>
    public ExperimentDefinition Definition { get; }

    /// <summary>
    /// In topological order, the same each time: each node right after what it needs, in file order otherwise.
    /// </summary>
    public ImmutableArray<CompiledNode> Nodes { get; }

    /// <summary>Web-service inputs, declared ones first, then those of explicit nodes.</summary>
    public ImmutableArray<CompiledServicePort> ServiceInputs { get; }

    /// <summary>Web-service outputs, declared ones first, then those of explicit nodes.</summary>
    public ImmutableArray<CompiledServicePort> ServiceOutputs { get; }

    /// <summary>Web-service parameters in file order.</summary>
    public ImmutableArray<CompiledServiceParameter> Parameters { get; }

    /// <summary>The node by id.</summary>
    public CompiledNode this[string id] => _byId[id];

    /// <summary>The node by id; null when there is none.</summary>
    public CompiledNode? Find(string id) => _byId.GetValueOrDefault(id);
}

/// <summary>A node with its module and resolved connections.</summary>
public sealed record CompiledNode
{
    /// <summary>The node's id.</summary>
    public required string Id { get; init; }

    /// <summary>The module; null for a saved asset.</summary>
    public required IModule? Module { get; init; }

    /// <summary>The saved asset; null for a module.</summary>
    public required AssetReference? Asset { get; init; }

    /// <summary>Ports that give something; a saved asset has one.</summary>
    public required ImmutableArray<ModulePort> Outputs { get; init; }

    /// <summary>Connections in the order of the module's input ports.</summary>
    public required ImmutableArray<CompiledEdge> Inputs { get; init; }

    /// <summary>Given parameter values as text, by label; those not given take the module's default.</summary>
    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    /// <summary>The module's name, or the saved asset's.</summary>
    public string DisplayName => Module?.Descriptor.Name ?? Asset?.Name ?? "";

    /// <summary>The connection into an input port; null when there is none.</summary>
    public CompiledEdge? Input(string port)
    {
        foreach (var edge in Inputs)
        {
            if (edge.Port.Name == port)
            {
                return edge;
            }
        }

        return null;
    }
}

/// <summary>A connection into an input port.</summary>
/// <param name="Port">The input port.</param>
/// <param name="Source">Where it comes from.</param>
public sealed record CompiledEdge(ModulePort Port, PortKey Source);

/// <summary>An output port of a node.</summary>
/// <param name="Node">The node's id.</param>
/// <param name="Port">The port's name.</param>
public readonly record struct PortKey(string Node, string Port)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Node}.{Port}";
}

/// <summary>A web-service input or output.</summary>
/// <param name="Name">The JSON key.</param>
/// <param name="Source">The output port whose value the caller replaces, or is given.</param>
/// <param name="Type">What that port carries.</param>
public sealed record CompiledServicePort(string Name, PortKey Source, PortType Type);

/// <summary>A web-service parameter with what it sets.</summary>
/// <param name="Definition">As written.</param>
/// <param name="Kind">How its text is parsed.</param>
/// <param name="Targets">The module parameters it sets.</param>
public sealed record CompiledServiceParameter(
    ExperimentParameter Definition,
    ParameterKind Kind,
    ImmutableArray<ParameterTarget> Targets)
{
    /// <summary>The default as text; null when there is none.</summary>
    public string? DefaultText => Definition.HasDefault ? ParameterText.Of(Definition.DefaultValue) ?? "" : null;
}

/// <summary>A module parameter of a node.</summary>
public sealed record ParameterTarget(string Node, ModuleParameter Parameter);
