using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Auth;
using Auspex.Server.Factories;
using Auspex.Stores;

namespace Auspex.Server.Api.Factories;

/// <summary>
/// Integration runtimes beyond their definitions: whichever a definition names, activities run in this process, so that each
/// is online and its one node is this host.
/// </summary>
internal sealed class IntegrationRuntimeEndpoints(
    ServerFactories factories, IDocumentStore documents, SecretProtector protector, TimeProvider clock)
{
    /// <summary>The runtime that is there without a definition.</summary>
    public const string Automatic = "AutoResolveIntegrationRuntime";

    private const string Collection = "runtimeKeys";
    private const string Purpose = "integration runtime key";
    private const int MostBodyBytes = 1 << 20;

    private readonly DateTimeOffset _started = clock.GetUtcNow();

    public void Add(Dictionary<string, Func<FactoryCall, Task>> handlers)
    {
        handlers["integrationRuntimes.update"] = UpdateAsync;
        handlers["integrationRuntimes.getStatus"] = StatusAsync;
        handlers["integrationRuntimes.start"] = StatusAsync;
        handlers["integrationRuntimes.stop"] = StopAsync;
        handlers["integrationRuntimes.getConnectionInfo"] = ConnectionAsync;
        handlers["integrationRuntimes.getMonitoringData"] = MonitorAsync;
        handlers["integrationRuntimes.listAuthKeys"] = ListKeysAsync;
        handlers["integrationRuntimes.regenerateAuthKey"] = RegenerateKeyAsync;
    }

    private async Task UpdateAsync(FactoryCall call)
    {
        var (factory, name, body) = Demand(call);
        var changes = await FactoryBody.ReadAsync(call, MostBodyBytes);
        if (changes.TextMember("autoUpdate") is { } update && update is not ("On" or "Off"))
        {
            throw FactoryErrors.BadRequest($"'autoUpdate' is '{ServiceErrors.Shorten(update)}'; expected On or Off.", "autoUpdate");
        }

        await Json.WriteAsync(call.Context, writer => WriteResource(writer, call, factory, name, body));
    }

    private Task StatusAsync(FactoryCall call)
    {
        var (factory, name, body) = Demand(call);
        return Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteStartObject("properties");
            var isSelfHosted = IsSelfHosted(body);
            writer.WriteString("type", isSelfHosted ? "SelfHosted" : "Managed");
            writer.WriteString("dataFactoryName", factory.Name);
            writer.WriteString("state", isSelfHosted ? "Online" : "Started");
            writer.WriteStartObject("typeProperties");
            WriteTime(writer, "createTime", _started);
            if (isSelfHosted)
            {
                WriteSelfHosted(writer);
            }
            else
            {
                WriteManaged(writer);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private Task StopAsync(FactoryCall call)
    {
        Demand(call);
        throw FactoryErrors.Conflict(
            "IntegrationRuntimeCannotStop", "This integration runtime is the server itself. Stop the server to stop it.");
    }

    private Task ConnectionAsync(FactoryCall call)
    {
        Demand(call);
        return Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("serviceToken", "");
            writer.WriteString("identityCertThumbprint", "");
            writer.WriteString("hostServiceUri", call.Authority);
            writer.WriteString("version", Version);
            writer.WriteString("publicKey", "");
            writer.WriteBoolean("isIdentityCertExprired", false);
            writer.WriteEndObject();
        });
    }

    private Task MonitorAsync(FactoryCall call)
    {
        var (_, name, _) = Demand(call);
        return Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteStartArray("nodes");
            writer.WriteStartObject();
            writer.WriteString("nodeName", Environment.MachineName);
            writer.WriteNumber("availableMemoryInMB", GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20);
            writer.WriteNumber("maxConcurrentJobs", Environment.ProcessorCount);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private async Task ListKeysAsync(FactoryCall call)
    {
        var (factory, name, _) = Demand(call);
        await WriteKeysAsync(call, await KeyAsync(factory, name, 1, isNew: false, call), await KeyAsync(factory, name, 2, isNew: false, call));
    }

    private async Task RegenerateKeyAsync(FactoryCall call)
    {
        var (factory, name, _) = Demand(call);
        var body = await FactoryBody.ReadAsync(call, MostBodyBytes);
        var which = body.TextMember("keyName") switch
        {
            "authKey1" => 1,
            "authKey2" => 2,
            _ => throw FactoryErrors.BadRequest("'keyName' is missing or unknown; expected authKey1 or authKey2.", "keyName"),
        };
        var key = await KeyAsync(factory, name, which, isNew: true, call);
        await WriteKeysAsync(call, which == 1 ? key : null, which == 2 ? key : null);
    }

    private async Task<string> KeyAsync(FactoryDefinition factory, string name, int number, bool isNew, FactoryCall call)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{factory.Name}/{name}/{number}").ToLowerInvariant();
        if (!isNew && await documents.GetAsync(Collection, id, call.Cancellation) is { } stored)
        {
            return protector.Unprotect(Purpose, JsonDocument.Parse(stored.Body).RootElement.GetString()!);
        }

        var key = $"IR@{Guid.NewGuid()}@{factory.Name}@{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";
        var body = JsonSerializer.SerializeToUtf8Bytes(JsonValue.Create(protector.Protect(Purpose, key)));
        await documents.PutAsync(Collection, id, body, expectedVersion: null, call.Cancellation);
        return key;
    }

    private (FactoryDefinition Factory, string Name, JsonObject Body) Demand(FactoryCall call)
    {
        var factory = factories.Demand(call);
        var name = call.Route("name");
        if (factory.Find(ManagedKind.IntegrationRuntime.Folder, name) is { } resource)
        {
            return (factory, resource.Name, resource.Body);
        }

        return name.Equals(Automatic, StringComparison.OrdinalIgnoreCase)
            ? (factory, Automatic, new JsonObject { ["type"] = "Managed" })
            : throw FactoryErrors.NotFound(
                ManagedKind.IntegrationRuntime,
                name,
                factory.List(ManagedKind.IntegrationRuntime.Folder).Select(runtime => runtime.Name).Append(Automatic));
    }

    private static Task WriteKeysAsync(FactoryCall call, string? first, string? second) => Json.WriteAsync(call.Context, writer =>
    {
        writer.WriteStartObject();
        if (first is not null)
        {
            writer.WriteString("authKey1", first);
        }

        if (second is not null)
        {
            writer.WriteString("authKey2", second);
        }

        writer.WriteEndObject();
    });

    private static void WriteResource(Utf8JsonWriter writer, FactoryCall call, FactoryDefinition factory, string name, JsonObject body)
    {
        var kind = ManagedKind.IntegrationRuntime;
        writer.WriteStartObject();
        writer.WriteString("id", $"{call.Id}/{kind.TypeSegment}/{name}");
        writer.WriteString("name", name);
        writer.WriteString("type", $"{call.Type}/{kind.TypeSegment}");
        writer.WritePropertyName("properties");
        body.WriteTo(writer);
        writer.WriteString("etag", EntityTags.Of(factory.Find(kind.Folder, name)?.Source ?? body));
        writer.WriteEndObject();
    }

    private void WriteSelfHosted(Utf8JsonWriter writer)
    {
        writer.WriteString("version", Version);
        writer.WriteString("versionStatus", "UpToDate");
        writer.WriteString("latestVersion", Version);
        writer.WriteString("internalChannelEncryption", "NotEncrypted");
        writer.WriteString("autoUpdate", "Off");
        writer.WriteStartArray("nodes");
        writer.WriteStartObject();
        writer.WriteString("nodeName", Environment.MachineName);
        writer.WriteString("machineName", Environment.MachineName);
        writer.WriteString("status", "Online");
        writer.WriteString("version", Version);
        writer.WriteString("versionStatus", "UpToDate");
        WriteTime(writer, "registerTime", _started);
        WriteTime(writer, "lastStartTime", _started);
        WriteTime(writer, "lastConnectTime", clock.GetUtcNow());
        writer.WriteBoolean("isActiveDispatcher", true);
        writer.WriteNumber("concurrentJobsLimit", Environment.ProcessorCount);
        writer.WriteNumber("maxConcurrentJobs", Environment.ProcessorCount);
        writer.WriteEndObject();
        writer.WriteEndArray();
        foreach (var list in (ReadOnlySpan<string>)["serviceUrls", "links"])
        {
            writer.WriteStartArray(list);
            writer.WriteEndArray();
        }

        writer.WriteStartObject("capabilities");
        writer.WriteEndObject();
    }

    private static void WriteManaged(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("nodes");
        writer.WriteStartObject();
        writer.WriteString("nodeId", Environment.MachineName);
        writer.WriteString("status", "Available");
        writer.WriteStartArray("errors");
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartArray("otherErrors");
        writer.WriteEndArray();
    }

    private static void WriteTime(Utf8JsonWriter writer, string name, DateTimeOffset time) =>
        writer.WriteString(name, time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));

    private static bool IsSelfHosted(JsonObject body) =>
        string.Equals(body.TextMember("type"), "SelfHosted", StringComparison.OrdinalIgnoreCase);

    private static string Version =>
        typeof(IntegrationRuntimeEndpoints).Assembly.GetName().Version?.ToString() ?? "0.0.0.0";
}
