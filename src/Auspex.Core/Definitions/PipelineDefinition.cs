using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions;

/// <summary>A pipeline as its author wrote it, with the parts that the engine reads picked out.</summary>
/// <remarks>
/// <see cref="Source"/> is the whole file as read; it is never rewritten, and what is not picked out here is kept there.
/// </remarks>
public sealed record PipelineDefinition
{
    /// <summary>The inner <c>name</c>, not the file's.</summary>
    public required string Name { get; init; }

    /// <summary>The author's description; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>The top-level activities in file order.</summary>
    public required ImmutableArray<ActivityDefinition> Activities { get; init; }

    /// <summary>Declared parameters in file order.</summary>
    public ImmutableArray<ParameterDefinition> Parameters { get; init; } = [];

    /// <summary>Declared variables in file order.</summary>
    public ImmutableArray<VariableDefinition> Variables { get; init; } = [];

    /// <summary>How many runs may be in progress at once; null for no limit.</summary>
    public int? Concurrency { get; init; }

    /// <summary>The virtual folder, such as <c>A/B</c>; null for the root.</summary>
    public string? Folder { get; init; }

    /// <summary>The file's JSON as read, unknown members included.</summary>
    public required JsonObject Source { get; init; }

    /// <summary>Where it was read; null for a definition made in memory.</summary>
    public DefinitionOrigin? Origin { get; init; }
}
