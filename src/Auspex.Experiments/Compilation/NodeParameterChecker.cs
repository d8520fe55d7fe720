using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Compilation;

/// <summary>Reads the parameters of a node and checks those that are visible.</summary>
internal static class NodeParameterChecker
{
    /// <summary>Given values as text, by label.</summary>
    public static ImmutableSortedDictionary<string, string> Texts(
        ExperimentNode node, ModuleDescriptor descriptor, CompilationLog log)
    {
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in node.Parameters)
        {
            var path = ExperimentPaths.NodeParameter(node.Id, name);
            if (ParameterText.Find(descriptor, name) is not { } parameter)
            {
                log.Error(
                    ErrorCode.ModuleParameterUnknown,
                    $"Node '{node.Id}' ({descriptor.Name}) has no parameter '{name}'."
                        + NearestName.Hint(name, descriptor.Parameters.Select(known => known.Name)),
                    path);
            }
            else if (value is not (null or JsonValue) && parameter.Kind != ParameterKind.ColumnSelection)
            {
                log.Error(
                    ErrorCode.ModuleParameterInvalid,
                    $"Parameter '{name}' of node '{node.Id}' is an object or array; expected text, a number, true or "
                        + "false.",
                    path);
            }
            else if (ParameterText.Of(value) is { } text && !texts.TryAdd(parameter.Name, text))
            {
                log.Error(
                    ErrorCode.ExperimentDuplicate,
                    $"Node '{node.Id}' sets parameter '{parameter.Name}' twice, under its label and its graph name; "
                        + "keep one.",
                    path);
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>Checks visible parameters; one that a web-service parameter sets may be empty until a call.</summary>
    public static void Check(
        ExperimentDefinition definition,
        IReadOnlyDictionary<string, CompiledNode> nodes,
        ImmutableArray<CompiledServiceParameter> serviceParameters,
        CompilationLog log)
    {
        var linked = new Dictionary<(string Node, string Parameter), CompiledServiceParameter>();
        foreach (var serviceParameter in serviceParameters)
        {
            foreach (var target in serviceParameter.Targets)
            {
                linked[(target.Node, target.Parameter.Name)] = serviceParameter;
            }
        }

        foreach (var id in definition.Nodes.Select(node => node.Id).Distinct(StringComparer.Ordinal))
        {
            if (nodes.TryGetValue(id, out var node) && node.Module?.Descriptor is { } descriptor)
            {
                CheckNode(node, descriptor, linked, log);
            }
        }
    }

    private static void CheckNode(
        CompiledNode node,
        ModuleDescriptor descriptor,
        Dictionary<(string Node, string Parameter), CompiledServiceParameter> linked,
        CompilationLog log)
    {
        var texts = new Dictionary<string, string>(node.Parameters, StringComparer.Ordinal);
        foreach (var parameter in descriptor.Parameters)
        {
            if (linked.GetValueOrDefault((node.Id, parameter.Name))?.DefaultText is { } text)
            {
                texts[parameter.Name] = text;
            }
        }

        foreach (var parameter in descriptor.Parameters)
        {
            if (!ParameterText.IsVisible(descriptor, parameter, texts))
            {
                continue;
            }

            var path = ExperimentPaths.NodeParameter(node.Id, parameter.Name);
            var text = texts.GetValueOrDefault(parameter.Name) ?? parameter.Default;
            if (string.IsNullOrEmpty(text))
            {
                if (!parameter.IsOptional && !linked.ContainsKey((node.Id, parameter.Name)))
                {
                    log.Error(
                        ErrorCode.ModuleParameterInvalid,
                        $"Parameter '{parameter.Name}' of node '{node.Id}' ({descriptor.Name}) is empty; give a value.",
                        path);
                }
            }
            else if (ParameterText.Check(parameter, text) is { } fault)
            {
                log.Error(
                    ErrorCode.ModuleParameterInvalid,
                    $"Parameter '{parameter.Name}' of node '{node.Id}' ({descriptor.Name}) is "
                        + $"{(parameter.Kind == ParameterKind.Credential ? "not usable" : $"'{text}'")}; {fault.Expected}.",
                    path);
            }
        }
    }
}
