using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.Api.MachineLearning;

namespace Auspex.Server.Studio;

/// <summary>
/// A graph of Studio as the package of a New definition. What feeds a web-service input only in the design is left out, and so is what nothing needs
/// then; secrets are left out too.
/// </summary>
internal sealed class DefinitionGraph
{
    private readonly JsonObject _experiment;
    private readonly JsonObject _graph;
    private readonly JsonObject _service;
    private readonly ModuleCatalog _catalog;
    private readonly HashSet<string> _fed;
    private readonly HashSet<string> _kept;
    private readonly JsonObject _assets = [];
    private readonly JsonObject _nodes = [];
    private readonly JsonArray _edges = [];
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly List<(string Key, StudioAssetKind Kind, string Asset)> _saved = [];

    public DefinitionGraph(JsonObject experiment, ModuleCatalog catalog)
    {
        _experiment = experiment;
        _graph = experiment.ObjectMember("Graph") ?? [];
        _service = experiment.ObjectMember("WebService") ?? [];
        _catalog = catalog;
        _fed = [.. Ends("Inputs").Select(end => end.TextMember("PortId") ?? "")];
        _kept = FindKept();
    }

    /// <summary>Saved assets by their key in the definition; where they lie is for the caller to add.</summary>
    public IReadOnlyList<(string Key, StudioAssetKind Kind, string Asset)> SavedAssets => _saved;

    /// <summary>The resource.</summary>
    public JsonObject Write(ServiceSignature signature)
    {
        foreach (var node in StudioGraphText.Nodes(_graph).Where(node => _kept.Contains(Id(node))))
        {
            AddNode(node);
        }

        foreach (var edge in Edges().Where(edge => !_fed.Contains($"{edge.Target}:{edge.TargetPort}") && _kept.Contains(edge.Target)))
        {
            AddEdge(edge.Source, edge.SourcePort, edge.Target, edge.TargetPort);
        }

        AddEnds();
        return new JsonObject
        {
            ["name"] = _experiment.TextMember("Description") ?? "",
            ["type"] = "Microsoft.MachineLearning/webServices",
            ["location"] = "local",
            ["tags"] = new JsonObject(),
            ["properties"] = new JsonObject
            {
                ["packageType"] = "Graph",
                ["title"] = _experiment.TextMember("Description") ?? "",
                ["description"] = _experiment.TextMember("Summary") ?? "",
                ["readOnly"] = false,
                ["exposeSampleData"] = true,
                ["input"] = WebServiceResourceWriter.Tables(signature.Inputs),
                ["output"] = WebServiceResourceWriter.Tables(signature.Outputs.Where(port => port.Type == PortType.Dataset)),
                ["exampleRequest"] = Example(signature),
                ["assets"] = _assets,
                ["parameters"] = Defaults(),
                ["package"] = new JsonObject { ["nodes"] = _nodes, ["edges"] = _edges, ["graphParameters"] = GraphParameters() },
            },
        };
    }

    private void AddNode(JsonObject node)
    {
        var id = Id(node);
        var module = node.TextMember("ModuleId") ?? "";
        var name = module.Split('.') is [_, var family, ..] && _catalog.TryFind(family, out var known) ? known.Descriptor.Name : module;
        var key = Key("module", module, () => new JsonObject
        {
            ["name"] = name,
            ["id"] = module,
            ["type"] = "Module",
            ["locationInfo"] = new JsonObject { ["uri"] = $"aml://module/{module}" },
        });
        var parameters = new JsonObject();
        foreach (var parameter in StudioGraphText.Parameters(node))
        {
            if (parameter.TextMember("Name") is { Length: > 0 } label
                && parameter.TextMember("Value") is { Length: > 0 } value
                && !StudioGraphText.IsSecret(_catalog, node, label))
            {
                parameters[label] = new JsonObject { ["value"] = value };
            }
        }

        _nodes[id] = new JsonObject { ["assetId"] = key, ["parameters"] = parameters };
        foreach (var port in StudioGraphText.Inputs(node))
        {
            var label = port.TextMember("Name") ?? "";
            foreach (var (member, kind) in StudioGraphText.AssetMembers)
            {
                if (port.TextMember(member) is { Length: > 0 } asset && !_fed.Contains($"{id}:{label}"))
                {
                    AddEdge(AddAsset(kind, asset), "Results dataset", id, label);
                }
            }
        }
    }

    // Each saved asset is a node, as models and data sets are no nodes of Studio's own graph.
    private string AddAsset(StudioAssetKind kind, string asset)
    {
        var key = Key("asset", asset, () => new JsonObject
        {
            ["name"] = asset,
            ["id"] = asset,
            ["type"] = "Resource",
            ["outputPorts"] = new JsonObject
            {
                ["Results dataset"] = new JsonObject
                {
                    ["type"] = kind == StudioAssetKind.Models ? "ILearnerDotNet" : kind == StudioAssetKind.Transforms ? "ITransformDotNet" : "Dataset",
                },
            },
        });
        if (!_nodes.ContainsKey(key))
        {
            _nodes[key] = new JsonObject { ["assetId"] = key };
            _saved.Add((key, kind, asset));
        }

        return key;
    }

