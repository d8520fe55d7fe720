using System.Collections.Immutable;

namespace Auspex.Experiments.Modules;

/// <summary>Short forms for declaring parameters and ports, so that a descriptor reads like the catalogue.</summary>
internal static class Declare
{
    public static ModulePort Dataset(string name, bool isOptional = false) => new(name, PortType.Dataset, isOptional);

    public static ModulePort Transform(string name) => new(name, PortType.ITransform);

    public static ModuleParameter Columns(
        string name, string? @default = null, string? graphName = null, bool isOptional = false, ParameterVisibility? when = null) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.ColumnSelection,
            Default = @default,
            GraphName = graphName,
            IsOptional = isOptional,
            VisibleWhen = when,
        };

    /// <summary>Values are written <c>Name</c> or <c>Name=label</c>.</summary>
    public static ModuleParameter Choice(
        string name, string @default, string[] values, string? graphName = null, ParameterVisibility? when = null)
    {
        var labels = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var names = ImmutableArray.CreateBuilder<string>(values.Length);
        foreach (var value in values)
        {
            var equals = value.IndexOf('=', StringComparison.Ordinal);
            names.Add(equals < 0 ? value : value[..equals]);
            if (equals >= 0)
            {
                labels.Add(value[..equals], value[(equals + 1)..]);
            }
        }

        return new()
        {
            Name = name,
            Kind = ParameterKind.Enum,
            Default = @default,
            Values = names.ToImmutable(),
            Labels = labels.ToImmutable(),
            GraphName = graphName,
            VisibleWhen = when,
        };
    }

    public static ModuleParameter Boolean(string name, bool @default, string? graphName = null, ParameterVisibility? when = null) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.Boolean,
            Default = @default ? "True" : "False",
            GraphName = graphName,
            VisibleWhen = when,
        };

    public static ModuleParameter Float(
        string name, string @default, double minimum, double maximum, ParameterVisibility? when = null) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.Float,
            Default = @default,
            Minimum = minimum,
            Maximum = maximum,
            VisibleWhen = when,
        };

    public static ModuleParameter Integer(
        string name, string? @default, double? minimum = null, double? maximum = null, string? graphName = null,
        ParameterVisibility? when = null) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.Integer,
            Default = @default,
            Minimum = minimum,
            Maximum = maximum,
            GraphName = graphName,
            VisibleWhen = when,
        };

    public static ModuleParameter Text(
        string name, string? @default = null, string? graphName = null, bool isOptional = false, ParameterVisibility? when = null) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.String,
            Default = @default,
            GraphName = graphName,
            IsOptional = isOptional,
            VisibleWhen = when,
        };

    public static ModuleParameter Script(
        string name, string? @default = null, string? graphName = null, ParameterVisibility? when = null) =>
        new()
        {
            Name = name,
            Kind = ParameterKind.Script,
            Default = @default,
            GraphName = graphName,
            VisibleWhen = when,
        };

    public static ModuleParameter Secret(string name, string? graphName = null, ParameterVisibility? when = null) =>
        new() { Name = name, Kind = ParameterKind.Credential, GraphName = graphName, VisibleWhen = when };

    public static ParameterVisibility When(string parameter, params string[] values) => new(parameter, [.. values]);
}
