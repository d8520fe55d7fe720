using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Auspex.Definitions;
using Auspex.Server.Auth;
using Auspex.Server.WebServices;

namespace Auspex.Server.Api;

/// <summary>An endpoint with the names of the models that can be updated.</summary>
internal sealed record EndpointDescription(EndpointDocument Document, int Version, ImmutableArray<AssetReference> Resources);

/// <summary>Writes services and endpoints as the classic management interface shows them. All fields are there, also when empty.</summary>
internal sealed class ManagementWriter(EndpointKeys keys)
{
    public static async Task<List<EndpointDescription>> DescribeAsync(LiveService service, CancellationToken cancellationToken)
    {
        var list = new List<EndpointDescription>();
        foreach (var endpoint in service.ListEndpoints())
        {
            list.Add(await DescribeAsync(endpoint, cancellationToken));
        }

        return list;
    }

    public static async Task<EndpointDescription> DescribeAsync(LiveEndpoint endpoint, CancellationToken cancellationToken)
    {
        var state = endpoint.Current;
        var package = await state.Model.ReadPackageAsync(cancellationToken);
        return new EndpointDescription(
            state.Document,
            state.Model.Version,
            [.. package.Assets.Select(asset => asset.Asset).Where(asset => asset.Kind != AssetKind.Dataset)]);
    }

    public static void Write(Utf8JsonWriter writer, LiveService service)
    {
        var document = service.Document;
        writer.WriteStartObject();
        writer.WriteString("Id", document.Id);
        writer.WriteString("Name", document.Name);
        writer.WriteString("Description", document.Description ?? "");
        WriteTime(writer, "CreationTime", document.CreatedAt);
        writer.WriteString("WorkspaceId", document.WorkspaceId);
        writer.WriteString("DefaultEndpointName", "default");
        writer.WriteNumber("EndpointCount", service.Endpoints.Count);
        writer.WriteEndObject();
    }

    public void Write(
        Utf8JsonWriter writer, LiveService service, EndpointDescription description, string server, bool showKeys)
    {
        var document = description.Document;
        var workspace = service.Document.WorkspaceId;
        var (primary, secondary) = showKeys ? keys.Read(document) : ("", "");
        writer.WriteStartObject();
        writer.WriteString("Name", document.Name);
        writer.WriteString("Description", document.Description ?? "");
        WriteTime(writer, "CreationTime", document.CreatedAt);
        writer.WriteString("WorkspaceId", workspace);
        writer.WriteString("WebServiceId", service.Document.Id);
        writer.WriteString("HelpLocation", PublicAddresses.Help(server, workspace, service.Document.Id, document.Id));
        writer.WriteString("PrimaryKey", primary);
        writer.WriteString("SecondaryKey", secondary);
        writer.WriteString("ApiLocation", PublicAddresses.Api(server, workspace, document.Id));
        writer.WriteBoolean("PreventUpdate", document.PreventUpdate);
        writer.WriteBoolean("SampleDataEnabled", document.SampleDataEnabled);
        writer.WriteString("ExperimentLocation", "");
        writer.WriteNumber("MaxConcurrentCalls", document.MaxConcurrentCalls);
        writer.WriteString("DiagnosticsTraceLevel", document.DiagnosticsTraceLevel);
        writer.WriteString("ThrottleLevel", document.ThrottleLevel);
        WriteTime(writer, "Version", document.VersionAt);
        writer.WriteStartArray("Resources");
        foreach (var resource in description.Resources)
        {
            writer.WriteStartObject();
            writer.WriteString("Name", resource.Name);
            writer.WriteString("Kind", resource.Kind.ToString());
            writer.WriteStartObject("Location");
            writer.WriteString("BaseLocation", "");
            writer.WriteString("RelativeLocation", "");
            writer.WriteString("SasBlobToken", "");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Answers with both keys.</summary>
    public Task WriteKeysAsync(HttpContext context, EndpointDocument endpoint)
    {
        var (primary, secondary) = keys.Read(endpoint);
        return Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("PrimaryKey", primary);
            writer.WriteString("SecondaryKey", secondary);
            writer.WriteEndObject();
        });
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset time) =>
        writer.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
}
