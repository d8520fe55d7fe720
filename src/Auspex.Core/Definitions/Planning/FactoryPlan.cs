using System.Collections.Immutable;

namespace Auspex.Definitions.Planning;

/// <summary>What becomes of a resource.</summary>
public enum PlanAction
{
    /// <summary>Only the new factory has it.</summary>
    Added,

    /// <summary>Only the old factory has it.</summary>
    Removed,

    /// <summary>Both have it, with other meaning.</summary>
    Changed,
}

/// <summary>What a change to a factory will do, in the order in which a person reads it: pipelines, triggers, then what they use.</summary>
public sealed record FactoryPlan(ImmutableArray<PlanChange> Changes)
{
    /// <summary>Whether the two factories do the same.</summary>
    public bool IsEmpty => Changes.IsEmpty;
}

/// <summary>What becomes of one resource.</summary>
/// <param name="Action">Added, removed or changed.</param>
/// <param name="Kind">The kind's folder name, such as <c>linkedService</c>, <c>globalParameter</c>, or <c>overlay</c>.</param>
/// <param name="Name">The resource's name.</param>
/// <param name="Details">What about it is different, a sentence each, without secrets.</param>
/// <param name="Effects">What that does to runs, triggers and other resources, a sentence each.</param>
public sealed record PlanChange(
    PlanAction Action,
    string Kind,
    string Name,
    ImmutableArray<string> Details,
    ImmutableArray<string> Effects);

/// <summary>What a plan needs to know of time.</summary>
/// <param name="Now">The present.</param>
/// <param name="NextStart">When a trigger starts something next, seen from a moment; null when it never does, or when nobody can say.</param>
public sealed record PlanTime(DateTimeOffset Now, Func<TriggerDefinition, DateTimeOffset, DateTimeOffset?> NextStart);
