using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Auspex.Definitions;

/// <summary>What <c>onInactiveMarkAs</c> says of an inactive activity.</summary>
public enum InactiveMark
{
    /// <summary>Dependants see it as succeeded; the default.</summary>
    Succeeded,

    /// <summary>Dependants see it as failed.</summary>
    Failed,

    /// <summary>Dependants see it as skipped.</summary>
    Skipped,
}

/// <summary>A value of <c>dependencyConditions</c>.</summary>
public enum DependencyCondition
{
    /// <summary>The predecessor ended Succeeded.</summary>
    Succeeded,

    /// <summary>The predecessor ended Failed, its retries used up.</summary>
    Failed,

    /// <summary>The predecessor never ran.</summary>
    Skipped,

    /// <summary>The predecessor ended Succeeded or Failed; not Skipped.</summary>
    Completed,
}

/// <summary>One entry of <c>dependsOn</c>. Entries are ANDed; the conditions within one are ORed.</summary>
/// <param name="Activity">The predecessor's name, matched ignoring case within the same list of activities.</param>
/// <param name="Conditions">At least one condition; <c>Succeeded</c> when the definition gave none.</param>
public sealed record ActivityDependency(string Activity, ImmutableArray<DependencyCondition> Conditions);

/// <summary>An activity's <c>policy</c>. Values that may be expressions stay JSON until the activity starts.</summary>
public sealed record ActivityPolicy
{
    /// <summary>Per attempt, <c>d.hh:mm:ss</c> or an expression; null for the default of 12 hours.</summary>
    public JsonNode? Timeout { get; init; }

    /// <summary>Attempts after the first, an integer or an expression; null for 0.</summary>
    public JsonNode? Retry { get; init; }

    /// <summary>Between attempts; 30 s unless written, 30 to 86,400.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Inputs are left out of run records and logs.</summary>
    public bool SecureInput { get; init; }

    /// <summary>Outputs are left out of run records and logs; expressions still see them.</summary>
    public bool SecureOutput { get; init; }
}

/// <summary>A named list of inner activities of a container.</summary>
/// <param name="Name">
/// <c>activities</c> (ForEach, Until), <c>ifTrueActivities</c>, <c>ifFalseActivities</c>, <c>case:VALUE</c>,
/// <c>defaultActivities</c>.
/// </param>
/// <param name="Activities">The inner activities in file order.</param>
public sealed record ActivityBranch(string Name, ImmutableArray<ActivityDefinition> Activities);

/// <summary>An activity as its author wrote it, with the parts that the engine reads picked out.</summary>
public sealed record ActivityDefinition
{
    /// <summary>Unique within the whole pipeline, inner activities included, ignoring case.</summary>
    public required string Name { get; init; }

    /// <summary>The activity type, such as <c>AzureMLBatchExecution</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The author's description; null when there is none.</summary>
    public string? Description { get; init; }

    /// <summary>False for <c>"state": "Inactive"</c>.</summary>
    public bool IsActive { get; init; } = true;

    /// <summary>How an inactive activity counts for its dependants.</summary>
    public InactiveMark OnInactiveMarkAs { get; init; }

    /// <summary>Predecessors in the same list of activities.</summary>
    public ImmutableArray<ActivityDependency> DependsOn { get; init; } = [];

    /// <summary>Timeout, retries and secrecy.</summary>
    public ActivityPolicy Policy { get; init; } = new();

    /// <summary>The compute or store that the activity works with; null when it names none.</summary>
    public ResourceReference? LinkedServiceName { get; init; }

    /// <summary>The activity's own properties, expressions not evaluated; empty when there are none.</summary>
    public required JsonObject TypeProperties { get; init; }

    /// <summary>Inner activities of a container, empty for any other activity.</summary>
    public ImmutableArray<ActivityBranch> Branches { get; init; } = [];

    /// <summary>The activity's JSON as read, unknown members included.</summary>
    public required JsonObject Source { get; init; }
}
