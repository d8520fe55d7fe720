using System.Text.Json.Nodes;

namespace Auspex.Definitions.Loading;

/// <summary>
/// Writes an experiment as JSON that <see cref="ExperimentLoader"/> reads back to the same definition.
/// </summary>
public static class ExperimentWriter
{
    /// <summary>
    /// The experiment as JSON: known members from the definition, members that mean nothing to us from its source (the
    /// same node's, the same parameter's).
    /// </summary>
    public static JsonObject Write(ExperimentDefinition experiment)
    {
        var source = experiment.Source;
        var json = new JsonObject { ["name"] = experiment.Name };
        if (experiment.Description is { } description)
        {
            json["description"] = description;
        }

        if (experiment.Parameters.Length > 0)
        {
            var parameters = new JsonObject();
            foreach (var parameter in experiment.Parameters)
            {
                parameters[parameter.Name] = WriteParameter(parameter, source["parameters"]?[parameter.Name] as JsonObject);
            }

            json["parameters"] = parameters;
        }

        var nodes = new JsonObject();
        foreach (var node in experiment.Nodes)
        {
            nodes[node.Id] = WriteNode(node, source["nodes"]?[node.Id] as JsonObject);
        }

        json["nodes"] = nodes;
        AddPorts(json, "webServiceInputs", experiment.WebServiceInputs);
        AddPorts(json, "webServiceOutputs", experiment.WebServiceOutputs);
        KeepUnknown(json, source, ["name", "description", "parameters", "nodes", "webServiceInputs", "webServiceOutputs"]);
        return json;
    }

    /// <summary>
    /// The definition with its JSON written anew: for experiments that were made or changed in memory.
    /// </summary>
    public static ExperimentDefinition WithSource(ExperimentDefinition experiment) =>
        experiment with { Source = Write(experiment) };

    private static JsonObject WriteParameter(ExperimentParameter parameter, JsonObject? source)
    {
        var json = new JsonObject();
        if (parameter.Type.Length > 0)
        {
            json["type"] = parameter.Type;
        }

        if (parameter.HasDefault)
        {
            json["default"] = parameter.DefaultValue?.DeepClone();
        }

        var links = new JsonArray();
        foreach (var link in parameter.Links)
        {
            links.Add(JsonValue.Create($"{link.Node}.{link.Parameter}"));
        }

        json["links"] = links;
        if (parameter.Description is { } description)
        {
            json["description"] = description;
        }

        KeepUnknown(json, source, ["type", "default", "links", "description"]);
        return json;
    }

    private static JsonObject WriteNode(ExperimentNode node, JsonObject? source)
    {
        var json = new JsonObject();
        if (node.Asset is { } asset)
        {
            json[ExperimentNodeLoader.AssetMembers.Single(member => member.Kind == asset.Kind).Member] = asset.Name;
        }
        else
        {
            json["module"] = node.Module;
        }

        if (node.Inputs.Length > 0)
        {
            var inputs = new JsonObject();
            foreach (var edge in node.Inputs)
            {
                inputs[edge.Port] = Reference(edge.SourceNode, edge.SourcePort);
            }

            json["inputs"] = inputs;
        }

        if (node.Parameters.Count > 0)
        {
            json["parameters"] = node.Parameters.DeepClone();
        }

        KeepUnknown(json, source, ["module", "trainedModel", "transform", "dataset", "inputs", "parameters"]);
        return json;
    }

    private static void AddPorts(JsonObject json, string member, IReadOnlyCollection<ExperimentPort> ports)
    {
        if (ports.Count > 0)
        {
            var written = new JsonObject();
            foreach (var port in ports)
            {
                written[port.Name] = Reference(port.Node, port.Port);
            }

            json[member] = written;
        }
    }

    private static string Reference(string node, string? port) => port is null ? node : $"{node}.{port}";

    private static void KeepUnknown(JsonObject json, JsonObject? source, string[] known)
    {
        foreach (var (name, value) in source ?? [])
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                json[name] = value?.DeepClone();
            }
        }
    }
}
