using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Auspex.Engine.Runs;
using Auspex.Errors;

namespace Auspex.Engine.Journal;

/// <summary>How the engine writes JSON: compact, without escapes that only HTML needs, deep enough for any input.</summary>
internal static class JournalJson
{
    // Data Factory itself limits nesting far below this; the default of 64 would refuse real definitions.
    private const int MaxDepth = 256;

    public static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaxDepth };

    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
    };

    private static readonly byte[] Null = "null"u8.ToArray();

    public static JournalJsonContext Context { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new RunIdConverter(),
            new JsonStringEnumConverter<RunStatus>(),
            new JsonStringEnumConverter<FailureType>(),
        },
    });

    public static ReadOnlyMemory<byte> ToUtf8(JsonNode? node)
    {
        if (node is null)
        {
            return Null;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
        {
            node.WriteTo(writer, Context.Options);
        }

        return buffer.WrittenMemory;
    }
}

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(RunEvent))]
[JsonSerializable(typeof(RunSummary))]
internal sealed partial class JournalJsonContext : JsonSerializerContext;

/// <summary>Writes an id as its text.</summary>
internal sealed class RunIdConverter : JsonConverter<RunId>
{
    public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A run id is null."));

    public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}
