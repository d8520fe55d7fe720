using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads a trigger from its JSON.</summary>
public static class TriggerLoader
{
    /// <summary>Reads <c>{"name", "properties": {"type", "pipelines" or "pipeline", "typeProperties"}}</c>.</summary>
    /// <returns>The trigger; null when it has neither a name nor a file to take one from.</returns>
    public static TriggerDefinition? Load(
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

        return new TriggerDefinition
        {
            Name = name,
            Type = ResourceBody.Type(body, report, $"trigger '{name}'"),
            TypeProperties = ResourceBody.TypeProperties(body, report),
            Pipelines = Pipelines(body, report),
            Source = source,
            Origin = origin,
        };
    }

    // Tumbling windows have `pipeline`, the others `pipelines`; real files mix them up.
    private static ImmutableArray<TriggeredPipeline> Pipelines(JsonObject body, DefinitionReport report)
    {
        var loaded = ImmutableArray.CreateBuilder<TriggeredPipeline>();
        foreach (var member in (ReadOnlySpan<string>)["pipelines", "pipeline"])
        {
            var entries = body.Member(member) switch
            {
                JsonArray array => array.ToArray(),
                JsonObject { Count: 0 } or null => [],
                var single => [single],
            };
            foreach (var entry in entries)
            {
                var json = entry as JsonObject;
                if (ReferenceLoader.Load(json?.Member("pipelineReference") ?? entry) is { } pipeline)
                {
                    loaded.Add(new TriggeredPipeline(pipeline, json?.ObjectMember("parameters")));
                }
                else
                {
                    report.Error(
                        ErrorCode.MissingMember,
                        entry ?? body,
                        $"An entry of '{member}' names no pipeline; expected {{\"pipelineReference\": {{\"referenceName\": \"P\", "
                        + "\"type\": \"PipelineReference\"}}.");
                }
            }
        }

        return loaded.ToImmutable();
    }
}
