using System.Collections.Immutable;
using Auspex.Definitions;
using Auspex.Definitions.Loading;
using Auspex.Errors;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.Compilation;

/// <summary>
/// Resolves the links of web-service parameters and checks that their types and defaults fit what they set.
/// </summary>
internal static class ServiceParameterCompiler
{
    public static ImmutableArray<CompiledServiceParameter> Compile(
        ExperimentDefinition definition, IReadOnlyDictionary<string, CompiledNode> nodes, CompilationLog log)
    {
        var parameters = ImmutableArray.CreateBuilder<CompiledServiceParameter>(definition.Parameters.Length);
        var owners = new Dictionary<(string Node, string Parameter), string>();
        foreach (var parameter in definition.Parameters)
        {
            var path = ExperimentPaths.Parameter(parameter.Name);
            var targets = ImmutableArray.CreateBuilder<ParameterTarget>(parameter.Links.Length);
            for (var i = 0; i < parameter.Links.Length; i++)
            {
                var linkPath = $"{path}.links[{i}]";
                if (Resolve(parameter, parameter.Links[i], definition, nodes, linkPath, log) is not { } target)
                {
                    continue;
                }

                if (!owners.TryAdd((target.Node, target.Parameter.Name), parameter.Name))
                {
                    log.Error(
                        ErrorCode.ParameterLinkInvalid,
                        $"Parameter '{target.Parameter.Name}' of node '{target.Node}' is set by "
                            + $"'{owners[(target.Node, target.Parameter.Name)]}' "
                            + $"and by '{parameter.Name}'; link it to one web-service parameter only.",
                        linkPath);
                }
                else
                {
                    targets.Add(target);
                }
            }

            if (targets.Count > 0)
            {
                CheckDefault(parameter, targets, path, log);
                parameters.Add(new CompiledServiceParameter(parameter, targets[0].Parameter.Kind, targets.DrainToImmutable()));
            }
        }

        return parameters.DrainToImmutable();
    }

    private static ParameterTarget? Resolve(
        ExperimentParameter parameter,
        ParameterLink link,
        ExperimentDefinition definition,
        IReadOnlyDictionary<string, CompiledNode> nodes,
        string path,
        CompilationLog log)
    {
        if (!nodes.TryGetValue(link.Node, out var node))
        {
            if (definition.Nodes.All(known => known.Id != link.Node))
            {
                log.Error(
                    ErrorCode.ExperimentReference,
                    "There is no node "
                        + $"'{link.Node}'.{NearestName.Hint(link.Node, definition.Nodes.Select(known => known.Id))}",
                    path);
            }

            return null;
        }

        var descriptor = node.Module?.Descriptor;
        if (descriptor is null || ParameterText.Find(descriptor, link.Parameter) is not { } target)
        {
            log.Error(
                ErrorCode.ParameterLinkInvalid,
                $"Node '{link.Node}' ({node.DisplayName}) has no parameter '{link.Parameter}' that web-service "
                    + $"parameter '{parameter.Name}' could set."
                    + NearestName.Hint(link.Parameter, descriptor?.Parameters.Select(known => known.Name) ?? []),
                path);
            return null;
        }

        if (!Fits(parameter.Type, target.Kind))
        {
            log.Error(
                ErrorCode.ParameterLinkInvalid,
                $"Web-service parameter '{parameter.Name}' is of type {parameter.Type}; parameter '{target.Name}' of "
                    + $"node '{link.Node}' "
                    + $"is of kind {target.Kind}. Give the web-service parameter that type, or leave its type out.",
                path);
            return null;
        }

        return new ParameterTarget(link.Node, target);
    }

    private static bool Fits(string type, ParameterKind kind) => type switch
    {
        "" => true,
        "Int" => kind is ParameterKind.Integer or ParameterKind.Float or ParameterKind.ParameterRange,
        "Float" or "Double" => kind is ParameterKind.Float or ParameterKind.ParameterRange,
        "Boolean" => kind is ParameterKind.Boolean or ParameterKind.Enum,
        "Enumerated" or "Mode" => kind is ParameterKind.Enum or ParameterKind.Boolean,
        "ColumnPicker" => kind is ParameterKind.ColumnSelection,
        "ParameterRange" => kind is ParameterKind.ParameterRange or ParameterKind.Integer or ParameterKind.Float,
        "Credential" => kind is ParameterKind.Credential or ParameterKind.String,
        "Script" => kind is ParameterKind.Script or ParameterKind.String,

        // Text can stand for anything that is typed as text in the property pane.
        "String" => kind is ParameterKind.String or ParameterKind.Script or ParameterKind.Credential or ParameterKind.ColumnSelection,
        _ => false,
    };

    private static void CheckDefault(
        ExperimentParameter parameter, ImmutableArray<ParameterTarget>.Builder targets, string path, CompilationLog log)
    {
        if (!parameter.HasDefault || ParameterText.Of(parameter.DefaultValue) is not { Length: > 0 } text)
        {
            return;
        }

        foreach (var target in targets)
        {
            if (ParameterText.Check(target.Parameter, text) is { } fault)
            {
                log.Error(
                    ErrorCode.ModuleParameterInvalid,
                    $"The default of web-service parameter '{parameter.Name}' does not fit '{target.Parameter.Name}' "
                        + $"of node '{target.Node}': {fault.Expected}.",
                    ExperimentPaths.Member(path, "default"));
            }
        }
    }
}
