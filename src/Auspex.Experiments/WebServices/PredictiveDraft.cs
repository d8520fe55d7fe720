using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Execution;
using Auspex.Experiments.Models;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>
/// The predictive graph while it grows: asked for a port of the training graph, it adds what that port needs at scoring
/// and says which port of the new graph gives it. What nobody asks for is not there, which is the pruning.
/// </summary>
internal sealed class PredictiveDraft(
    ExperimentRunResult run, CompiledNode? trainer, ConversionOptions options, ModuleDescriptor applyTransformation)
{
    private readonly CompiledExperiment _training = run.Experiment;
    private readonly Dictionary<PortKey, PortKey> _moved = [];
    private readonly OrderedDictionary<string, ExperimentNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _onePort = new(StringComparer.Ordinal);
    private readonly List<ConvertedAsset> _assets = [];
    private readonly List<Diagnostic> _diagnostics = [];

    /// <summary>Saved assets so far.</summary>
    public IReadOnlyList<ConvertedAsset> Assets => _assets;

    /// <summary>What the author should know.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <summary>Nodes of the new graph, in the order of the training graph's file where they stem from it.</summary>
    public ImmutableArray<ExperimentNode> Nodes
    {
        get
        {
            var order = _training.Definition.Nodes.Select((node, index) => (node.Id, index))
                .ToDictionary(entry => entry.Id, entry => entry.index, StringComparer.Ordinal);
            return [.. _nodes.Values.OrderBy(node => order.GetValueOrDefault(node.Id, int.MaxValue))];
        }
    }

    /// <summary>The port of the new graph that took a training port's place; null when it has none.</summary>
    public PortKey? Find(PortKey port) => _moved.TryGetValue(port, out var moved) ? moved : null;

    /// <summary>Whether a node came over with its module and parameters.</summary>
    public bool HasUnchanged(string id) =>
        _nodes.TryGetValue(id, out var node) && node.Asset is null && node.Module == _training[id].Module?.Descriptor.Name;

    /// <summary>A reference to a port of the new graph.</summary>
    public (string Node, string? Port) Refer(PortKey port) => (port.Node, _onePort.Contains(port.Node) ? null : port.Port);

    /// <summary>The new graph's port for a training port; adds what it needs.</summary>
    public PortKey Bring(PortKey port)
    {
        if (_moved.TryGetValue(port, out var moved))
        {
            return moved;
        }

        var node = _training[port.Node];
        moved = BringAnew(node, node.Outputs.First(output => output.Name == port.Port));
        _moved[port] = moved;
        return moved;
    }

    /// <summary>Adds a node with all it needs, as it stands.</summary>
    public void Keep(CompiledNode node)
    {
        if (_nodes.ContainsKey(node.Id))
        {
            return;
        }

        var written = _training.Definition.Nodes.First(written => written.Id == node.Id);
        Add(
            written with
            {
                // The catalogue's spelling, since modules are found ignoring case and by family id.
                Module = node.Module?.Descriptor.Name ?? "",
                Inputs = [.. node.Inputs.Select(edge => Edge(edge.Port.Name, Bring(edge.Source)))],
                Parameters = written.Parameters.DeepClone().AsObject(),
            },
            node.Outputs.Length);
    }

    private PortKey BringAnew(CompiledNode node, ModulePort port)
    {
        if (node.Asset is null && port.Type != PortType.Dataset && run.Find(new PortKey(node.Id, port.Name)) is not LearnerValue)
        {
            return SaveAsset(node, port);
        }

        if (GraphRoles.IsTrainingOnly(node) && GraphRoles.FirstTableInput(node) is { } passed)
        {
            return Bring(passed.Source);
        }

        if (!options.KeepPreparation
            && GraphRoles.TransformPort(node) is { } transformPort
            && port == GraphRoles.FirstTableOutput(node)
            && GraphRoles.FirstTableInput(node) is { } input)
        {
            return Apply(node, transformPort, input);
        }

        Keep(node);
        return new PortKey(node.Id, port.Name);
    }

    private PortKey Apply(CompiledNode node, ModulePort transformPort, CompiledEdge input)
    {
        if (Value(node, transformPort) is TransformValue { Transform.KeepsRows: false } && !options.KeepRowRemoval)
        {
            _diagnostics.Add(new Diagnostic(
                ErrorCode.ConversionFailed,
                DiagnosticSeverity.Warning,
                $"Node '{node.Id}' ({node.DisplayName}) drops rows; it is left out, so that every row sent comes back. "
                    + "A row with a missing value gets the score its model gives for it, or none.",
                JsonPath: ExperimentPaths.Node(node.Id)));
            return Bring(input.Source);
        }

        var transform = Bring(new PortKey(node.Id, transformPort.Name));
        Add(
            new ExperimentNode
            {
                Id = node.Id,
                Module = applyTransformation.Name,
                Inputs =
                [
                    Edge(applyTransformation.Inputs.First(port => port.Type == PortType.ITransform).Name, transform),
                    Edge(applyTransformation.Inputs.First(port => port.Type == PortType.Dataset).Name, Bring(input.Source)),
                ],
                Parameters = new JsonObject(),
            },
            applyTransformation.Outputs.Length);
        return new PortKey(node.Id, applyTransformation.Outputs.First(port => port.Type == PortType.Dataset).Name);
    }

    private PortKey SaveAsset(CompiledNode node, ModulePort port)
    {
        var value = Value(node, port);
        var kind = ArtifactValues.KindOf(value)!.Value;
        var experiment = _training.Definition.Name;
        var isChosen = node.Id == trainer?.Id;
        var name = isChosen ? $"{experiment} [trained model]"
            : $"{experiment} [{node.Id} {(kind == AssetKind.Transform ? "transform" : "trained model")}]";
        var asset = new AssetReference(kind, name);
        _assets.Add(new ConvertedAsset(
            asset, value, node.Id, value is ModelValue ? ModelEvaluation.OriginOf(run, new PortKey(node.Id, port.Name)) : null));

        // A trainer's id is free, for its node goes; a fitting module's stays with the node that applies its transform.
        var id = GraphRoles.FirstTableOutput(node) is null ? node.Id : FreeId($"{node.Id} transform");
        Add(new ExperimentNode { Id = id, Module = "", Asset = asset, Parameters = new JsonObject() }, 1);
        return new PortKey(id, ExperimentCompiler.AssetPort(kind).Name);
    }

    private PortValue Value(CompiledNode node, ModulePort port) =>
        run.Find(new PortKey(node.Id, port.Name)) ?? throw new ConversionException(
            $"Node '{node.Id}' ({node.DisplayName}) has no result at port '{port.Name}'; run the experiment to its end "
                + "first.",
            ExperimentPaths.Node(node.Id));

    private void Add(ExperimentNode node, int ports)
    {
        _nodes.Add(node.Id, node);
        if (ports == 1)
        {
            _onePort.Add(node.Id);
        }
    }

    private ExperimentEdge Edge(string port, PortKey source)
    {
        var (node, sourcePort) = Refer(source);
        return new ExperimentEdge(port, node, sourcePort);
    }

    private string FreeId(string wish)
    {
        var id = wish;
        for (var number = 1; _nodes.ContainsKey(id) || _training.Find(id) is not null; number++)
        {
            id = FormattableString.Invariant($"{wish}{number}");
        }

        return id;
    }
}
