using System.Text.Json.Nodes;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>Keeps the values of credentials inside an experiment's JSON from lying readable in a store.</summary>
/// <param name="catalog">Says which module parameters are credentials.</param>
/// <param name="protect">Encrypts a text.</param>
/// <param name="unprotect">Takes back what <paramref name="protect"/> gave.</param>
public sealed class PackageSecrets(ModuleCatalog catalog, Func<string, string> protect, Func<string, string> unprotect)
{
    private const string Mark = "$protected";

    /// <summary>Replaces the credentials in an experiment's JSON.</summary>
    internal void Hide(JsonObject experiment) => Visit(
        experiment,
        value => ParameterText.Of(value) is { Length: > 0 } text ? new JsonObject { [Mark] = protect(text) } : value?.DeepClone());

    /// <summary>Puts the credentials back.</summary>
    internal void Reveal(JsonObject experiment) => Visit(
        experiment,
        value => value is JsonObject marked && marked[Mark] is JsonValue hidden
            ? JsonValue.Create(unprotect(hidden.GetValue<string>()))
            : value?.DeepClone());

    private void Visit(JsonObject experiment, Func<JsonNode?, JsonNode?> change)
    {
        var nodes = experiment["nodes"] as JsonObject ?? [];
        foreach (var (_, node) in nodes)
        {
            if (node is JsonObject body && body["parameters"] is JsonObject parameters && DescriptorOf(body) is { } descriptor)
            {
                foreach (var name in parameters.Select(parameter => parameter.Key).ToList())
                {
                    if (IsCredential(descriptor, name))
                    {
                        parameters[name] = change(parameters[name]);
                    }
                }
            }
        }

        foreach (var (_, parameter) in experiment["parameters"] as JsonObject ?? [])
        {
            if (parameter is JsonObject body && body.ContainsKey("default") && IsCredential(body, nodes))
            {
                body["default"] = change(body["default"]);
            }
        }
    }

    private bool IsCredential(JsonObject parameter, JsonObject nodes)
    {
        if (ParameterText.Of(parameter["type"]) == "Credential")
        {
            return true;
        }

        foreach (var link in parameter["links"] as JsonArray ?? [])
        {
            var (node, name) = Definitions.Loading.ExperimentLoader.SplitReference(ParameterText.Of(link) ?? "");
            if (name is not null && nodes[node] is JsonObject body && DescriptorOf(body) is { } descriptor && IsCredential(descriptor, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsCredential(ModuleDescriptor descriptor, string name) =>
        ParameterText.Find(descriptor, name)?.Kind == ParameterKind.Credential;

    private ModuleDescriptor? DescriptorOf(JsonObject node) =>
        ParameterText.Of(node["module"]) is { } name && catalog.TryFind(name, out var module) ? module.Descriptor : null;
}
