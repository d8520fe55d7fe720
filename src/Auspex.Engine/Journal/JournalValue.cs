using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Auspex.Stores;

namespace Auspex.Engine.Journal;

/// <summary>
/// A JSON value inside an event: in place when it is small, as a reference to an artifact when it is large, encrypted
/// when it holds a secret. Immutable; read it with <see cref="Parse"/> once <see cref="ValueVault"/> has loaded it.
/// </summary>
/// <remarks>
/// The value is kept as its UTF-8 text and parsed anew for each reader. So no two readers share nodes, folding a
/// journal parses nothing it does not need, and a value is the same before and after a restart: 1.0 does not turn into
/// 1 only when the host dies in between.
/// </remarks>
[JsonConverter(typeof(JournalValueConverter))]
public sealed class JournalValue
{
    private ReadOnlyMemory<byte> _utf8;

    private JournalValue(ReadOnlyMemory<byte> utf8, ArtifactId? artifact, string? cipherText)
    {
        _utf8 = utf8;
        Artifact = artifact;
        CipherText = cipherText;
    }

    /// <summary>Where the bytes lie when they are too many for the journal; null otherwise.</summary>
    public ArtifactId? Artifact { get; }

    /// <summary>The encrypted text of a secret value that lies in the journal; null otherwise.</summary>
    public string? CipherText { get; }

    /// <summary>Whether the value lies encrypted, in the journal or in its artifact.</summary>
    public bool IsProtected { get; private init; }

    /// <summary>Whether the text is at hand, so that <see cref="Parse"/> works.</summary>
    public bool IsLoaded => !_utf8.IsEmpty;

    /// <summary>The JSON text.</summary>
    /// <exception cref="InvalidOperationException">The value was not loaded.</exception>
    public ReadOnlyMemory<byte> Utf8 => IsLoaded
        ? _utf8
        : throw new InvalidOperationException("The journal value was read before it was loaded.");

    /// <summary>A value that stands in the event itself.</summary>
    /// <param name="utf8">JSON text; not changed afterwards.</param>
    public static JournalValue Inline(ReadOnlyMemory<byte> utf8) => new(utf8, null, null);

    /// <summary>A small value that is no secret.</summary>
    public static JournalValue Inline(JsonNode? node) => Inline(JournalJson.ToUtf8(node));

    /// <summary>A value in the artifact store. <paramref name="utf8"/> may be empty: not loaded yet.</summary>
    public static JournalValue Stored(ArtifactId artifact, bool isProtected, ReadOnlyMemory<byte> utf8) =>
        new(utf8, artifact, null) { IsProtected = isProtected };

    /// <summary>An encrypted value. <paramref name="utf8"/> may be empty: not loaded yet.</summary>
    public static JournalValue Protected(string cipherText, ReadOnlyMemory<byte> utf8) =>
        new(utf8, null, cipherText) { IsProtected = true };

    /// <summary>The value as nodes that belong to the caller alone.</summary>
    /// <exception cref="InvalidOperationException">The value was not loaded.</exception>
    public JsonNode? Parse() => JsonNode.Parse(Utf8.Span, documentOptions: JournalJson.DocumentOptions);

    /// <summary>The value as an object; null when it is none.</summary>
    public JsonObject? ParseObject() => Parse() as JsonObject;

    /// <summary>Fills in the text of a value that was read from the journal. Only <see cref="ValueVault"/> calls it.</summary>
    internal void Load(ReadOnlyMemory<byte> utf8) => _utf8 = utf8;
}

/// <summary>Writes <c>{"json": ...}</c>, <c>{"artifact": "sha256", "protected": true}</c> or <c>{"cipher": "..."}</c>.</summary>
internal sealed class JournalValueConverter : JsonConverter<JournalValue>
{
    public override JournalValue? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ReadOnlyMemory<byte> json = default;
        string? artifact = null;
        string? cipher = null;
        var isProtected = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "json":
                    using (var document = JsonDocument.ParseValue(ref reader))
                    {
                        json = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(document.RootElement).ToArray();
                    }

                    break;
                case "artifact":
                    artifact = reader.GetString();
                    break;
                case "cipher":
                    cipher = reader.GetString();
                    break;
                case "protected":
                    isProtected = reader.GetBoolean();
                    break;
                default:
                    // A member that a later release added: what this release knows is enough to read the value.
                    reader.Skip();
                    break;
            }
        }

        if (artifact is not null)
        {
            return JournalValue.Stored(new ArtifactId(artifact), isProtected, default);
        }

        return cipher is not null ? JournalValue.Protected(cipher, default)
            : !json.IsEmpty ? JournalValue.Inline(json)
            : throw new JsonException("A journal value has none of json, artifact and cipher.");
    }

    public override void Write(Utf8JsonWriter writer, JournalValue value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.Artifact is { } artifact)
        {
            writer.WriteString("artifact"u8, artifact.Value);
            if (value.IsProtected)
            {
                writer.WriteBoolean("protected"u8, true);
            }
        }
        else if (value.CipherText is { } cipher)
        {
            writer.WriteString("cipher"u8, cipher);
        }
        else
        {
            writer.WritePropertyName("json"u8);
            writer.WriteRawValue(value.Utf8.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }
}
