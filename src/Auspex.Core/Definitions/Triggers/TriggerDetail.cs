using System.Collections.Immutable;

namespace Auspex.Definitions.Triggers;

/// <summary>What a trigger's <c>typeProperties</c> say, read and checked; see <see cref="TriggerReader"/>.</summary>
public abstract record TriggerDetail;

/// <summary>Starts its pipelines at times.</summary>
/// <param name="Recurrence">The times.</param>
public sealed record ScheduleTrigger(RecurrenceDefinition Recurrence) : TriggerDetail;

/// <summary>Starts its one pipeline for each window of time, past ones included.</summary>
public sealed record TumblingWindowTrigger : TriggerDetail
{
    /// <summary><c>Minute</c>, <c>Hour</c> or <c>Month</c>.</summary>
    public required RecurrenceFrequency Frequency { get; init; }

    /// <summary>How many of them a window is long, from 1.</summary>
    public required int Interval { get; init; }

    /// <summary>The first window's start, UTC.</summary>
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>No window ends later; null for no end.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>How long after its end a window is due.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>How many windows may run at once.</summary>
    public int MaxConcurrency { get; init; } = 50;

    /// <summary>How often a failed pipeline run is followed by another.</summary>
    public int RetryCount { get; init; }

    /// <summary>How long after the failure.</summary>
    public TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What a window waits for.</summary>
    public ImmutableArray<WindowDependency> DependsOn { get; init; } = [];
}

/// <summary>Other windows that a window waits for.</summary>
/// <param name="Trigger">Their trigger; null for the window's own.</param>
/// <param name="Offset">Where the range begins, seen from the window's start.</param>
/// <param name="Size">How long the range is; null for as long as the window.</param>
public sealed record WindowDependency(string? Trigger, TimeSpan Offset, TimeSpan? Size);

/// <summary>Starts its pipelines for blobs that come or go.</summary>
public sealed record BlobEventsTrigger : TriggerDetail
{
    /// <summary>The storage account's resource id; empty when the definition names none.</summary>
    public required string Scope { get; init; }

    /// <summary>Whether blobs that are written start it.</summary>
    public required bool OnCreated { get; init; }

    /// <summary>Whether blobs that are deleted start it.</summary>
    public required bool OnDeleted { get; init; }

    /// <summary><c>/container/blobs/folder/prefix</c>, case-sensitive; empty for every path.</summary>
    public string PathBeginsWith { get; init; } = string.Empty;

    /// <summary>Such as <c>.csv</c>, case-sensitive; empty for every path.</summary>
    public string PathEndsWith { get; init; } = string.Empty;

    /// <summary>Whether blobs without content start nothing.</summary>
    public bool IgnoreEmptyBlobs { get; init; }
}

/// <summary>Starts its pipelines for events that an application publishes.</summary>
public sealed record CustomEventsTrigger : TriggerDetail
{
    /// <summary>The topic's resource id; empty when the definition names none.</summary>
    public required string Scope { get; init; }

    /// <summary>The event types, compared ignoring case.</summary>
    public required ImmutableArray<string> EventTypes { get; init; }

    /// <summary>What subjects begin with, ignoring case; empty for any.</summary>
    public string SubjectBeginsWith { get; init; } = string.Empty;

    /// <summary>What subjects end with, ignoring case; empty for any.</summary>
    public string SubjectEndsWith { get; init; } = string.Empty;

    /// <summary>All of them must hold.</summary>
    public ImmutableArray<EventFilter> Filters { get; init; } = [];
}

/// <summary>A trigger of a type that is kept and shown but starts nothing here.</summary>
/// <param name="Type">The type as written.</param>
public sealed record UnsupportedTrigger(string Type) : TriggerDetail;
