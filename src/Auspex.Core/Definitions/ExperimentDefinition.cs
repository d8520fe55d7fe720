using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions;

/// <summary>An experiment: a graph of modules, as a file in <c>experiment/</c> holds it.</summary>
public sealed record ExperimentDefinition
{
    /// <summary>The experiment's name.</summary>
    public required string Name { get; init; }

    /// <summary>The author's description; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>Web-service parameters in file order.</summary>
    public ImmutableArray<ExperimentParameter> Parameters { get; init; } = [];

    /// <summary>The nodes in file order; ids are unique and case-sensitive.</summary>
    public required ImmutableArray<ExperimentNode> Nodes { get; init; }

    /// <summary>Where the data of each web-service input enters: names in file order.</summary>
    public ImmutableArray<ExperimentPort> WebServiceInputs { get; init; } = [];

    /// <summary>Which port each web-service output is taken from: names in file order.</summary>
    public ImmutableArray<ExperimentPort> WebServiceOutputs { get; init; } = [];

    /// <summary>The file's JSON as read.</summary>
    public required JsonObject Source { get; init; }

    /// <summary>Where it was read; null for an experiment made in memory.</summary>
    public DefinitionOrigin? Origin { get; init; }
}

/// <summary>A node of an experiment: a module, or a saved asset when <see cref="Asset"/> is set.</summary>
public sealed record ExperimentNode
{
    /// <summary>The node's id within the experiment: not empty, without a dot, since a dot parts node and port in references.</summary>
    public required string Id { get; init; }

    /// <summary>The module's name, such as <c>Split Data</c>; empty for a saved asset.</summary>
    public required string Module { get; init; }

    /// <summary>The saved trained model, transform or dataset that this node stands for; null for a module.</summary>
    public AssetReference? Asset { get; init; }

    /// <summary>Which output port feeds each input port: input port name to <c>node</c> or <c>node.port</c>.</summary>
    public ImmutableArray<ExperimentEdge> Inputs { get; init; } = [];

    /// <summary>Parameter values as written, by the parameter's name; text, numbers and booleans alike.</summary>
    public required JsonObject Parameters { get; init; }
}

/// <summary>An edge into a node.</summary>
/// <param name="Port">The input port's name.</param>
/// <param name="SourceNode">The id of the node it comes from.</param>
/// <param name="SourcePort">The output port's name; null for the node's only output port.</param>
public sealed record ExperimentEdge(string Port, string SourceNode, string? SourcePort);

/// <summary>A web-service input or output of an experiment.</summary>
/// <param name="Name">The name that becomes a JSON key; case-sensitive.</param>
/// <param name="Node">The node's id.</param>
/// <param name="Port">The node's port: for an input the output port whose data the caller replaces; null for the only one.</param>
public sealed record ExperimentPort(string Name, string Node, string? Port);

/// <summary>The kinds of saved assets.</summary>
public enum AssetKind
{
    /// <summary>A trained model (<c>.ilearner</c>).</summary>
    TrainedModel,

    /// <summary>A fitted transform (<c>.itransform</c>).</summary>
    Transform,

    /// <summary>A table.</summary>
    Dataset,
}

/// <summary>A saved asset by name, such as <c>Income training [trained model]</c>.</summary>
public sealed record AssetReference(AssetKind Kind, string Name);

/// <summary>A web-service parameter.</summary>
/// <param name="Name">The name callers use in <c>GlobalParameters</c>; case-sensitive.</param>
/// <param name="Type">
/// Int, Float, Double, Boolean, String, Enumerated, Script, ColumnPicker, Mode, Credential or ParameterRange; empty: as the
/// module parameters it sets.
/// </param>
/// <param name="HasDefault">Without a default every call must give a value.</param>
/// <param name="DefaultValue">The default; null when there is none.</param>
/// <param name="Links">The module parameters it sets: <c>node.parameter name</c>, split at the first dot.</param>
public sealed record ExperimentParameter(
    string Name,
    string Type,
    bool HasDefault,
    JsonNode? DefaultValue,
    ImmutableArray<ParameterLink> Links)
{
    /// <summary>The author's description; null when there is none.</summary>
    public string? Description { get; init; }
}

/// <summary>A module parameter that a web-service parameter sets.</summary>
public sealed record ParameterLink(string Node, string Parameter);
