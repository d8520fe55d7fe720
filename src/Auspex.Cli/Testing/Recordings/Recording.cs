using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Auspex.Errors;

namespace Auspex.Cli.Testing.Recordings;

/// <summary>One run with what the world outside answered.</summary>
internal sealed record Recording
{
    /// <summary>The file it was read from, as it is named to people.</summary>
    public string Path { get; init; } = "";

    public required string Pipeline { get; init; }

    public required string RunId { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    public required DateTimeOffset EndTime { get; init; }

    /// <summary>Arguments; secure ones masked.</summary>
    public JsonObject Parameters { get; init; } = [];

    public Failure? Error { get; init; }

    public JsonObject? ReturnValue { get; init; }

    /// <summary>What a replay has to do without, in words.</summary>
    public ImmutableArray<string> NotKept { get; init; } = [];

    /// <summary>One per attempt, in the order of their start.</summary>
    public required ImmutableArray<RecordedActivity> Activities { get; init; }

    /// <summary>What the clock showed when the first expression was evaluated.</summary>
    public DateTimeOffset ClockStart => Activities.FirstOrDefault(activity => activity.Start is not null)?.Start ?? StartTime;
}

/// <summary>One attempt of an activity.</summary>
internal sealed record RecordedActivity
{
    /// <summary>Path from the run's pipeline on, loops and executed pipelines included.</summary>
    public required string Path { get; init; }

    public required string Type { get; init; }

    public required int Attempt { get; init; }

    public required string Status { get; init; }

    public DateTimeOffset? Start { get; init; }

    public DateTimeOffset? End { get; init; }

    /// <summary>The evaluated input, references included; null when it is secure or there is none.</summary>
    public JsonObject? Input { get; init; }

    /// <summary>The output; null when it is secure or there is none.</summary>
    public JsonObject? Output { get; init; }

    public Failure? Error { get; init; }

    public bool HasSecureInput { get; init; }

    public bool HasSecureOutput { get; init; }

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}

/// <summary>A recording that cannot be used.</summary>
internal sealed class RecordingException(string message, Exception? inner = null)
    : AuspexException(ErrorCode.RecordingUnreadable, message, inner);
