using System.Text.Json.Nodes;

namespace Auspex.Definitions;

/// <summary>A resource of any kind, as whoever keeps definitions sees it.</summary>
/// <param name="Kind">The git folder's name, such as <c>linkedService</c>.</param>
/// <param name="Name">The inner <c>name</c>.</param>
/// <param name="Source">The file's JSON as read; never with the overlay applied.</param>
/// <param name="Origin">Where it was read; null for a definition made in memory.</param>
public sealed record FactoryResource(string Kind, string Name, JsonObject Source, DefinitionOrigin? Origin)
{
    /// <summary>The resource's <c>properties</c>, or the whole where the file is its own body.</summary>
    public JsonObject Body => Source.ObjectMember("properties") ?? Source;

    /// <summary>Whether a file of its own holds it, which can be written anew without touching anything else.</summary>
    public bool IsWholeFile => Origin is { File: not null, Path: "$" } && Source.Parent is null;
}

/// <summary>Finds resources of a factory by their kind's folder name, for code that treats all kinds alike.</summary>
public static class FactoryResources
{
    /// <summary>The resources of a kind, in the order of their names.</summary>
    public static IEnumerable<FactoryResource> List(this FactoryDefinition factory, string kind)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Unordered(factory, kind).OrderBy(resource => resource.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>A resource by kind and name, ignoring case; null when there is none.</summary>
    public static FactoryResource? Find(this FactoryDefinition factory, string kind, string name)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return kind switch
        {
            "pipeline" => factory.Pipelines.TryGetValue(name, out var pipeline) ? Of(pipeline) : null,
            "linkedService" => factory.LinkedServices.TryGetValue(name, out var linkedService) ? Of(linkedService) : null,
            "dataset" => factory.Datasets.TryGetValue(name, out var dataset) ? Of(dataset) : null,
            "trigger" => factory.Triggers.TryGetValue(name, out var trigger) ? Of(trigger) : null,
            _ => Unordered(factory, kind).FirstOrDefault(
                resource => string.Equals(resource.Name, name, StringComparison.OrdinalIgnoreCase)),
        };
    }

    /// <summary>The resources of all kinds except experiments, which belong to no factory of Azure's.</summary>
    public static IEnumerable<FactoryResource> ListAll(this FactoryDefinition factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return Unordered(factory, "pipeline")
            .Concat(Unordered(factory, "linkedService"))
            .Concat(Unordered(factory, "dataset"))
            .Concat(Unordered(factory, "trigger"))
            .Concat(factory.Others.Select(Of));
    }

    private static IEnumerable<FactoryResource> Unordered(FactoryDefinition factory, string kind) => kind switch
    {
        "pipeline" => factory.Pipelines.Values.Select(Of),
        "linkedService" => factory.LinkedServices.Values.Select(Of),
        "dataset" => factory.Datasets.Values.Select(Of),
        "trigger" => factory.Triggers.Values.Select(Of),
        _ => factory.Others.Where(other => string.Equals(other.Kind, kind, StringComparison.OrdinalIgnoreCase)).Select(Of),
    };

    private static FactoryResource Of(PipelineDefinition pipeline) =>
        new("pipeline", pipeline.Name, pipeline.Source, pipeline.Origin);

    private static FactoryResource Of(LinkedServiceDefinition linkedService) =>
        new("linkedService", linkedService.Name, linkedService.Source, linkedService.Origin);

    private static FactoryResource Of(DatasetDefinition dataset) =>
        new("dataset", dataset.Name, dataset.Source, dataset.Origin);

    private static FactoryResource Of(TriggerDefinition trigger) =>
        new("trigger", trigger.Name, trigger.Source, trigger.Origin);

    private static FactoryResource Of(OtherDefinition other) => new(other.Kind, other.Name, other.Source, other.Origin);
}
