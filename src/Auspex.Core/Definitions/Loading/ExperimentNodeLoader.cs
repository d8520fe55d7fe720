using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads one node of an experiment: a module with inputs and parameters, or a saved asset.</summary>
internal static class ExperimentNodeLoader
{
    public static readonly ImmutableArray<(string Member, AssetKind Kind)> AssetMembers =
    [
        ("trainedModel", AssetKind.TrainedModel),
        ("transform", AssetKind.Transform),
        ("dataset", AssetKind.Dataset),
    ];

    private static readonly string[] ModuleMembers = ["module", "inputs", "parameters"];

    public static ExperimentNode? Read(
        string id, IReadOnlyDictionary<string, JsonNode?> members, string path, ExperimentJsonReader reader)
    {
        var kinds = AssetMembers.Where(asset => members.ContainsKey(asset.Member)).ToList();
        if (kinds.Count + (members.ContainsKey("module") ? 1 : 0) != 1)
        {
            reader.Report(
                ErrorCode.ExperimentShape,
                $"Node '{id}' has {(kinds.Count == 0 ? "none" : "several")} of 'module', 'trainedModel', 'transform' "
                    + "and 'dataset'; "
                    + "expected exactly one.",
                path);
            return null;
        }

        if (kinds.Count == 1)
        {
            reader.ReportUnknown(members, [kinds[0].Member], path);
            return reader.Text(members, kinds[0].Member, path) is { Length: > 0 } asset
                ? new ExperimentNode
                {
                    Id = id,
                    Module = "",
                    Asset = new AssetReference(kinds[0].Kind, asset),
                    Parameters = [],
                }
                : Nameless(id, kinds[0].Member, path, reader);
        }

        reader.ReportUnknown(members, ModuleMembers, path);
        return reader.Text(members, "module", path) is { Length: > 0 } module
            ? new ExperimentNode
            {
                Id = id,
                Module = module,
                Inputs = ReadInputs(id, members, path, reader),
                Parameters = ReadParameters(members, path, reader),
            }
            : Nameless(id, "module", path, reader);
    }

    private static ExperimentNode? Nameless(string id, string member, string path, ExperimentJsonReader reader)
    {
        reader.Report(
            ErrorCode.ExperimentShape, $"Node '{id}' has an empty '{member}'; expected its name.", ExperimentPaths.Member(path, member));
        return null;
    }

    private static ImmutableArray<ExperimentEdge> ReadInputs(
        string id, IReadOnlyDictionary<string, JsonNode?> members, string path, ExperimentJsonReader reader)
    {
        if (reader.ObjectOf(members, "inputs", path) is not { } json
            || reader.MembersOf(json, ExperimentPaths.Member(path, "inputs")) is not { } inputs)
        {
            return [];
        }

        var edges = ImmutableArray.CreateBuilder<ExperimentEdge>(inputs.Count);
        foreach (var (port, value) in inputs)
        {
            if (value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
            {
                var (node, sourcePort) = ExperimentLoader.SplitReference(text.GetValue<string>());
                edges.Add(new ExperimentEdge(port, node, sourcePort));
            }
            else
            {
                reader.Report(
                    ErrorCode.ExperimentShape,
                    $"Input '{port}' of node '{id}' is {ExperimentJsonReader.KindOf(value)}; expected text: 'node' or "
                        + "'node.Port name'.",
                    ExperimentPaths.Input(id, port));
            }
        }

        return edges.DrainToImmutable();
    }

    private static JsonObject ReadParameters(
        IReadOnlyDictionary<string, JsonNode?> members, string path, ExperimentJsonReader reader)
    {
        var parameters = new JsonObject();
        if (reader.ObjectOf(members, "parameters", path) is { } json
            && reader.MembersOf(json, ExperimentPaths.Member(path, "parameters")) is { } values)
        {
            foreach (var (name, value) in values)
            {
                parameters[name] = value?.DeepClone();
            }
        }

        return parameters;
    }
}
