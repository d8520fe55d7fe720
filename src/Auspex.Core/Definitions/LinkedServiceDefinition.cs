using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions;

/// <summary>A linked service as written, before overlay, parameters and secrets are applied.</summary>
public sealed record LinkedServiceDefinition
{
    /// <summary>The inner <c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The connector type, such as <c>AzureBlobStorage</c> or <c>AzureML</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The connector's properties; expressions and secret references not resolved.</summary>
    public required JsonObject TypeProperties { get; init; }

    /// <summary>Declared parameters.</summary>
    public ImmutableArray<ParameterDefinition> Parameters { get; init; } = [];

    /// <summary>The integration runtime's name; null for <c>AutoResolveIntegrationRuntime</c>.</summary>
    public string? ConnectVia { get; init; }

    /// <summary>The file's JSON as read.</summary>
    public required JsonObject Source { get; init; }

    /// <summary>Where it was read; null for a definition made in memory.</summary>
    public DefinitionOrigin? Origin { get; init; }
}

/// <summary>A dataset as written.</summary>
public sealed record DatasetDefinition
{
    /// <summary>The inner <c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The dataset type, such as <c>DelimitedText</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The store that holds the data.</summary>
    public required ResourceReference LinkedServiceName { get; init; }

    /// <summary>Location and format; expressions not evaluated.</summary>
    public required JsonObject TypeProperties { get; init; }

    /// <summary>Declared parameters.</summary>
    public ImmutableArray<ParameterDefinition> Parameters { get; init; } = [];

    /// <summary>The file's JSON as read.</summary>
    public required JsonObject Source { get; init; }

    /// <summary>Where it was read; null for a definition made in memory.</summary>
    public DefinitionOrigin? Origin { get; init; }
}

/// <summary>A trigger as written.</summary>
public sealed record TriggerDefinition
{
    /// <summary>The inner <c>name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The trigger type, such as <c>ScheduleTrigger</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The trigger's properties.</summary>
    public required JsonObject TypeProperties { get; init; }

    /// <summary>The pipelines it starts, with their parameter mappings.</summary>
    public ImmutableArray<TriggeredPipeline> Pipelines { get; init; } = [];

    /// <summary>The file's JSON as read.</summary>
    public required JsonObject Source { get; init; }

    /// <summary>Where it was read; null for a definition made in memory.</summary>
    public DefinitionOrigin? Origin { get; init; }
}

/// <summary>A pipeline that a trigger starts.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Parameters">Arguments, expressions over <c>trigger()</c> allowed; null when there are none.</param>
public sealed record TriggeredPipeline(ResourceReference Pipeline, JsonObject? Parameters);

/// <summary>A resource of a kind that is kept and reported but that nothing here executes: data flows, credentials, notebooks.</summary>
/// <param name="Kind">The folder's name, such as <c>dataflow</c>.</param>
/// <param name="Name">The inner <c>name</c>.</param>
/// <param name="Source">The file's JSON as read.</param>
public sealed record OtherDefinition(string Kind, string Name, JsonObject Source)
{
    /// <summary>Where it was read; null for a definition made in memory.</summary>
    public DefinitionOrigin? Origin { get; init; }
}
