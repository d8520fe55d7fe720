using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Deprecated;

namespace Auspex.Experiments.Import;

/// <summary>Collects nodes and edges of a foreign graph and makes an experiment of them.</summary>
internal sealed class ExperimentDraft(ModuleCatalog catalog)
{
    private readonly OrderedDictionary<string, DraftNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<ExperimentPort> _outputs = [];
    private readonly List<ExperimentParameter> _parameters = [];
    private readonly List<UnknownModule> _unknown = [];
    private readonly OrderedDictionary<string, ImportedResource> _resources = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    public void Note(string text) => _notes.Add(text);

    public bool Has(string foreignId) => _nodes.ContainsKey(foreignId);

    public bool HasInput(string foreignId, string port) =>
        _nodes.TryGetValue(foreignId, out var node) && node.Inputs.Any(edge => edge.Port == InputName(node, port));

    /// <summary>Adds a module; what is unknown of it is noted, and the node is kept.</summary>
    public void AddModule(string foreignId, string? name, string moduleId, IEnumerable<(string Name, string? Value, bool IsEncrypted)> parameters)
    {
        var family = StudioModules.FamilyOf(moduleId);
        var known = catalog.TryFind(family, out var module)
            || (name is not null && (catalog.TryFind(name, out module) || catalog.TryFind(name + DeprecatedModule.Suffix, out module)));
        var label = known ? module!.Descriptor.Name : name ?? StudioModules.FindName(family) ?? moduleId;
        if (!known)
        {
            _unknown.Add(new UnknownModule(foreignId, label, family));
        }

        var node = new DraftNode(MakeId(foreignId), label, null, known ? module!.Descriptor : null);
        foreach (var (parameter, value, isEncrypted) in parameters)
        {
            if (isEncrypted)
            {
                Note($"Parameter '{parameter}' of node '{foreignId}' is encrypted for a certificate and was left out; set it anew.");
            }
            else if (known && module is not DeprecatedModule && ParameterText.Find(module!.Descriptor, parameter) is null)
            {
                Note($"Parameter '{parameter}' of node '{foreignId}' ({label}) is unknown here and was left out.");
            }
            else if (value is not null && node.Parameters.MemberName(parameter) is null)
            {
                node.Parameters[parameter] = value;
            }
        }

        _nodes[foreignId] = node;
    }

    /// <summary>Adds a node for a saved asset, one for each key.</summary>
    public void AddAsset(string foreignId, ImportedResource resource)
    {
        _resources.TryAdd(resource.Key, resource);
        _nodes[foreignId] = new DraftNode(MakeId(foreignId), "", resource.Asset, null);
    }

    /// <summary>Adds a web-service input as a node that whatever it feeds takes its table from.</summary>
    /// <param name="foreignId">Its id in the file.</param>
    /// <param name="name">The input's name.</param>
    /// <param name="sample">A table in CSV that stands in for a caller's; null when another node feeds it.</param>
    public void AddServiceInput(string foreignId, string name, string? sample)
    {
        var node = new DraftNode(MakeId(foreignId), "Web Service Input", null, Find("Web Service Input"));
        node.Parameters["Name"] = name;
        _nodes[foreignId] = node;
        if (sample is not null)
        {
            var table = new DraftNode(MakeId(node.Id + "-sample"), "Enter Data Manually", null, Find("Enter Data Manually"));
            table.Parameters["Data"] = sample;
            _nodes[table.Id] = table;
            node.Inputs.Add(new ExperimentEdge("Dataset", table.Id, null));
        }
    }

    /// <summary>Connects two nodes. False when one is not there.</summary>
    public bool Connect(string source, string? sourcePort, string target, string? targetPort)
    {
        if (!_nodes.TryGetValue(source, out var from) || !_nodes.TryGetValue(target, out var to))
        {
            Note($"The connection from '{source}' to '{target}' was left out: one of the nodes is not in the file.");
            return false;
        }

        to.Inputs.Add(new ExperimentEdge(InputName(to, targetPort), from.Id, OutputName(from, sourcePort)));
        return true;
    }

    /// <summary>Takes the edge that feeds a port away; null when there is none.</summary>
    public ExperimentEdge? TakeInput(string foreignId, string? port)
    {
        var node = _nodes[foreignId];
        var name = InputName(node, port);
        var edge = node.Inputs.Find(edge => edge.Port == name);
        node.Inputs.RemoveAll(other => other.Port == name);
        return edge;
    }

    public void AddEdge(string foreignId, ExperimentEdge edge) => _nodes[foreignId].Inputs.Add(edge);

