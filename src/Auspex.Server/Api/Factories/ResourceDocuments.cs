using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Factories;

namespace Auspex.Server.Api.Factories;

/// <summary>How resources look to clients: the envelope around their body, secrets masked, with an ETag.</summary>
internal sealed class ResourceDocuments(ServerFactories factories)
{
    // What the envelope itself says; other members that a file has beside its body are given back as they are.
    private static readonly HashSet<string> Envelope =
        new(["id", "name", "type", "etag", "properties"], StringComparer.OrdinalIgnoreCase);

    public string TagOf(FactoryDefinition factory, FactoryResource resource) => EntityTags.Of(
        resource.Source,
        resource.Kind == ManagedKind.LinkedService.Folder ? factories.Secrets.StampOf(factory.Name, resource.Name) : "");

    public void Write(
        Utf8JsonWriter writer, FactoryCall call, ManagedKind kind, FactoryDefinition factory, FactoryResource resource)
    {
        var shown = resource.Source.DeepClone().AsObject();
        SecretValues.MaskAll(shown);
        writer.WriteStartObject();
        writer.WriteString("id", $"{call.Id}/{kind.TypeSegment}/{resource.Name}");
        writer.WriteString("name", resource.Name);
        writer.WriteString("type", $"{call.Type}/{kind.TypeSegment}");
        writer.WritePropertyName("properties");
        WriteBody(writer, shown);
        writer.WriteString("etag", TagOf(factory, resource));
        if (shown.ObjectMember("properties") is not null)
        {
            foreach (var (name, value) in shown.Where(member => !Envelope.Contains(member.Key)))
            {
                writer.WritePropertyName(name);
                WriteNode(writer, value);
            }
        }

        writer.WriteEndObject();
    }

    public static void WriteNode(Utf8JsonWriter writer, JsonNode? value)
    {
        if (value is null)
        {
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private static void WriteBody(Utf8JsonWriter writer, JsonObject shown)
    {
        if (shown.ObjectMember("properties") is { } body)
        {
            body.WriteTo(writer);
            return;
        }

        // A file may be its own body.
        writer.WriteStartObject();
        foreach (var (name, value) in shown.Where(member => !string.Equals(member.Key, "name", StringComparison.OrdinalIgnoreCase)))
        {
            writer.WritePropertyName(name);
            WriteNode(writer, value);
        }

        writer.WriteEndObject();
    }
}
