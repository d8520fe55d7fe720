using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Triggers;
using Auspex.Server.Factories;

namespace Auspex.Server.Api.Factories;

/// <summary>How resources look to clients: the envelope around their body, secrets masked, with an ETag.</summary>
internal sealed class ResourceDocuments(ServerFactories factories, ITriggers triggers)
{
    // What the envelope itself says; other members that a file has beside its body are given back as they are.
    private static readonly HashSet<string> Envelope =
        new(["id", "name", "type", "etag", "properties"], StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, string> NoStates = [];

    public string TagOf(FactoryDefinition factory, FactoryResource resource) => EntityTags.Of(
        resource.Source,
        resource.Kind == ManagedKind.LinkedService.Folder ? factories.Secrets.StampOf(factory.Name, resource.Name) : "");

    /// <summary>What resources of a kind say of themselves that is not in their definitions: whether triggers are started.</summary>
    public async Task<IReadOnlyDictionary<string, string>> StatesAsync(
        ManagedKind kind, FactoryDefinition factory, CancellationToken cancellationToken) => kind == ManagedKind.Trigger
            ? (await triggers.ListAsync(factory.Name, cancellationToken)).ToDictionary(
                trigger => trigger.Name, trigger => trigger.RuntimeState.ToString(), StringComparer.OrdinalIgnoreCase)
            : NoStates;

    /// <param name="writer">Takes the document.</param>
    /// <param name="call">The call that it answers.</param>
    /// <param name="kind">The resource's kind.</param>
    /// <param name="factory">The factory.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="states">What <see cref="StatesAsync"/> gave.</param>
    public void Write(
        Utf8JsonWriter writer,
        FactoryCall call,
        ManagedKind kind,
        FactoryDefinition factory,
        FactoryResource resource,
        IReadOnlyDictionary<string, string> states)
    {
        var shown = resource.Source.DeepClone().AsObject();
        SecretValues.MaskAll(shown);
        if (kind == ManagedKind.Trigger && shown.ObjectMember("properties") is { } trigger)
        {
            trigger[trigger.MemberName("runtimeState") ?? "runtimeState"] =
                states.GetValueOrDefault(resource.Name) ?? nameof(TriggerRuntimeState.Stopped);
        }

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
