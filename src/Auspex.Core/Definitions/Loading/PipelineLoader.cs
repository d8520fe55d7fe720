using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Definitions.Loading;

/// <summary>Reads a pipeline from its JSON.</summary>
public static class PipelineLoader
{
    /// <summary>
    /// Reads <c>{"name", "properties": {"activities": [...]}}</c>, the same without <c>properties</c>, or a bare activity,
    /// which becomes a pipeline of that one activity under the activity's name. The same JSON always gives the same
    /// definition, so that a run reads back what it stored.
    /// </summary>
    /// <param name="source">The JSON; kept as <see cref="PipelineDefinition.Source"/> and never changed.</param>
    /// <param name="file">The file for the diagnostics; its name stands in for a missing <c>name</c>.</param>
    /// <param name="diagnostics">Takes everything found wrong.</param>
    /// <returns>The pipeline, as much of it as could be read; null when the JSON is no pipeline at all.</returns>
    public static PipelineDefinition? Load(
        JsonObject source,
        string? file,
        ImmutableArray<Diagnostic>.Builder diagnostics) =>
        LoadFrom(source, new DefinitionOrigin(file), diagnostics);

    /// <summary>The same, with lines.</summary>
    public static PipelineDefinition? LoadFrom(
        JsonObject source,
        DefinitionOrigin origin,
        ImmutableArray<Diagnostic>.Builder diagnostics)
    {
        var report = new DefinitionReport(origin, diagnostics);
        var body = source.ObjectMember("properties") ?? source;
        if (body == source && !source.TryMember("activities", out _))
        {
            return source.TextMember("type") is null ? NoPipeline(source, report) : OfActivity(source, origin, report);
        }

        var activities = ActivityLoader.LoadList(body, "activities", report);
        return new PipelineDefinition
        {
            Name = ResourceName.Read(source, report) ?? string.Empty,
            Description = body.TextMember("description"),
            Activities = Version1Pipelines.Upgrade(activities, report),
            Parameters = ParameterLoader.LoadParameters(body, report),
            Variables = ParameterLoader.LoadVariables(body, report),
            Concurrency = Concurrency(body, report),
            Folder = body.ObjectMember("folder")?.TextMember("name"),
            Source = source,
            Origin = origin,
        };
    }

    private static PipelineDefinition? OfActivity(JsonObject source, DefinitionOrigin origin, DefinitionReport report)
    {
        if (ActivityLoader.Load(source, 0, report) is not { } activity)
        {
            return null;
        }

        report.Information(
            ErrorCode.BareActivity,
            source,
            $"The file holds an activity, not a pipeline; it was taken as the pipeline '{activity.Name}' of this "
            + "one activity.");
        return new PipelineDefinition
        {
            Name = activity.Name,
            Description = activity.Description,
            Activities = Version1Pipelines.Upgrade([activity], report),
            Source = source,
            Origin = origin,
        };
    }

    private static PipelineDefinition? NoPipeline(JsonObject source, DefinitionReport report)
    {
        report.Error(
            ErrorCode.MissingMember,
            source,
            "Found neither 'properties' nor 'activities' nor an activity's 'type'; expected a pipeline such as "
            + "{\"name\": \"P\", \"properties\": {\"activities\": []}}.");
        return null;
    }

    private static int? Concurrency(JsonObject body, DefinitionReport report)
    {
        if (body.Member("concurrency") is null)
        {
            return null;
        }

        if (body.IntegerMember("concurrency") is { } value and >= 1 and <= int.MaxValue)
        {
            return (int)value;
        }

        report.WrongType(body, "concurrency", "a whole number of at least 1");
        return null;
    }
}
