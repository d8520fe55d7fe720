using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;

namespace Auspex.Experiments.Import;

/// <summary>Makes experiments of New web-service definitions: both API versions, any casing.</summary>
public static class ServiceDefinitionImport
{
    /// <summary>Whether JSON is such a definition: an ARM resource whose properties hold a package.</summary>
    public static bool IsDefinition(JsonNode? json) =>
        (json as JsonObject)?.ObjectMember("properties")?.ObjectMember("package") is not null;

    /// <summary>Reads a definition.</summary>
    /// <param name="resource">The ARM resource.</param>
    /// <param name="name">The experiment's name; null takes the title or the resource's name.</param>
    /// <param name="catalog">The modules that are known.</param>
    /// <param name="unnamed">The name of one that bears none, or one that only its template could tell.</param>
    /// <exception cref="ExperimentImportException">It has no package that could be read.</exception>
    public static ImportedExperiment Read(JsonObject resource, string? name, ModuleCatalog catalog, string unnamed = "imported")
    {
        ArgumentNullException.ThrowIfNull(resource);
        var given = resource.ObjectMember("properties")
            ?? throw new ExperimentImportException("The definition has no 'properties'; expected an ARM resource of type Microsoft.MachineLearning/webServices.");
        var properties = ServiceDefinition.Normalize(given);
        if (properties["package"] is not JsonObject package || package["nodes"] is not JsonObject nodes)
        {
            throw new ExperimentImportException("The definition has no 'properties.package.nodes'; expected an object of graph nodes.");
        }

        var draft = new ExperimentDraft(catalog);
        var assets = properties["assets"] as JsonObject ?? [];
        var inputs = new Dictionary<string, string>(StringComparer.Ordinal);
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, value) in nodes)
        {
            var node = value as JsonObject ?? [];
            if (node.TextMember("inputId") is { Length: > 0 } input)
            {
                inputs[id] = input;
            }
            else if (node.TextMember("outputId") is { Length: > 0 } output)
            {
                outputs[id] = output;
            }
            else
            {
                AddNode(draft, id, node, assets);
            }
        }

        AddEdges(draft, package["edges"] as JsonArray ?? [], inputs, outputs, properties);
        foreach (var (parameter, value) in package["graphParameters"] as JsonObject ?? [])
        {
            var graph = value as JsonObject ?? [];
            draft.AddParameter(
                parameter,
                graph.TextMember("type") ?? "",
                ServiceDefinition.TextOf((properties["parameters"] as JsonObject)?[parameter]),
                graph.TextMember("description"),
                (graph["links"] as JsonArray ?? []).OfType<JsonObject>()
                    .Select(link => (link.TextMember("nodeId") ?? "", link.TextMember("parameterKey") ?? "")));
        }

        return draft.Finish(
            name ?? Literal(properties.TextMember("title")) ?? Literal(resource.TextMember("name")) ?? unnamed,
            properties.TextMember("description"));
    }

    private static void AddNode(ExperimentDraft draft, string id, JsonObject node, JsonObject assets)
    {
        var key = node.TextMember("assetId") ?? "";
        if (assets.ObjectMember(key) is not { } asset)
        {
            draft.Note($"Node '{id}' names asset '{key}', which is not in the definition; it was left out.");
            return;
        }

        var name = asset.TextMember("name") ?? key;
        var location = asset["locationInfo"] as JsonObject ?? [];
        var uri = location.TextMember("uri");
        if (string.Equals(asset.TextMember("type"), "Resource", StringComparison.OrdinalIgnoreCase))
        {
            draft.AddAsset(id, new ImportedResource(
                key, new AssetReference(KindOf(name, uri, asset), name), uri, NonEmpty(location.TextMember("credentials"))));
            return;
        }

        draft.AddModule(id, name, uri ?? asset.TextMember("id") ?? "", (node["parameters"] as JsonObject ?? [])
            .Select(parameter => (parameter.Key, ServiceDefinition.TextOf(parameter.Value), ServiceDefinition.IsEncrypted(parameter.Value))));
    }

    private static void AddEdges(
        ExperimentDraft draft,
        JsonArray edges,
        Dictionary<string, string> inputs,
        Dictionary<string, string> outputs,
        JsonObject properties)
    {
        var fed = new List<(string Input, string Node, string? Port)>();
        foreach (var edge in edges.OfType<JsonObject>())
        {
            var (source, target) = (edge.TextMember("sourceNodeId") ?? "", edge.TextMember("targetNodeId") ?? "");
            if (outputs.TryGetValue(target, out var output))
            {
                draft.AddServiceOutput(output, source, edge.TextMember("sourcePortId"));
            }
            else if (inputs.ContainsKey(source))
            {
                fed.Add((source, target, edge.TextMember("targetPortId")));
            }
            else
            {
                draft.Connect(source, edge.TextMember("sourcePortId"), target, edge.TextMember("targetPortId"));
            }
        }

        // At a call the caller's table takes the place of whatever else feeds the port; that is the sample of the design.
        foreach (var group in fed.GroupBy(edge => edge.Input))
        {
            var name = inputs[group.Key];
            var present = group.Where(edge => draft.Has(edge.Node)).ToList();
            var taken = present.ConvertAll(edge => draft.TakeInput(edge.Node, edge.Port));
            var design = taken.Find(edge => edge is not null);
            draft.AddServiceInput(group.Key, name, design is null ? SampleText.Of(name, properties) : null);
            if (design is not null)
            {
                draft.AddEdge(group.Key, design with { Port = "Dataset" });
            }

            foreach (var (_, node, port) in group)
            {
                draft.Connect(group.Key, null, node, port);
            }
        }

        foreach (var (id, name) in inputs.Where(input => fed.TrueForAll(edge => edge.Input != input.Key)))
        {
            draft.Note($"Web-service input '{name}' (node '{id}') feeds nothing and was left out.");
        }
    }

    private static AssetKind KindOf(string name, string? uri, JsonObject asset)
    {
        var path = uri?.Split('?')[0] ?? "";
        var port = (asset["outputPorts"] as JsonObject)?.FirstOrDefault().Value is JsonObject first ? first.TextMember("type") : null;
        return path.EndsWith(".itransform", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("[transform]", StringComparison.OrdinalIgnoreCase)
            || port?.StartsWith("ITransform", StringComparison.OrdinalIgnoreCase) == true
                ? AssetKind.Transform
                : path.EndsWith(".ilearner", StringComparison.OrdinalIgnoreCase)
                    || name.EndsWith("[trained model]", StringComparison.OrdinalIgnoreCase)
                    || port?.StartsWith("ILearner", StringComparison.OrdinalIgnoreCase) == true
                        ? AssetKind.TrainedModel
                        : AssetKind.Dataset;
    }

    // Of a resource without its template, an expression such as [variables('title')] is all there is.
    private static string? Literal(string? text) => text is ['[', not '[', .., ']'] ? null : NonEmpty(text);

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
