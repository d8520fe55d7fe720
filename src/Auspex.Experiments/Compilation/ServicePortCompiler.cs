using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Compilation;

/// <summary>
/// Finds web-service inputs and outputs: those the experiment declares beside its nodes, and explicit nodes of the
/// modules Web Service Input (passes its table on; a caller's table takes its place) and Web Service Output.
/// </summary>
internal static class ServicePortCompiler
{
    public static (ImmutableArray<CompiledServicePort> Inputs, ImmutableArray<CompiledServicePort> Outputs) Compile(
        ExperimentDefinition definition,
        IReadOnlyDictionary<string, CompiledNode> nodes,
        EdgeResolver edges,
        CompilationLog log)
    {
        var inputs = new OrderedDictionary<string, CompiledServicePort>(StringComparer.Ordinal);
        var outputs = new OrderedDictionary<string, CompiledServicePort>(StringComparer.Ordinal);
        foreach (var input in definition.WebServiceInputs)
        {
            var path = ExperimentPaths.ServiceInput(input.Name);
            if (edges.FindOutput(input.Node, input.Port, path) is var (key, port))
            {
                AddInput(inputs, new CompiledServicePort(input.Name, key, port.Type), path, log);
            }
        }

        foreach (var output in definition.WebServiceOutputs)
        {
            var path = ExperimentPaths.ServiceOutput(output.Name);
            if (edges.FindOutput(output.Node, output.Port, path) is var (key, port))
            {
                AddOutput(outputs, new CompiledServicePort(output.Name, key, port.Type), path, log);
            }
        }

        foreach (var node in definition.Nodes.Select(node => nodes.GetValueOrDefault(node.Id)).OfType<CompiledNode>())
        {
            var path = ExperimentPaths.Node(node.Id);
            if (WebServiceModules.IsInput(node))
            {
                var port = node.Outputs[0];
                AddInput(inputs, new CompiledServicePort(NameOf(node), new PortKey(node.Id, port.Name), port.Type), path, log);
            }
            else if (WebServiceModules.IsOutput(node) && node.Inputs is [var edge]
                && nodes.TryGetValue(edge.Source.Node, out var source))
            {
                var type = source.Outputs.First(port => port.Name == edge.Source.Port).Type;
                AddOutput(outputs, new CompiledServicePort(NameOf(node), edge.Source, type), path, log);
            }
        }

        return ([.. inputs.Values], [.. outputs.Values]);
    }

    private static string NameOf(CompiledNode node) =>
        node.Parameters.GetValueOrDefault(WebServiceModules.NameParameter)
        ?? ParameterText.Find(node.Module!.Descriptor, WebServiceModules.NameParameter)?.Default
        ?? node.Id;

    private static void AddInput(
        OrderedDictionary<string, CompiledServicePort> inputs, CompiledServicePort input, string path, CompilationLog log)
    {
        if (input.Type != PortType.Dataset)
        {
            log.Error(
                ErrorCode.ServicePortInvalid,
                $"Web-service input '{input.Name}' is on '{input.Source}', which gives "
                    + $"{EdgeResolver.NameOf(input.Type)}; callers can send datasets only.",
                path);
        }
        else if (inputs.Values.Any(other => other.Source == input.Source))
        {
            log.Error(
                ErrorCode.ServicePortInvalid,
                $"Web-service input '{input.Name}' is on '{input.Source}', where another input is already; keep one.",
                path);
        }
        else if (!inputs.TryAdd(input.Name, input))
        {
            log.Error(ErrorCode.ServicePortInvalid, $"Two web-service inputs are named '{input.Name}'; rename one.", path);
        }
    }

    private static void AddOutput(
        OrderedDictionary<string, CompiledServicePort> outputs, CompiledServicePort output, string path, CompilationLog log)
    {
        if (!outputs.TryAdd(output.Name, output))
        {
            log.Error(ErrorCode.ServicePortInvalid, $"Two web-service outputs are named '{output.Name}'; rename one.", path);
        }
    }
}
