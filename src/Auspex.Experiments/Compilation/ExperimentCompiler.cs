using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Catalog;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Compilation;

/// <summary>
/// Turns an experiment into a checked graph: modules, ports, parameters, cycles, web-service ports and parameters.
/// </summary>
public static class ExperimentCompiler
{
    /// <summary>Checks everything that can be checked without data; finds all mistakes, not only the first.</summary>
    public static CompilationResult Compile(ExperimentDefinition definition, ModuleCatalog catalog)
    {
        var log = new CompilationLog();
        definition = DeprecatedModules.Replace(
            definition, catalog, (node, sentence) => log.Warning(ErrorCode.ModuleDeprecated, sentence, ExperimentPaths.Node(node)));
        var drafts = new OrderedDictionary<string, CompiledNode>(StringComparer.Ordinal);
        foreach (var node in definition.Nodes)
        {
            if (Draft(node, catalog, log) is { } draft && !drafts.TryAdd(node.Id, draft))
            {
                log.Error(
                    ErrorCode.ExperimentDuplicate, $"Two nodes are named '{node.Id}'; names are unique.", ExperimentPaths.Node(node.Id));
            }
        }

        var edges = new EdgeResolver(definition, drafts, log);
        foreach (var node in definition.Nodes)
        {
            if (drafts.TryGetValue(node.Id, out var draft))
            {
                drafts[node.Id] = draft with { Inputs = edges.Resolve(node, draft) };
            }
        }

        var parameters = ServiceParameterCompiler.Compile(definition, drafts, log);
        NodeParameterChecker.Check(definition, drafts, parameters, log);
        var (inputs, outputs) = ServicePortCompiler.Compile(definition, drafts, edges, log);
        var order = TopologicalOrder.Sort(drafts, log);
        return log.HasErrors
            ? new CompilationResult(null, log.ToImmutable())
            : new CompilationResult(
                new CompiledExperiment(definition, order, inputs, outputs, parameters), log.ToImmutable());
    }

    private static CompiledNode? Draft(ExperimentNode node, ModuleCatalog catalog, CompilationLog log)
    {
        if (node.Asset is { } asset)
        {
            return new CompiledNode
            {
                Id = node.Id,
                Module = null,
                Asset = asset,
                Outputs = [AssetPort(asset.Kind)],
                Inputs = [],
                Parameters = ImmutableSortedDictionary<string, string>.Empty,
            };
        }

        if (!catalog.TryFind(node.Module, out var module))
        {
            log.Error(
                ErrorCode.ModuleUnknown,
                $"Node '{node.Id}' uses module '{node.Module}', which is not in the catalogue."
                    + NearestName.Hint(node.Module, catalog.Modules.Select(known => known.Descriptor.Name)),
                ExperimentPaths.Member(ExperimentPaths.Node(node.Id), "module"));
            return null;
        }

        return new CompiledNode
        {
            Id = node.Id,
            Module = module,
            Asset = null,
            Outputs = module.Descriptor.Outputs,
            Inputs = [],
            Parameters = NodeParameterChecker.Texts(node, module.Descriptor, log),
        };
    }

    /// <summary>The one output port of a saved asset.</summary>
    internal static ModulePort AssetPort(AssetKind kind) => kind switch
    {
        AssetKind.TrainedModel => new ModulePort("Trained model", PortType.ILearner),
        AssetKind.Transform => new ModulePort("Transformation", PortType.ITransform),
        _ => new ModulePort("dataset", PortType.Dataset),
    };
}
