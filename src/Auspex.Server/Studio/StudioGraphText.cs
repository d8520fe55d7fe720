using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;

namespace Auspex.Server.Studio;

/// <summary>Parts of graphs as Studio's clients write them.</summary>
internal static class StudioGraphText
{
    private static readonly string[] SecretWords = ["key", "password", "secret", "token", "credential", "signature"];

    /// <summary>The members of an input port that name a saved asset.</summary>
    public static readonly (string Member, StudioAssetKind Kind)[] AssetMembers =
    [
        ("DataSourceId", StudioAssetKind.Data),
        ("TrainedModelId", StudioAssetKind.Models),
        ("TransformModuleId", StudioAssetKind.Transforms),
    ];

    public static IEnumerable<JsonObject> Nodes(JsonObject graph) => (graph.ArrayMember("ModuleNodes") ?? []).OfType<JsonObject>();

    public static IEnumerable<JsonObject> Inputs(JsonObject node) => (node.ArrayMember("InputPortsInternal") ?? []).OfType<JsonObject>();

    /// <summary>All parameters of a node, those of chosen modes too.</summary>
    public static IEnumerable<JsonObject> Parameters(JsonObject node) =>
        (node.ArrayMember("ModuleParameters") ?? []).OfType<JsonObject>().SelectMany(Flatten);

    /// <summary>
    /// Whether a parameter holds a secret. Of a module that is not known here, and of a parameter that is not, the name decides, rather once too often.
    /// </summary>
    public static bool IsSecret(ModuleCatalog catalog, JsonObject node, string parameter)
    {
        var known = catalog.TryFind(Family(node.TextMember("ModuleId") ?? ""), out var module) ? ParameterText.Find(module.Descriptor, parameter) : null;
        return known is null
            ? SecretWords.Any(word => parameter.Contains(word, StringComparison.OrdinalIgnoreCase))
            : known.Kind == ParameterKind.Credential;
    }

    /// <summary>A port reference in its parts.</summary>
    public static (string Node, string Port) Split(string? reference)
    {
        var colon = reference?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        return colon < 0 ? (reference ?? "", "") : (reference![..colon], reference[(colon + 1)..]);
    }

    private static string Family(string moduleId) => moduleId.Split('.') is [_, var family, ..] ? family : moduleId;

    private static IEnumerable<JsonObject> Flatten(JsonObject parameter) =>
        (parameter.ArrayMember("ChildParameters") ?? []).OfType<JsonObject>().SelectMany(Flatten).Prepend(parameter);
}
