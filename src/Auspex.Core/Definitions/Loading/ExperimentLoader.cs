using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>
/// Reads an experiment's JSON. References are <c>node</c> or <c>node.Port name</c>, parted at the first dot: port and
/// parameter names may hold dots, node ids may not. Which modules, ports and parameters exist is the compiler's business.
/// </summary>
public static class ExperimentLoader
{
    private static readonly string[] Members =
        ["name", "description", "parameters", "nodes", "webServiceInputs", "webServiceOutputs"];

    /// <summary>Reads an experiment.</summary>
    /// <param name="json">The file's JSON; kept as the definition's source.</param>
    /// <param name="file">The file, for diagnostics and for the name when the JSON has none.</param>
    /// <param name="diagnostics">Takes everything that is wrong.</param>
    /// <returns>Null when name or nodes cannot be read at all; else what could be read, errors left out.</returns>
    public static ExperimentDefinition? Load(JsonObject json, string? file, ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var reader = new ExperimentJsonReader(file, diagnostics);
        if (reader.MembersOf(json, "$") is not { } members)
        {
            return null;
        }

        reader.ReportUnknown(members, Members, "$");
        var name = reader.Text(members, "name", "$") ?? (file is null ? null : Path.GetFileNameWithoutExtension(file));
        if (string.IsNullOrWhiteSpace(name))
        {
            reader.Report(ErrorCode.ExperimentShape, "The experiment has no name; add a member 'name' with text.", "$");
            return null;
        }

        if (!members.TryGetValue("nodes", out var nodesJson) || nodesJson is not JsonObject nodesObject)
        {
            reader.Report(
                ErrorCode.ExperimentShape,
                $"The experiment has {ExperimentJsonReader.KindOf(nodesJson)} as 'nodes'; expected an object with a "
                    + "member per node.",
                "$.nodes");
            return null;
        }

        if (reader.MembersOf(nodesObject, "$.nodes") is not { } nodeMembers)
        {
            return null;
        }

        var nodes = ReadNodes(nodeMembers, reader);
        var ids = nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            foreach (var edge in node.Inputs)
            {
                reader.CheckNode(edge.SourceNode, ids, ExperimentPaths.Input(node.Id, edge.Port));
            }
        }

        return new ExperimentDefinition
        {
            Name = name,
            Description = reader.Text(members, "description", "$"),
            Parameters = ExperimentParameterLoader.Read(members, ids, reader),
            Nodes = nodes,
            WebServiceInputs = ReadPorts(members, "webServiceInputs", ids, reader),
            WebServiceOutputs = ReadPorts(members, "webServiceOutputs", ids, reader),
            Source = json,
        };
    }

    /// <summary>Parts <c>node.Port name</c> at the first dot; the port is null when there is no dot.</summary>
    public static (string Node, string? Port) SplitReference(string reference)
    {
        var dot = reference.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (reference, null) : (reference[..dot], reference[(dot + 1)..]);
    }

    private static ImmutableArray<ExperimentNode> ReadNodes(
        IReadOnlyDictionary<string, JsonNode?> members, ExperimentJsonReader reader)
    {
        var nodes = ImmutableArray.CreateBuilder<ExperimentNode>(members.Count);
        foreach (var (id, value) in members)
        {
            var path = ExperimentPaths.Node(id);
            if (string.IsNullOrWhiteSpace(id) || id.Contains('.', StringComparison.Ordinal))
            {
                reader.Report(
                    ErrorCode.ExperimentNodeId,
                    $"The node id '{id}' is empty or holds a dot; expected a name without dots, since references are "
                        + "'node.port'.",
                    path);
                continue;
            }

            if (value is not JsonObject body)
            {
                reader.Report(
                    ErrorCode.ExperimentShape,
                    $"Node '{id}' is {ExperimentJsonReader.KindOf(value)}; expected an object with 'module' or a saved "
                        + "asset.",
                    path);
            }
            else if (reader.MembersOf(body, path) is { } nodeMembers
                && ExperimentNodeLoader.Read(id, nodeMembers, path, reader) is { } node)
            {
                nodes.Add(node);
            }
        }

        return nodes.DrainToImmutable();
    }

    private static ImmutableArray<ExperimentPort> ReadPorts(
        IReadOnlyDictionary<string, JsonNode?> members, string member, HashSet<string> ids, ExperimentJsonReader reader)
    {
        var path = $"$.{member}";
        if (reader.ObjectOf(members, member, "$") is not { } json || reader.MembersOf(json, path) is not { } entries)
        {
            return [];
        }

        var ports = ImmutableArray.CreateBuilder<ExperimentPort>(entries.Count);
        foreach (var (name, value) in entries)
        {
            var portPath = ExperimentPaths.Member(path, name);
            if (string.IsNullOrWhiteSpace(name))
            {
                reader.Report(ErrorCode.ExperimentShape, $"A member of '{member}' has an empty name; expected one like 'input1'.", portPath);
            }
            else if (value is not JsonValue text || text.GetValueKind() != JsonValueKind.String)
            {
                reader.Report(
                    ErrorCode.ExperimentShape,
                    $"'{name}' of '{member}' is {ExperimentJsonReader.KindOf(value)}; expected text: 'node' or "
                        + "'node.Port name'.",
                    portPath);
            }
            else
            {
                var (node, port) = SplitReference(text.GetValue<string>());
                if (reader.CheckNode(node, ids, portPath))
                {
                    ports.Add(new ExperimentPort(name, node, port));
                }
            }
        }

        return ports.DrainToImmutable();
    }
}
