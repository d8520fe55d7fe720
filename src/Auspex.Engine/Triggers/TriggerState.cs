using System.Text.Json;
using System.Text.Json.Serialization;

namespace Auspex.Engine.Triggers;

/// <summary>How far a trigger is.</summary>
public sealed record TriggerState
{
    /// <summary>The factory's name.</summary>
    public required string Factory { get; init; }

    /// <summary>The trigger's name.</summary>
    public required string Trigger { get; init; }

    /// <summary>Grows by one with each change, from 1; 0 for a state that was never stored.</summary>
    [JsonIgnore]
    public long Version { get; init; }

    /// <summary>Whether it is started.</summary>
    public TriggerRuntimeState RuntimeState { get; init; }

    /// <summary>The <c>runtimeState</c> that its file asked for when it was last looked at; null when it named none.</summary>
    public string? DeclaredState { get; init; }

    /// <summary>How often a trigger of this name was removed: a new one has occurrences of its own.</summary>
    public int Incarnation { get; init; }

    /// <summary>A schedule's occurrences up to here are dealt with; null when it was never started.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Which windows there are; null while there are none.</summary>
    public string? Grid { get; init; }

    /// <summary>The number of the first window that has no run yet.</summary>
    public long NextWindow { get; init; }

    /// <summary>Whether the blobs that were there when it started are known.</summary>
    public bool KnowsBlobs { get; init; }

    /// <summary>The state as backends keep it.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, TriggerJson.Context.TriggerState);

    /// <summary>Reads what <see cref="ToUtf8"/> wrote.</summary>
    /// <exception cref="JsonException">The bytes are no state.</exception>
    public static TriggerState FromUtf8(ReadOnlySpan<byte> utf8, long version)
    {
        var state = JsonSerializer.Deserialize(utf8, TriggerJson.Context.TriggerState)
            ?? throw new JsonException("A trigger's state is null.");
        return state with { Version = version };
    }
}
