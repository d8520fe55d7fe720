using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Modules;
using Auspex.Experiments.Modules.Deprecated;

namespace Auspex.Experiments.Compilation;

/// <summary>Puts successors in the place of modules that Studio had deprecated, as far as they do the same.</summary>
internal static class DeprecatedModules
{
    private static readonly Dictionary<string, Successor> Successors = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Apply Quantization Function"] = new("Apply Transformation")
        {
            Inputs = { ["Binning function"] = "Transformation" },
            Outputs = { ["Quantized dataset"] = "Transformed dataset" },
        },
        ["Assign to Clusters"] = new("Assign Data to Clusters") { Outputs = { ["Results dataset"] = "Results dataset" } },
        ["Build Count Table"] = new("Export Count Table")
        {
            Before = ["Build Counting Transform"],
            Inputs = { ["Input data"] = "Dataset" },
            Outputs = { ["Count metadata"] = "Count metadata", ["Count table"] = "Count table" },
            Needed = "Input data",
        },
        ["Count Featurizer"] = new("Apply Transformation")
        {
            Before = ["Import Count Table", "Modify Count Table Parameters"],
            Inputs = { ["Input dataset"] = "Dataset" },
            Outputs = { ["Featured data"] = "Transformed dataset" },
        },
        ["Linear Discriminant Analysis"] = new("Fisher Linear Discriminant Analysis")
        {
            Outputs = { ["Transformed features"] = "Transformed features" },
        },
        ["Missing Values Scrubber"] = new("Clean Missing Data")
        {
            Outputs = { ["Results dataset"] = "Cleaned dataset" },
            Parameters = { ["For missing values"] = "Cleaning mode", ["Replace with value"] = "Replacement value" },
        },
        ["Quantize"] = new("Group Data into Bins")
        {
            Outputs = { ["Quantized dataset"] = "Quantized dataset", ["Binning function"] = "Binning transformation" },
        },
    };

    /// <summary>The same experiment with successors in place; the same instance where nothing is deprecated.</summary>
    /// <param name="definition">The experiment.</param>
    /// <param name="catalog">Where the successors are.</param>
    /// <param name="warn">Takes the id of a node and a sentence about it.</param>
    public static ExperimentDefinition Replace(ExperimentDefinition definition, ModuleCatalog catalog, Action<string, string> warn)
    {
        var replaced = new Dictionary<string, Successor>(StringComparer.Ordinal);
        foreach (var node in definition.Nodes)
        {
            if (node.Asset is null && FindSuccessor(node.Module) is { } successor && catalog.TryFind(successor.Module, out _))
            {
                if (WhyNot(definition, node, successor) is { } reason)
                {
                    warn(node.Id, $"Node '{node.Id}' uses the deprecated module '{node.Module}', which cannot be replaced by {successor.Names}: {reason}");
                }
                else
                {
                    replaced.TryAdd(node.Id, successor);
                    warn(node.Id, $"Node '{node.Id}' uses the deprecated module '{node.Module}'; {successor.Names} runs in its place.");
                }
            }
        }

        return replaced.Count == 0 ? definition : new Rewriting(definition, catalog, replaced, warn).Run();
    }

    private static Successor? FindSuccessor(string module) => Successors.GetValueOrDefault(
        module.EndsWith(DeprecatedModule.Suffix, StringComparison.OrdinalIgnoreCase) ? module[..^DeprecatedModule.Suffix.Length] : module);

    private static string? WhyNot(ExperimentDefinition definition, ExperimentNode node, Successor successor)
    {
        if (successor.Needed is { } needed && node.Inputs.All(edge => edge.Port != needed))
        {
            return $"nothing is connected to '{needed}', and counting from storage is not done here.";
        }

        var taken = definition.Nodes.SelectMany(other => other.Inputs).Where(edge => edge.SourceNode == node.Id).Select(edge => edge.SourcePort)
            .Concat(definition.WebServiceOutputs.Concat(definition.WebServiceInputs).Where(port => port.Node == node.Id).Select(port => port.Port));
        return taken.FirstOrDefault(port => port is not null && !successor.Outputs.ContainsKey(port)) is { } lost
            ? $"'{lost}' is used, which they do not give."
            : null;
    }

    private sealed record Successor(string Module)
    {
        /// <summary>Modules that come first; each takes what it can of the node's inputs, and gives its transform to the next.</summary>
        public ImmutableArray<string> Before { get; init; } = [];

        public Dictionary<string, string> Inputs { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Outputs { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Parameters { get; } = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>An input port that the successors cannot do without.</summary>
        public string? Needed { get; init; }

        public string Names => string.Join(", ", Before.Append(Module).Select(name => $"'{name}'"));
    }

    private sealed class Rewriting(
        ExperimentDefinition definition, ModuleCatalog catalog, Dictionary<string, Successor> replaced, Action<string, string> warn)
    {
        private readonly HashSet<string> _ids = definition.Nodes.Select(node => node.Id).ToHashSet(StringComparer.Ordinal);
        private readonly Dictionary<(string Node, string Parameter), ParameterLink> _moved = [];

        public ExperimentDefinition Run()
        {
            var nodes = ImmutableArray.CreateBuilder<ExperimentNode>();
            foreach (var node in definition.Nodes)
            {
                ExperimentNode redirected = node with { Inputs = [.. node.Inputs.Select(Redirect)] };
                if (replaced.TryGetValue(node.Id, out var successor))
                {
                    nodes.AddRange(Replace(redirected, successor));
                }
                else
                {
                    nodes.Add(redirected);
                }
            }

            return definition with
            {
                Nodes = nodes.ToImmutable(),
                WebServiceInputs = [.. definition.WebServiceInputs.Select(Redirect)],
                WebServiceOutputs = [.. definition.WebServiceOutputs.Select(Redirect)],
                Parameters = [.. definition.Parameters.Select(parameter => parameter with
                {
                    Links = [.. parameter.Links.Select(link => _moved.GetValueOrDefault((link.Node, link.Parameter), link))],
                })],
            };
        }

        private ExperimentEdge Redirect(ExperimentEdge edge) => edge with { SourcePort = PortOf(edge.SourceNode, edge.SourcePort) };

        private ExperimentPort Redirect(ExperimentPort port) => port with { Port = PortOf(port.Node, port.Port) };

        private string? PortOf(string node, string? port) => replaced.TryGetValue(node, out var successor)
            ? port is null ? successor.Outputs.Values.First() : successor.Outputs[port]
            : port;

        private List<ExperimentNode> Replace(ExperimentNode node, Successor successor)
        {
            ImmutableArray<string> modules = [.. successor.Before, successor.Module];
            var (chain, left) = (new List<ExperimentNode>(), node.Inputs.ToList());
            var parameters = node.Parameters.ToList();
            for (var i = 0; i < modules.Length; i++)
            {
                catalog.TryFind(modules[i], out var module);
                var descriptor = module!.Descriptor;
                var inputs = left.Select(edge => (Edge: edge, Port: successor.Inputs.GetValueOrDefault(edge.Port, edge.Port)))
                    .Where(input => descriptor.Inputs.Any(port => port.Name == input.Port)).ToList();
                left.RemoveAll(edge => inputs.Exists(input => input.Edge == edge));
                var edges = inputs.ConvertAll(input => input.Edge with { Port = input.Port });
                if (i > 0)
                {
                    edges.Add(new ExperimentEdge(
                        descriptor.Inputs.First(port => port.Type == PortType.ITransform).Name, chain[^1].Id, null));
                }

                var id = i == modules.Length - 1 ? node.Id : FreeId($"{node.Id} {modules[i]}");
                chain.Add(new ExperimentNode
                {
                    Id = id,
                    Module = descriptor.Name,
                    Inputs = [.. edges],
                    Parameters = Take(parameters, node, id, descriptor, successor),
                });
            }

            foreach (var (name, _) in parameters)
            {
                warn(node.Id, $"Parameter '{name}' of node '{node.Id}' has no counterpart in {successor.Names} and was left out.");
            }

            // What no module of the chain takes is for the compiler to name.
            chain[^1] = chain[^1] with { Inputs = [.. chain[^1].Inputs, .. left] };
            return chain;
        }

        private JsonObject Take(
            List<KeyValuePair<string, JsonNode?>> given, ExperimentNode node, string id, ModuleDescriptor descriptor, Successor successor)
        {
            var taken = new JsonObject();
            foreach (var entry in given.ToList())
            {
                var name = successor.Parameters.GetValueOrDefault(entry.Key, entry.Key);
                if (ParameterText.Find(descriptor, name) is { } parameter
                    && (entry.Value is null || parameter.Values.IsEmpty || parameter.Match(ParameterText.Of(entry.Value) ?? "") is not null))
                {
                    taken[name] = entry.Value?.DeepClone();
                    given.Remove(entry);
                    _moved[(node.Id, entry.Key)] = new ParameterLink(id, name);
                }
            }

            return taken;
        }

        private string FreeId(string wish)
        {
            var id = wish.Replace('.', '-');
            for (var number = 2; !_ids.Add(id); number++)
            {
                id = FormattableString.Invariant($"{wish} {number}");
            }

            return id;
        }
    }
}
