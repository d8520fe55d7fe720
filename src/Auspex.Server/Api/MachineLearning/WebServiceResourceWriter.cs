using System.Globalization;
using System.Text.Json.Nodes;
using Auspex.Connectors.Tables;
using Auspex.Definitions;
using Auspex.Experiments.Import;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Resources;

namespace Auspex.Server.Api.MachineLearning;

/// <summary>Writes a New web service's resource, in the form of either API version, without what only goes in.</summary>
internal static class WebServiceResourceWriter
{
    private static readonly string[] Sparse = ["assets", "input", "output", "package", "parameters", "exampleRequest"];
    private static readonly string[] Never = ["keys", "createdOn", "modifiedOn", "provisioningState", "swaggerLocation"];

    /// <summary>A resource as callers see it.</summary>
    /// <param name="call">Whose version and address it bears.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="stored">What was given; null for a service that was published otherwise.</param>
    /// <param name="service">The service behind it; null when there is none.</param>
    /// <param name="body">The resource's own members.</param>
    /// <param name="isListed">Whether large members are left out.</param>
    public static JsonObject Write(
        ArmCall call, string name, ArmResource? stored, LiveService? service, JsonObject body, bool isListed)
    {
        var given = body.ObjectMember("properties") ?? [];
        var properties = new JsonObject { ["packageType"] = "Graph" };
        properties["title"] = given.TextMember("title") ?? service?.Document.Name ?? name;
        properties["description"] = given.TextMember("description") ?? service?.Document.Description ?? "";
        properties["createdOn"] = Time(stored?.CreatedAt ?? service!.Document.CreatedAt);
        var modified = stored?.ModifiedAt ?? service!.Document.VersionAt;
        properties["modifiedOn"] = Time(service is not null && service.Document.VersionAt > modified ? service.Document.VersionAt : modified);
        properties["provisioningState"] = "Succeeded";
        if (service is not null)
        {
            properties["swaggerLocation"] =
                $"{PublicAddresses.Server(call.Context)}/subscriptions/{Compact(call.Subscription)}/services/{service.Document.DefaultEndpointId}/swagger.json";
        }

        foreach (var (member, value) in given)
        {
            if (!properties.ContainsKey(member) && !Never.Contains(member) && !(isListed && Sparse.Contains(member)))
            {
                properties[member] = value?.DeepClone();
            }
        }

        properties["readOnly"] ??= false;
        properties["exposeSampleData"] ??= true;
        HideSecrets(properties);
        ConvertParameters(properties, call.IsPreview);
        var resource = new JsonObject
        {
            ["id"] = call.IdOf(name),
            ["name"] = name,
            ["type"] = call.Type,
            ["location"] = body.TextMember("location") ?? "local",
            ["tags"] = body.ObjectMember("tags")?.DeepClone() ?? new JsonObject(),
            ["properties"] = properties,
        };
        return resource;
    }

    /// <summary>What a service that was published otherwise looks like as a resource.</summary>
    public static async Task<JsonObject> DescribeAsync(LiveService service, CancellationToken cancellationToken)
    {
        var endpoint = service.Endpoints[service.Document.DefaultEndpointId].Current;
        var package = await endpoint.Model.ReadPackageAsync(cancellationToken);
        var assets = new JsonObject();
        foreach (var asset in package.Assets.Where(asset => asset.Asset.Kind != AssetKind.Dataset))
        {
            assets[FormattableString.Invariant($"asset{assets.Count + 1}")] = new JsonObject
            {
                ["name"] = asset.Asset.Name,
                ["type"] = "Resource",
                ["locationInfo"] = new JsonObject { ["uri"] = $"aml://artifact/{asset.Artifact.Value}" },
            };
        }

        var parameters = new JsonObject();
        foreach (var parameter in package.Signature.Parameters)
        {
            parameters[parameter.Name] = parameter.DefaultValue.AsText();
        }

        return new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["realtimeConfiguration"] = new JsonObject { ["maxConcurrentCalls"] = Math.Max(4, endpoint.Document.MaxConcurrentCalls) },
                ["diagnostics"] = new JsonObject { ["level"] = endpoint.Document.DiagnosticsTraceLevel },
                ["exposeSampleData"] = endpoint.Document.SampleDataEnabled,
                ["input"] = Tables(package.Signature.Inputs),
                ["output"] = Tables(package.Signature.Outputs.Where(port => port.Type == PortType.Dataset)),
                ["assets"] = assets,
                ["parameters"] = parameters,
            },
        };
    }

    /// <summary>Inputs or outputs as a definition describes them.</summary>
    internal static JsonObject Tables(IEnumerable<ServicePort> ports)
    {
        var tables = new JsonObject();
        foreach (var port in ports)
        {
            var columns = new JsonObject();
            foreach (var field in port.Schema?.Fields ?? [])
            {
                var (type, format) = field.Type switch
                {
                    ColumnType.Int32 => ("Integer", "Int32"),
                    ColumnType.Int64 => ("Integer", "Int64"),
                    ColumnType.Double => ("Number", "Double"),
                    ColumnType.Boolean => ("Boolean", ""),
                    ColumnType.String => ("String", ""),
                    ColumnType.TimeSpan => ("String", "Duration"),
                    _ => ("String", "Date-time"),
                };
                columns[field.Name] = new JsonObject { ["type"] = type, ["format"] = format, ["x-ms-isnullable"] = field.IsNullable };
            }

            tables[port.Name] = new JsonObject { ["title"] = "", ["description"] = "", ["type"] = "object", ["properties"] = columns };
        }

        return new JsonObject { ["title"] = "", ["description"] = "", ["type"] = "object", ["properties"] = tables };
    }

    private static void HideSecrets(JsonObject properties)
    {
        properties.ObjectMember("storageAccount")?.Remove("key");
        properties.ObjectMember("payloadsLocation")?.Remove("credentials");
        foreach (var (_, asset) in properties.ObjectMember("assets") ?? [])
        {
            if ((asset as JsonObject)?.ObjectMember("locationInfo") is { } location)
            {
                location.Remove("credentials");
                if (location.TextMember("uri") is { } uri)
                {
                    // A signature may stand in the address itself, and a connection string before the path.
                    location["uri"] = uri.Contains("://", StringComparison.Ordinal) && !uri.Contains(';', StringComparison.Ordinal)
                        ? uri.Split('?')[0]
                        : uri[(uri.LastIndexOf(';') + 1)..];
                }
            }
        }
    }

    private static void ConvertParameters(JsonObject properties, bool isPreview)
    {
        Convert(properties.ObjectMember("parameters"), isPreview);
        foreach (var (_, node) in properties.ObjectMember("package")?.ObjectMember("nodes") ?? [])
        {
            Convert((node as JsonObject)?.ObjectMember("parameters"), isPreview);
        }
    }

    private static void Convert(JsonObject? parameters, bool isPreview)
    {
        foreach (var (name, value) in (parameters ?? []).ToList())
        {
            var text = ServiceDefinition.TextOf(value);
            var converted = new JsonObject { ["value"] = text };
            if ((value as JsonObject)?.TextMember("certificateThumbprint") is { } thumbprint)
            {
                converted["certificateThumbprint"] = thumbprint;
            }

            parameters![name] = text is null ? null : isPreview ? text : converted;
        }
    }

    internal static string Compact(string subscription) =>
        Guid.TryParse(subscription, out var guid) ? guid.ToString("N") : subscription;

    internal static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture);
}