    private string Key(string prefix, string of, Func<JsonObject> asset)
    {
        if (!_keys.TryGetValue(of, out var key))
        {
            _keys[of] = key = FormattableString.Invariant($"{prefix}{_keys.Count + 1}");
            _assets[key] = asset();
        }

        return key;
    }

    private void AddEnds()
    {
        foreach (var (end, isInput) in Ends("Inputs").Select(end => (end, true)).Concat(Ends("Outputs").Select(end => (end, false))))
        {
            var (node, port) = StudioGraphText.Split(end.TextMember("PortId"));
            var name = end.TextMember("Name") is { Length: > 0 } given ? given : isInput ? "input1" : "output1";
            var id = end.TextMember("Id") is { Length: > 0 } own && !_nodes.ContainsKey(own) ? own : $"{(isInput ? "input" : "output")}-{name}";
            _nodes[id] = new JsonObject { [isInput ? "inputId" : "outputId"] = name };
            if (isInput)
            {
                AddEdge(id, null, node, port);
            }
            else
            {
                AddEdge(node, port, id, null);
            }
        }
    }

    private void AddEdge(string source, string? sourcePort, string target, string? targetPort)
    {
        var edge = new JsonObject { ["sourceNodeId"] = source };
        if (sourcePort is not null)
        {
            edge["sourcePortId"] = sourcePort;
        }

        edge["targetNodeId"] = target;
        if (targetPort is not null)
        {
            edge["targetPortId"] = targetPort;
        }

        _edges.Add((JsonNode)edge);
    }

    private JsonObject Defaults()
    {
        var defaults = new JsonObject();
        foreach (var parameter in Ends("Parameters"))
        {
            var definition = parameter.ObjectMember("ParameterDefinition") ?? [];
            var value = definition.BooleanMember("HasDefaultValue") == false
                ? null
                : definition.TextMember("DefaultValue") ?? parameter.TextMember("Value");
            defaults[parameter.TextMember("Name") ?? ""] = value is null ? null : new JsonObject { ["value"] = value };
        }

        return defaults;
    }

    private JsonObject GraphParameters()
    {
        var links = StudioGraphText.Nodes(_graph).Where(node => _kept.Contains(Id(node)))
            .SelectMany(node => StudioGraphText.Parameters(node).Select(parameter => (Node: Id(node), Parameter: parameter)))
            .ToLookup(link => link.Parameter.TextMember("LinkedGlobalParameter") ?? "", StringComparer.Ordinal);
        var parameters = new JsonObject();
        foreach (var parameter in Ends("Parameters"))
        {
            var (name, definition) = (parameter.TextMember("Name") ?? "", parameter.ObjectMember("ParameterDefinition") ?? []);
            parameters[name] = new JsonObject
            {
                ["description"] = definition.TextMember("Description") ?? "",
                ["type"] = definition.TextMember("ParameterType") is { Length: > 0 } type ? type : "String",
                ["links"] = new JsonArray([.. links[name].Select(link => (JsonNode)new JsonObject
                {
                    ["nodeId"] = link.Node,
                    ["parameterKey"] = link.Parameter.TextMember("Name") ?? "",
                })]),
            };
        }

        return parameters;
    }

    private static JsonObject Example(ServiceSignature signature) => new()
    {
        ["inputs"] = new JsonObject(signature.Inputs.Where(input => input.Sample is not null).Select(input => KeyValuePair.Create<string, JsonNode?>(
            input.Name, new JsonArray(new JsonArray([.. input.Sample!.Value.Select(cell => (JsonNode?)cell)]))))),
        ["globalParameters"] = new JsonObject(),
    };

    // What an output needs, and what writes somewhere, with all that feeds these.
    private HashSet<string> FindKept()
    {
        var edges = Edges().Where(edge => !_fed.Contains($"{edge.Target}:{edge.TargetPort}")).ToLookup(edge => edge.Target, edge => edge.Source, StringComparer.Ordinal);
        var writers = StudioGraphText.Nodes(_graph).Where(node => (node.ArrayMember("OutputPortsInternal") ?? []).Count == 0).Select(Id);
        var open = new Stack<string>(Ends("Outputs").Select(end => StudioGraphText.Split(end.TextMember("PortId")).Node).Concat(writers));
        var kept = new HashSet<string>(StringComparer.Ordinal);
        while (open.TryPop(out var node))
        {
            if (kept.Add(node))
            {
                foreach (var source in edges[node])
                {
                    open.Push(source);
                }
            }
        }

        return kept;
    }

    private IEnumerable<JsonObject> Ends(string member) => (_service.ArrayMember(member) ?? []).OfType<JsonObject>();

    private IEnumerable<(string Source, string SourcePort, string Target, string TargetPort)> Edges() =>
        (_graph.ArrayMember("EdgesInternal") ?? []).OfType<JsonObject>().Select(edge =>
        {
            var (source, sourcePort) = StudioGraphText.Split(edge.TextMember("SourceOutputPortId"));
            var (target, targetPort) = StudioGraphText.Split(edge.TextMember("DestinationInputPortId"));
            return (source, sourcePort, target, targetPort);
        });

    private static string Id(JsonObject node) => node.TextMember("Id") ?? "";
}
