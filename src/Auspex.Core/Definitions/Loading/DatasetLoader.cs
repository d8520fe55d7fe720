using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads a dataset from its JSON.</summary>
public static class DatasetLoader
{
    /// <summary>Reads <c>{"name", "properties": {"type", "linkedServiceName", "typeProperties"}}</c>, or what stands in <c>properties</c> alone.</summary>
    /// <returns>The dataset; null when it has neither a name nor a file to take one from.</returns>
    public static DatasetDefinition? Load(
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

        var linkedService = ReferenceLoader.Load(body.Member("linkedServiceName"));
        if (linkedService is null)
        {
            report.Add(
                ErrorCode.MissingMember,
                DiagnosticSeverity.Error,
                body,
                "linkedServiceName",
                $"The dataset '{name}' names no linked service; expected \"linkedServiceName\": {{\"referenceName\": \"...\", "
                + "\"type\": \"LinkedServiceReference\"}.");
        }

        return new DatasetDefinition
        {
            Name = name,
            Type = ResourceBody.Type(body, report, $"dataset '{name}'"),
            LinkedServiceName = linkedService ?? new ResourceReference(string.Empty, string.Empty),
            TypeProperties = ResourceBody.TypeProperties(body, report),
            Parameters = ParameterLoader.LoadParameters(body, report),
            Source = source,
            Origin = origin,
        };
    }
}
