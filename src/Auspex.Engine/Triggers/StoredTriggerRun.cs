using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Auspex.Engine.Journal;

namespace Auspex.Engine.Triggers;

/// <summary>A trigger run with what only the trigger host needs of it.</summary>
public sealed record StoredTriggerRun
{
    /// <summary>The run as people see it.</summary>
    public required TriggerRun Run { get; init; }

    /// <summary>Which occurrence it is, among those of its trigger.</summary>
    public required string Occurrence { get; init; }

    /// <summary>The trigger's <see cref="TriggerState.Incarnation"/> that it belongs to.</summary>
    public int Incarnation { get; init; }

    /// <summary>What <c>triggerBody()</c> gives; null when no event started it.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>From 1: which try its pipeline run is.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>When the next try begins; null while none waits.</summary>
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether somebody asked for its end.</summary>
    public bool IsCancelRequested { get; init; }

    /// <summary>Since when it waits, which bounds how long.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>The run as backends keep it.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(this, TriggerJson.Context.StoredTriggerRun);

    /// <summary>Reads what <see cref="ToUtf8"/> wrote.</summary>
    /// <exception cref="JsonException">The bytes are no trigger run.</exception>
    public static StoredTriggerRun FromUtf8(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize(utf8, TriggerJson.Context.StoredTriggerRun) ?? throw new JsonException("A trigger run is null.");
}

/// <summary>How trigger states and runs are written: fields are only ever added.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TriggerState))]
[JsonSerializable(typeof(StoredTriggerRun))]
internal sealed partial class TriggerJson : JsonSerializerContext
{
    public static TriggerJson Context { get; } = new(new JsonSerializerOptions
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 256,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters =
        {
            new RunIdConverter(),
            new JsonStringEnumConverter<TriggerRuntimeState>(),
            new JsonStringEnumConverter<TriggerRunStatus>(),
        },
    });
}
