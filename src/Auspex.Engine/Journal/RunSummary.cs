using System.Text.Json;
using System.Text.Json.Serialization;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.Journal;

/// <summary>What lists of runs show: kept beside the journal, so that nobody reads journals to list runs.</summary>
/// <remarks>Written in the same append as the events it follows from.</remarks>
public sealed record RunSummary
{
    /// <summary>The run.</summary>
    public required RunId Id { get; init; }

    /// <summary>The factory's name.</summary>
    public required string Factory { get; init; }

    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>Arguments, secure ones masked.</summary>
    public required JournalValue Parameters { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When this summary was written.</summary>
    public required DateTimeOffset Updated { get; init; }

    /// <summary>When it ended; null while it goes on.</summary>
    public DateTimeOffset? End { get; init; }

    /// <summary>Why it failed; null otherwise.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Its return values; null when it set none.</summary>
    public JournalValue? ReturnValue { get; init; }

    /// <summary>What started it.</summary>
    public required string TriggerType { get; init; }

    /// <summary>The trigger's name.</summary>
    public required string TriggerName { get; init; }

    /// <summary>The trigger run's id; null for a run that no trigger started.</summary>
    public string? TriggerId { get; init; }

    /// <summary>The run whose ExecutePipeline started it; null otherwise.</summary>
    public ParentRun? Parent { get; init; }

    /// <summary>The first run of the group that reruns make; null for a run that repeats none.</summary>
    public RunId? GroupId { get; init; }

    /// <summary>Whether it may still go on.</summary>
    [JsonIgnore]
    public bool IsOpen => Status is RunStatus.Queued or RunStatus.InProgress or RunStatus.Canceling;

    /// <summary>The summary as backends keep it; its members are theirs to index, its text is not theirs to read.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, JournalJson.Context.RunSummary);

    /// <summary>Reads what <see cref="ToUtf8"/> wrote.</summary>
    /// <exception cref="JsonException">The bytes are no summary.</exception>
    public static RunSummary FromUtf8(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, JournalJson.Context.RunSummary) ?? throw new JsonException("A run summary is null.");
}
