using System.Globalization;
using Auspex.Definitions;
using Auspex.Experiments.Compilation;
using Auspex.Experiments.Modules;

namespace Auspex.Experiments.WebServices;

/// <summary>Web-service parameters: how callers see them, and how they are made from module parameters.</summary>
public static class ServiceParameters
{
    /// <summary>
    /// Makes a module parameter a web-service parameter with Studio's default name: the module parameter's label, with 1,
    /// 2 and so on behind it when that is taken. Its default is the node's value, else the module's; neither: callers must
    /// give one.
    /// </summary>
    public static ExperimentDefinition Promote(ExperimentDefinition experiment, string node, ModuleParameter parameter)
    {
        var own = experiment.Nodes.First(candidate => candidate.Id == node).Parameters;
        var value = own[parameter.Name] ?? (parameter.GraphName is { } graphName ? own[graphName] : null);
        var text = ParameterText.Of(value) ?? parameter.Default;
        var promoted = new ExperimentParameter(
            DefaultName(parameter.Name, [.. experiment.Parameters.Select(known => known.Name)]),
            TypeOf(parameter.Kind),
            text is not null && parameter.Kind != ParameterKind.Credential,
            parameter.Kind == ParameterKind.Credential ? null : value?.DeepClone() ?? text,
            [new ParameterLink(node, parameter.Name)]);
        return experiment with { Parameters = experiment.Parameters.Add(promoted) };
    }

    /// <summary>The label, or the label with the first free number directly behind it.</summary>
    internal static string DefaultName(string label, IReadOnlyCollection<string> taken)
    {
        var name = label;
        for (var number = 1; taken.Contains(name, StringComparer.Ordinal); number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{label}{number}");
        }

        return name;
    }

    /// <summary>How callers see a parameter; a secret's default stays hidden.</summary>
    internal static ServiceParameter Of(CompiledServiceParameter parameter)
    {
        var definition = parameter.Definition;
        var kind = KindOf(definition.Type) ?? parameter.Kind;
        var targets = parameter.Targets.Select(target => target.Parameter).ToList();
        var isSecret = kind == ParameterKind.Credential || targets.Any(target => target.Kind == ParameterKind.Credential);
        return new ServiceParameter(
            definition.Name,
            kind,
            definition.HasDefault,
            isSecret ? null : definition.DefaultValue?.DeepClone(),
            targets.FirstOrDefault(target => target.Kind == ParameterKind.Enum)?.Values ?? [],
            targets.Max(target => target.Minimum),
            targets.Min(target => target.Maximum),
            definition.Description ?? $"Sets {string.Join(", ", parameter.Targets.Select(target => $"'{target.Parameter.Name}' of '{target.Node}'"))}.");
    }

    private static string TypeOf(ParameterKind kind) => kind switch
    {
        ParameterKind.Integer => "Int",
        ParameterKind.Float => "Double",
        ParameterKind.Boolean => "Boolean",
        ParameterKind.Enum => "Enumerated",
        ParameterKind.ColumnSelection => "ColumnPicker",
        ParameterKind.Script => "Script",
        ParameterKind.Credential => "Credential",
        ParameterKind.ParameterRange => "ParameterRange",
        _ => "String",
    };

    private static ParameterKind? KindOf(string type) => type switch
    {
        "Int" => ParameterKind.Integer,
        "Float" or "Double" => ParameterKind.Float,
        "Boolean" => ParameterKind.Boolean,
        "Enumerated" or "Mode" => ParameterKind.Enum,
        "ColumnPicker" => ParameterKind.ColumnSelection,
        "Script" => ParameterKind.Script,
        "Credential" => ParameterKind.Credential,
        "ParameterRange" => ParameterKind.ParameterRange,
        "String" => ParameterKind.String,
        _ => null,
    };
}
