using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;

namespace Auspex.Experiments.Import;

/// <summary>Makes experiments of graphs as Studio and its clients export them: <c>Graph.ModuleNodes</c> and <c>EdgesInternal</c>.</summary>
public static class StudioGraphImport
{
    private static readonly (string Member, AssetKind Kind)[] AssetMembers =
    [
        ("DataSourceId", AssetKind.Dataset),
        ("TrainedModelId", AssetKind.TrainedModel),
        ("TransformModuleId", AssetKind.Transform),
    ];

    /// <summary>Whether JSON is such an experiment, or a graph alone.</summary>
    public static bool IsGraph(JsonNode? json) => json is JsonObject root && FindGraph(root) is not null;

    /// <summary>Reads an experiment.</summary>
    /// <param name="experiment">The experiment with its graph and web-service ends, or a graph alone.</param>
    /// <param name="name">The experiment's name; null takes the title in the file.</param>
    /// <param name="catalog">The modules that are known.</param>
    /// <param name="nameOfAsset">Names saved assets by their id, which is all that a graph has of them; null keeps the id.</param>
    /// <param name="unnamed">The name of one that bears none.</param>
    /// <exception cref="ExperimentImportException">It has no graph.</exception>
    public static ImportedExperiment Read(
        JsonObject experiment, string? name, ModuleCatalog catalog, Func<string, string?>? nameOfAsset = null, string unnamed = "imported")
    {
        ArgumentNullException.ThrowIfNull(experiment);
        var graph = FindGraph(experiment)
            ?? throw new ExperimentImportException("The file has no 'Graph.ModuleNodes'; expected an experiment as Studio exports it.");
        var draft = new ExperimentDraft(catalog);
        var linked = new Dictionary<string, List<(string Node, string Parameter)>>(StringComparer.Ordinal);
        var nodes = (graph.ArrayMember("ModuleNodes") ?? []).OfType<JsonObject>().ToList();
        foreach (var node in nodes)
        {
            AddNode(draft, node, linked);
        }

        foreach (var node in nodes)
        {
            ConnectAssets(draft, node, nameOfAsset);
        }

        foreach (var edge in (graph.ArrayMember("EdgesInternal") ?? []).OfType<JsonObject>())
        {
            var (source, sourcePort) = SplitPort(edge.TextMember("SourceOutputPortId"));
            var (target, targetPort) = SplitPort(edge.TextMember("DestinationInputPortId"));
            draft.Connect(source, sourcePort, target, targetPort);
        }

        AddService(draft, experiment.ObjectMember("WebService") ?? [], linked);
        return draft.Finish(name ?? NonEmpty(experiment.TextMember("Description")) ?? unnamed, experiment.TextMember("Summary"));
    }

    private static JsonObject? FindGraph(JsonObject root) =>
        (root.ObjectMember("Graph") ?? root.ObjectMember("ExperimentGraph") ?? root) is { } graph && graph.ArrayMember("ModuleNodes") is not null
            ? graph
            : null;

    private static void AddNode(ExperimentDraft draft, JsonObject node, Dictionary<string, List<(string, string)>> linked)
    {
        var id = node.TextMember("Id") ?? "";
        var parameters = (node.ArrayMember("ModuleParameters") ?? []).OfType<JsonObject>().SelectMany(Flatten).ToList();
        foreach (var parameter in parameters)
        {
            if (NonEmpty(parameter.TextMember("LinkedGlobalParameter")) is { } global)
            {
                if (!linked.TryGetValue(global, out var links))
                {
                    linked[global] = links = [];
                }

                links.Add((id, parameter.TextMember("Name") ?? ""));
            }
        }

        // Empty text is what the web client writes for a parameter that nobody touched.
        draft.AddModule(id, null, node.TextMember("ModuleId") ?? "", parameters
            .Where(parameter => NonEmpty(parameter.TextMember("Value")) is not null)
            .Select(parameter => (parameter.TextMember("Name") ?? "", parameter.TextMember("Value"), false)));
    }

    private static IEnumerable<JsonObject> Flatten(JsonObject parameter) =>
        (parameter.ArrayMember("ChildParameters") ?? []).OfType<JsonObject>().SelectMany(Flatten).Prepend(parameter);

    private static void ConnectAssets(ExperimentDraft draft, JsonObject node, Func<string, string?>? nameOfAsset)
    {
        foreach (var port in (node.ArrayMember("InputPortsInternal") ?? []).OfType<JsonObject>())
        {
            foreach (var (member, kind) in AssetMembers)
            {
                if (NonEmpty(port.TextMember(member)) is not { } asset)
                {
                    continue;
                }

                if (!draft.Has(asset))
                {
                    draft.AddAsset(asset, new ImportedResource(asset, new AssetReference(kind, nameOfAsset?.Invoke(asset) ?? asset), null, null));
                }

                draft.Connect(asset, null, port.TextMember("NodeId") is { Length: > 0 } owner && draft.Has(owner) ? owner : node.TextMember("Id") ?? "", port.TextMember("Name"));
            }
        }
    }

    private static void AddService(ExperimentDraft draft, JsonObject service, Dictionary<string, List<(string, string)>> linked)
    {
        foreach (var input in (service.ArrayMember("Inputs") ?? []).OfType<JsonObject>())
        {
            var (node, port) = SplitPort(input.TextMember("PortId"));
            var name = NonEmpty(input.TextMember("Name")) ?? "input1";
            var id = NonEmpty(input.TextMember("Id")) ?? name;
            if (!draft.Has(node) || draft.Has(id))
            {
                draft.Note($"Web-service input '{name}' was left out: its port '{input.TextMember("PortId")}' is not in the file.");
                continue;
            }

            // The port is that of the module it feeds; what fed it in the design becomes the sample.
            var design = draft.TakeInput(node, port);
            draft.AddServiceInput(id, name, design is null ? SampleText.Of(name, []) : null);
            if (design is not null)
            {
                draft.AddEdge(id, design with { Port = "Dataset" });
            }

            draft.Connect(id, null, node, port);
        }

        foreach (var output in (service.ArrayMember("Outputs") ?? []).OfType<JsonObject>())
        {
            var (node, port) = SplitPort(output.TextMember("PortId"));
            draft.AddServiceOutput(NonEmpty(output.TextMember("Name")) ?? "output1", node, port);
        }

        foreach (var parameter in (service.ArrayMember("Parameters") ?? []).OfType<JsonObject>())
        {
            var name = parameter.TextMember("Name") ?? "";
            var definition = parameter.ObjectMember("ParameterDefinition") ?? [];
            var value = definition.BooleanMember("HasDefaultValue") == false
                ? null
                : definition.TextMember("DefaultValue") ?? parameter.TextMember("Value");
            draft.AddParameter(
                name, definition.TextMember("ParameterType") ?? "", value, definition.TextMember("Description"), linked.GetValueOrDefault(name) ?? []);
        }
    }

    private static (string Node, string? Port) SplitPort(string? reference)
    {
        var colon = reference?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon < 0 ? (reference ?? "", null) : (reference![..colon], reference[(colon + 1)..]);
    }

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