    public void AddServiceOutput(string name, string source, string? port)
    {
        if (!_nodes.TryGetValue(source, out var node))
        {
            Note($"Web-service output '{name}' was left out: node '{source}' is not in the file.");
        }
        else if (_outputs.Exists(output => output.Name == name))
        {
            Note($"A second web-service output '{name}' was left out.");
        }
        else
        {
            _outputs.Add(new ExperimentPort(name, node.Id, OutputName(node, port)));
        }
    }

    public void AddParameter(
        string name, string type, string? value, string? description, IEnumerable<(string Node, string Parameter)> links)
    {
        var found = ImmutableArray.CreateBuilder<ParameterLink>();
        foreach (var (foreign, parameter) in links)
        {
            if (_nodes.TryGetValue(foreign, out var node) && (node.Descriptor is null || node.Descriptor.Category == "Deprecated" || ParameterText.Find(node.Descriptor, parameter) is not null))
            {
                found.Add(new ParameterLink(node.Id, parameter));
            }
            else
            {
                Note($"Web-service parameter '{name}' does not set '{parameter}' of node '{foreign}', which is not there.");
            }
        }

        if (found.Count == 0)
        {
            Note($"Web-service parameter '{name}' sets nothing that is here and was left out.");
        }
        else if (_parameters.TrueForAll(known => known.Name != name))
        {
            _parameters.Add(new ExperimentParameter(name, type, value is not null, value, found.ToImmutable())
            {
                Description = string.IsNullOrEmpty(description) ? null : description,
            });
        }
    }

    public ImportedExperiment Finish(string name, string? description)
    {
        var experiment = DeprecatedModules.Replace(Build(name, description), catalog, (_, sentence) => Note(sentence));
        return new(ExperimentWriter.WithSource(experiment), [.. _unknown], [.. _resources.Values], [.. _notes]);
    }

    private ExperimentDefinition Build(string name, string? description) => new()
    {
        Name = name,
        Description = string.IsNullOrWhiteSpace(description) ? null : description,
        Parameters = [.. _parameters],
        Nodes =
        [
            .. _nodes.Values.Select(node => new ExperimentNode
            {
                Id = node.Id,
                Module = node.Module,
                Asset = node.Asset,
                Inputs = [.. node.Inputs.DistinctBy(edge => edge.Port)],
                Parameters = node.Parameters,
            }),
        ],
        WebServiceOutputs = [.. _outputs],
        Source = [],
    };

    private ModuleDescriptor? Find(string name) => catalog.TryFind(name, out var module) ? module.Descriptor : null;

    private static string InputName(DraftNode node, string? port) => Match(node.Descriptor?.Inputs, port) ?? port ?? "Dataset";

    private static string? OutputName(DraftNode node, string? port) =>
        node.Asset is not null || node.Descriptor is { Outputs.Length: 1 } ? null : Match(node.Descriptor?.Outputs, port) ?? port;

    // Files were made by several releases of Studio, which did not spell every port alike.
    private static string? Match(ImmutableArray<ModulePort>? ports, string? name) => ports switch
    {
        null => null,
        [var only] => only.Name,
        { } several => several.FirstOrDefault(port => port.Name == name)?.Name
            ?? several.FirstOrDefault(port => port.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Name
            ?? OnlyOne(several, name, port => string.Join(' ', Words(port).Select(word => word.TrimEnd('s'))))
            ?? OnlyOne(several, name, port => Words(port).LastOrDefault()),
    };

    // Execute Python Script's ports, for one, were those of Execute R Script: 'Result Dataset' and 'R Device'.
    private static string? OnlyOne(ImmutableArray<ModulePort> ports, string? name, Func<string, string?> spelling)
    {
        var wanted = name is null ? null : spelling(name);
        return string.IsNullOrEmpty(wanted) ? null
            : ports.Where(port => spelling(port.Name) == wanted).ToList() is [var only] ? only.Name : null;
    }

    private static string[] Words(string name) => name.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private string MakeId(string foreignId)
    {
        var text = new StringBuilder(foreignId.Length);
        foreach (var character in foreignId)
        {
            text.Append(character == '.' || char.IsControl(character) ? '-' : character);
        }

        var id = string.IsNullOrWhiteSpace(foreignId) ? "node" : text.ToString();
        var unique = id;
        for (var i = 2; !_ids.Add(unique); i++)
        {
            unique = FormattableString.Invariant($"{id}-{i}");
        }

        return unique;
    }

    private sealed record DraftNode(string Id, string Module, AssetReference? Asset, ModuleDescriptor? Descriptor)
    {
        public List<ExperimentEdge> Inputs { get; } = [];

        public JsonObject Parameters { get; } = [];
    }
}
