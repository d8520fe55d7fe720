using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads a linked service from its JSON.</summary>
public static class LinkedServiceLoader
{
    /// <summary>Reads <c>{"name", "properties": {"type", "typeProperties"}}</c>, or what stands in <c>properties</c> alone.</summary>
    /// <returns>The linked service; null when it has neither a name nor a file to take one from.</returns>
    public static LinkedServiceDefinition? Load(
        JsonObject source,
        DefinitionOrigin origin,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var report = new DefinitionReport(origin, diagnostics);
        var body = source.ObjectMember("properties") ?? source;
        if (ResourceName.Read(source, report) is not { } name)
        {
            return null;
        }

        // An official sample has connectVia beside properties.
        var connectVia = ReferenceLoader.Load(body.Member("connectVia")) ?? ReferenceLoader.Load(source.Member("connectVia"));
        return new LinkedServiceDefinition
        {
            Name = name,
            Type = ResourceBody.Type(body, report, $"linked service '{name}'"),
            TypeProperties = ResourceBody.TypeProperties(body, report),
            Parameters = ParameterLoader.LoadParameters(body, report),
            ConnectVia = connectVia?.ReferenceName is { } runtime && !IsAutomatic(runtime) ? runtime : null,
            Source = source,
            Origin = origin,
        };
    }

    internal static bool IsAutomatic(string runtime) =>
        string.Equals(runtime, "AutoResolveIntegrationRuntime", StringComparison.OrdinalIgnoreCase);
}
