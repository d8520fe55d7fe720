using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Compilation;

/// <summary>Resolves references to ports and checks that connected ports carry the same kind of value.</summary>
internal sealed class EdgeResolver(
    ExperimentDefinition definition, IReadOnlyDictionary<string, CompiledNode> nodes, CompilationLog log)
{
    private readonly HashSet<string> _declared = definition.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);

    public ImmutableArray<CompiledEdge> Resolve(ExperimentNode node, CompiledNode draft)
    {
        if (draft.Module?.Descriptor is not { } descriptor)
        {
            foreach (var edge in node.Inputs)
            {
                log.Error(
                    ErrorCode.PortUnknown,
                    $"Node '{node.Id}' is a saved asset and has no input '{edge.Port}'; remove the connection.",
                    ExperimentPaths.Input(node.Id, edge.Port));
            }

            return [];
        }

        var meant = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var edge in node.Inputs)
        {
            if (descriptor.Inputs.All(port => port.Name != edge.Port))
            {
                // The port that was meant is not reported a second time as unconnected.
                meant.Add(NearestName.Find(edge.Port, descriptor.Inputs.Select(port => port.Name)));
                log.Error(
                    ErrorCode.PortUnknown,
                    $"Node '{node.Id}' ({descriptor.Name}) has no input port '{edge.Port}'; expected "
                        + $"{NamesOf(descriptor.Inputs)}."
                        + NearestName.Hint(edge.Port, descriptor.Inputs.Select(port => port.Name)),
                    ExperimentPaths.Input(node.Id, edge.Port));
            }
        }

        var edges = ImmutableArray.CreateBuilder<CompiledEdge>(descriptor.Inputs.Length);
        foreach (var port in descriptor.Inputs)
        {
            var given = node.Inputs.Where(edge => edge.Port == port.Name).ToList();
            if (given.Count == 0 && !port.IsOptional && !meant.Contains(port.Name))
            {
                log.Error(
                    ErrorCode.InputUnconnected,
                    $"Input port '{port.Name}' of node '{node.Id}' ({descriptor.Name}) is not connected; connect "
                        + $"{NameOf(port.Type)} to it.",
                    ExperimentPaths.Input(node.Id, port.Name));
            }
            else if (given.Count > 1)
            {
                log.Error(
                    ErrorCode.ExperimentDuplicate,
                    $"Input port '{port.Name}' of node '{node.Id}' has {given.Count} connections; expected one.",
                    ExperimentPaths.Input(node.Id, port.Name));
            }
            else if (given.Count == 1 && ResolveEdge(node, port, given[0]) is { } edge)
            {
                edges.Add(edge);
            }
        }

        return edges.DrainToImmutable();
    }

    /// <summary>The output port that a reference means; null after a diagnostic.</summary>
    public (PortKey Key, ModulePort Port)? FindOutput(string nodeId, string? portName, string path)
    {
        if (!nodes.TryGetValue(nodeId, out var node))
        {
            // A node with an unknown module was reported already; one error is enough.
            if (!_declared.Contains(nodeId))
            {
                log.Error(
                    ErrorCode.ExperimentReference,
                    $"There is no node '{nodeId}'.{NearestName.Hint(nodeId, _declared)}",
                    path);
            }

            return null;
        }

        if (portName is null && node.Outputs.Length == 1)
        {
            return (new PortKey(nodeId, node.Outputs[0].Name), node.Outputs[0]);
        }

        foreach (var port in node.Outputs)
        {
            if (port.Name == portName)
            {
                return (new PortKey(nodeId, port.Name), port);
            }
        }

        if (portName is not null && node.Asset is not null)
        {
            // The one port of a saved asset has had several names in graphs; any of them means it.
            return (new PortKey(nodeId, node.Outputs[0].Name), node.Outputs[0]);
        }

        log.Error(
            ErrorCode.PortUnknown,
            node.Outputs.Length == 0 ? $"Node '{nodeId}' ({node.DisplayName}) has no output ports; nothing can be taken from it."
                : portName is null ? $"Node '{nodeId}' ({node.DisplayName}) has several output ports; write '{nodeId}.PORT' with one of {NamesOf(node.Outputs)}."
                : $"Node '{nodeId}' ({node.DisplayName}) has no output port '{portName}'; expected {NamesOf(node.Outputs)}."
                    + NearestName.Hint(portName, node.Outputs.Select(port => port.Name)),
            path);
        return null;
    }

    public static string NameOf(PortType type) => type switch
    {
        PortType.Dataset => "a dataset",
        PortType.ILearner => "a model",
        PortType.IFilter => "a filter",
        PortType.Zip => "a zip archive",
        PortType.ICluster => "a clustering model",
        _ => "a transform",
    };

    private CompiledEdge? ResolveEdge(ExperimentNode node, ModulePort port, ExperimentEdge edge)
    {
        var path = ExperimentPaths.Input(node.Id, port.Name);
        if (FindOutput(edge.SourceNode, edge.SourcePort, path) is not var (source, sourcePort))
        {
            return null;
        }

        // A saved model may be one of clusters, and an uploaded archive is a dataset among the assets; what they are shows when they are read.
        var isSaved = nodes[edge.SourceNode].Asset is not null;
        var isSavedCluster = isSaved && port.Type == PortType.ICluster && sourcePort.Type == PortType.ILearner;
        var isSavedArchive = isSaved && port.Type == PortType.Zip && sourcePort.Type == PortType.Dataset;
        if (sourcePort.Type != port.Type && !isSavedCluster && !isSavedArchive && !WebServiceModules.IsOutput(nodes[node.Id]))
        {
            log.Error(
                ErrorCode.PortTypeMismatch,
                $"Input port '{port.Name}' of node '{node.Id}' takes {NameOf(port.Type)}; '{source}' gives "
                    + $"{NameOf(sourcePort.Type)}.",
                path);
            return null;
        }

        if (port.Name == "Trained model" && sourcePort.Name == "Untrained model")
        {
            log.Error(
                ErrorCode.PortTypeMismatch,
                $"Input port '{port.Name}' of node '{node.Id}' takes a trained model; '{source}' gives an untrained "
                    + "one (Studio's error 0012). "
                    + "Put a Train Model node between them.",
                path);
            return null;
        }

        return new CompiledEdge(port, source);
    }

    private static string NamesOf(ImmutableArray<ModulePort> ports) =>
        ports.Length == 0 ? "none" : string.Join(" or ", ports.Select(port => $"'{port.Name}'"));
}
