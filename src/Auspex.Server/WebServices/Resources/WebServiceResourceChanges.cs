using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Api;
using Auspex.Server.Api.MachineLearning;

namespace Auspex.Server.WebServices.Resources;

/// <summary>What a caller patched.</summary>
/// <param name="Properties">The members given, in one spelling.</param>
/// <param name="Updates">Models in the classic form.</param>
internal sealed record ResourcePatch(JsonObject Properties, IReadOnlyList<ResourceUpdate> Updates);

/// <summary>Brings a web service to what its resource says: publishes its graph, updates its models, sets its keys and limits.</summary>
internal sealed class WebServiceResourceChanges(
    ArmResources resources,
    WebServiceDirectory directory,
    DefinitionPublisher publisher,
    EndpointChanges endpoints,
    ServerIdentity identity)
{
    private const int LeastCalls = 4;
    private const int MostCalls = 200;
    private const int LongestKey = 256;

    private static readonly string[] ServedBy = ["package", "input", "output", "parameters", "exampleRequest"];

    /// <summary>Checks a definition's members, those that are given.</summary>
    /// <exception cref="ServiceErrorException">400: a value is out of its range.</exception>
    public static void Check(JsonObject properties)
    {
        if (properties.TextMember("packageType") is not ({ } type) || !type.Equals("Graph", StringComparison.OrdinalIgnoreCase))
        {
            throw ArmErrors.Invalid("'properties.packageType' is missing or unknown; expected \"Graph\".", "properties.packageType");
        }

        foreach (var member in (ReadOnlySpan<string>)["keys", "realtimeConfiguration", "diagnostics", "storageAccount", "machineLearningWorkspace", "commitmentPlan", "input", "output", "exampleRequest", "assets", "parameters", "package", "payloadsLocation"])
        {
            if (properties[member] is not (null or JsonObject))
            {
                throw ArmErrors.Invalid($"'properties.{member}' is {Kind(properties[member])}; expected an object.", $"properties.{member}");
            }
        }

        if ((properties["realtimeConfiguration"] as JsonObject)?["maxConcurrentCalls"] is { } calls
            && calls.AsInteger() is not (>= LeastCalls and <= MostCalls))
        {
            throw ArmErrors.Invalid(
                $"'realtimeConfiguration.maxConcurrentCalls' is {ServiceErrors.Shorten(calls.ToJsonString())}; expected a number from {LeastCalls} to {MostCalls}.",
                "properties.realtimeConfiguration.maxConcurrentCalls");
        }

        if (properties["diagnostics"] is JsonObject diagnostics
            && diagnostics.TextMember("level")?.ToUpperInvariant() is not ("NONE" or "ERROR" or "ALL"))
        {
            throw ArmErrors.Invalid("'diagnostics.level' is missing or unknown; expected None, Error or All.", "properties.diagnostics.level");
        }

        foreach (var member in (ReadOnlySpan<string>)["machineLearningWorkspace", "commitmentPlan"])
        {
            if (properties[member] is JsonObject reference && string.IsNullOrWhiteSpace(reference.TextMember("id")))
            {
                throw ArmErrors.Invalid($"'{member}' has no 'id'; expected the resource's id.", $"properties.{member}.id");
            }
        }

        foreach (var (_, key) in properties["keys"] as JsonObject ?? [])
        {
            if (key is not null && key.AsText() is not { Length: > 0 and <= LongestKey })
            {
                throw ArmErrors.Invalid($"A key of 'keys' is no text of 1 to {LongestKey} characters.", "properties.keys");
            }
        }

        foreach (var (key, asset) in properties["assets"] as JsonObject ?? [])
        {
            if (asset is not JsonObject json || json.Member("locationInfo") is { } and not JsonObject)
            {
                throw ArmErrors.Invalid(
                    $"Asset '{ServiceErrors.Shorten(key)}' is {Kind(asset)}; expected an object with 'name', 'type' and 'locationInfo'.", "properties.assets");
            }
        }
    }

    /// <summary>Writes a resource; nothing is changed when the service cannot be brought to it.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="stored">What is there.</param>
    /// <param name="body">All that shall be there.</param>
    /// <param name="patched">What the caller gave of it; null when all.</param>
    /// <param name="cancellationToken">Stops before anything is written.</param>
    public async Task<ArmResource> ApplyAsync(
        string name, ArmResource? stored, JsonObject body, ResourcePatch? patched, CancellationToken cancellationToken)
    {
        var properties = body.ObjectMember("properties") ?? [];
        var old = stored?.Properties ?? [];
        if (old.BooleanMember("readOnly") == true)
        {
            throw new ServiceErrorException(409, "WebServiceReadOnly", $"The web service '{stored!.Name}' is read-only: it can be deleted, not changed.", []);
        }

        KeepWriteOnly(old, properties);
        if ((old["commitmentPlan"] as JsonObject)?.TextMember("id") is { } plan
            && !plan.Equals((properties["commitmentPlan"] as JsonObject)?.TextMember("id") ?? plan, StringComparison.OrdinalIgnoreCase))
        {
            throw ArmErrors.Invalid("'commitmentPlan' is set when a web service is made and cannot be changed.", "properties.commitmentPlan");
        }

        if (properties["assets"] is JsonObject assets)
        {
            foreach (var (key, asset) in assets)
            {
                if (string.IsNullOrWhiteSpace((asset as JsonObject)?.TextMember("name")))
                {
                    throw ArmErrors.Invalid($"Asset '{ServiceErrors.Shorten(key)}' has no 'name'.", "properties.assets");
                }
            }
        }

        var service = Find(stored?.Name ?? name);
        if (properties["package"] is JsonObject && (service is null || IsOther(old, properties)))
        {
            service = await publisher.PublishAsync(stored?.Name ?? name, body, cancellationToken);
        }
        else if (service is not null && Updates(old, properties, patched) is { Count: > 0 } updates)
        {
            service = await publisher.UpdateAsync(service, updates, cancellationToken);
        }
        else if (service is null && patched?.Updates.Count > 0)
        {
            throw ArmErrors.Invalid($"The web service '{name}' has no package, and so no resources to update.", "Resources");
        }

        await SetEndpointAsync(service, properties, patched, cancellationToken);
        if (service is null && properties["keys"] is not JsonObject)
        {
            properties["keys"] = new JsonObject { ["primary"] = Auth.EndpointKeys.NewKey(), ["secondary"] = Auth.EndpointKeys.NewKey() };
        }

        return await resources.SaveAsync(stored, ArmKind.WebServices, name, body, cancellationToken);
    }

    private LiveService? Find(string name) => directory.List(identity.WorkspaceId)
        .FirstOrDefault(service => service.Document.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private async Task SetEndpointAsync(LiveService? service, JsonObject properties, ResourcePatch? patched, CancellationToken cancellationToken)
    {
        if (service is null)
        {
            return;
        }

        var endpoint = service.Endpoints[service.Document.DefaultEndpointId];
        var calls = (properties["realtimeConfiguration"] as JsonObject)?["maxConcurrentCalls"].AsInteger();
        var settings = new EndpointSettings
        {
            ThrottleLevel = calls is null ? null : "High",
            MaxConcurrentCalls = (int?)calls,
            DiagnosticsTraceLevel = (properties["diagnostics"] as JsonObject)?.TextMember("level")?.ToUpperInvariant() switch
            {
                "ERROR" => "Error",
                "ALL" => "All",
                "NONE" => "None",
                _ => null,
            },
            SampleDataEnabled = properties.BooleanMember("exposeSampleData"),
            Description = properties.TextMember("description"),
        };
        await endpoints.PatchAsync(service, endpoint, settings, [], cancellationToken);
        if ((patched?.Properties ?? properties)["keys"] is JsonObject given)
        {
            await endpoints.SetKeysAsync(
                service, endpoint, given.TextMember("primary"), given.TextMember("secondary"), cancellationToken);
        }
    }

    // Whoever reads a resource, changes it and puts it back has not got these.
    private static void KeepWriteOnly(JsonObject old, JsonObject properties)
    {
        if (properties["keys"] is not JsonObject && old["keys"] is { } keys)
        {
            properties["keys"] = keys.DeepClone();
        }

        if (properties["storageAccount"] is JsonObject account
            && account["key"] is null
            && old["storageAccount"] is JsonObject before
            && account.TextMember("name") == before.TextMember("name"))
        {
            account["key"] = before["key"]?.DeepClone();
        }

        foreach (var (key, asset) in properties["assets"] as JsonObject ?? [])
        {
            if ((asset as JsonObject)?["locationInfo"] is JsonObject location
                && location["credentials"] is null
                && (old["assets"] as JsonObject)?[key] is JsonObject oldAsset
                && oldAsset["locationInfo"] is JsonObject oldLocation
                && location.TextMember("uri") is { } uri
                && oldLocation.TextMember("uri") is { } oldUri
                && (oldUri == uri || oldUri.Split('?')[0] == uri || oldUri.EndsWith(";" + uri, StringComparison.Ordinal)))
            {
                location["uri"] = oldUri;
                location["credentials"] = oldLocation["credentials"]?.DeepClone();
            }
        }
    }

    private static bool IsOther(JsonObject old, JsonObject properties) =>
        ServedBy.Any(member => !JsonNode.DeepEquals(old[member], properties[member]))
        || !JsonNode.DeepEquals(Modules(old), Modules(properties));

    private static JsonObject Modules(JsonObject properties)
    {
        var modules = new JsonObject();
        foreach (var (key, asset) in properties["assets"] as JsonObject ?? [])
        {
            var isResource = string.Equals((asset as JsonObject)?.TextMember("type"), "Resource", StringComparison.OrdinalIgnoreCase);
            modules[key] = isResource ? (asset as JsonObject)?.TextMember("name") : asset?.DeepClone();
        }

        return modules;
    }

    private static List<ResourceUpdate> Updates(JsonObject old, JsonObject properties, ResourcePatch? patched)
    {
        var before = AssetLocation.Resources(old).ToDictionary(asset => asset.Key, asset => (asset.Uri, asset.Credentials), StringComparer.Ordinal);
        var named = (patched?.Properties["assets"] as JsonObject ?? [])
            .Where(asset => (asset.Value as JsonObject)?["locationInfo"] is JsonObject)
            .Select(asset => asset.Key)
            .ToHashSet(StringComparer.Ordinal);
        var updates = patched?.Updates.ToList() ?? [];
        foreach (var update in updates)
        {
            Remember(properties, update);
        }

        foreach (var (key, name, uri, credentials) in AssetLocation.Resources(properties))
        {
            var isChanged = patched is null
                ? !before.TryGetValue(key, out var present) || present != (uri, credentials)
                : named.Contains(key);
            if (isChanged && uri is { Length: > 0 } && !uri.StartsWith("aml://", StringComparison.OrdinalIgnoreCase))
            {
                updates.Add(new ResourceUpdate(name, AssetLocation.Read(uri, credentials, name)));
            }
        }

        return updates;
    }

    // What the classic form put in place is what a later publication of the graph must start from.
    private static void Remember(JsonObject properties, ResourceUpdate update)
    {
        foreach (var (_, asset) in properties["assets"] as JsonObject ?? [])
        {
            if (asset is JsonObject json && update.Name.Equals(json.TextMember("name"), StringComparison.OrdinalIgnoreCase))
            {
                var location = update.Location;
                json["locationInfo"] = new JsonObject
                {
                    ["uri"] = location.BaseLocation is null
                        ? $"{location.ConnectionString};{location.RelativeLocation}"
                        : location.BaseLocation + location.RelativeLocation,
                    ["credentials"] = location.SasBlobToken,
                };
            }
        }
    }

    private static string Kind(JsonNode? node) => node is null ? "null" : node.GetValueKind() switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        _ => "a boolean",
    };
}
