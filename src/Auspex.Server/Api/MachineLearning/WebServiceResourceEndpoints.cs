using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Experiments.Import;
using Auspex.Server.Auth;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Resources;

namespace Auspex.Server.Api.MachineLearning;

/// <summary>New web services: those whose definition was put here, and every other that was published, as resources.</summary>
internal sealed class WebServiceResourceEndpoints(
    ArmResources resources,
    ArmOperations operations,
    WebServiceDirectory directory,
    WebServiceResourceChanges changes,
    ManagementAccess access,
    EndpointKeys keys,
    ServerIdentity identity)
{
    public async Task ListAsync(ArmCall call)
    {
        var listed = new SortedDictionary<string, JsonObject>(StringComparer.OrdinalIgnoreCase);
        foreach (var stored in await resources.ListAsync(ArmKind.WebServices, call.Cancellation))
        {
            listed[stored.Name] = WebServiceResourceWriter.Write(call, stored.Name, stored, Find(stored.Name), stored.Body, isListed: true);
        }

        foreach (var service in directory.List(identity.WorkspaceId).Where(service => !listed.ContainsKey(service.Document.Name)))
        {
            listed[service.Document.Name] = WebServiceResourceWriter.Write(call, service.Document.Name, null, service, [], isListed: true);
        }

        await call.AnswerAsync(new JsonObject { ["value"] = new JsonArray([.. listed.Values]) });
    }

    public async Task GetAsync(ArmCall call)
    {
        var stored = await resources.FindAsync(ArmKind.WebServices, call.Name, call.Cancellation);
        await AnswerAsync(call, stored, StatusCodes.Status200OK);
    }

    public async Task PutAsync(ArmCall call)
    {
        var body = await call.ReadBodyAsync();
        ArmErrors.CheckEnvelope(call, body, needsLocation: true);
        var properties = Properties(body);
        ArmResource written;
        bool isNew;
        using (await resources.LockAsync(call.Cancellation))
        {
            var stored = await resources.FindAsync(ArmKind.WebServices, call.Name, call.Cancellation);
            isNew = stored is null && Find(call.Name) is null;
            written = await changes.ApplyAsync(call.Name, stored, Envelope(body, properties), patched: null, call.Cancellation);
        }

        if (ArmOperations.IsWanted(call))
        {
            operations.Announce(call, written.Name);
        }

        await AnswerAsync(call, written, isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public async Task PatchAsync(ArmCall call)
    {
        var body = await call.ReadBodyAsync();
        ArmErrors.CheckEnvelope(call, body, needsLocation: false);
        var updates = Updates(body);
        ArmResource written;
        using (await resources.LockAsync(call.Cancellation))
        {
            var stored = await resources.FindAsync(ArmKind.WebServices, call.Name, call.Cancellation);
            var service = Find(call.Name);
            if (stored is null && service is null)
            {
                throw ArmErrors.NotFound(call);
            }

            var merged = (stored?.Body ?? await WebServiceResourceWriter.DescribeAsync(service!, call.Cancellation)).DeepClone().AsObject();
            if (body.ObjectMember("tags") is { } tags)
            {
                merged["tags"] = tags.DeepClone();
            }

            var patched = body.ObjectMember("properties") is null ? [] : Properties(body);
            merged["properties"] = Merge(merged.ObjectMember("properties") ?? [], patched);
            written = await changes.ApplyAsync(call.Name, stored, merged, new ResourcePatch(patched, updates), call.Cancellation);
        }

        if (ArmOperations.IsWanted(call))
        {
            operations.Announce(call, written.Name);
        }

        await AnswerAsync(call, written, StatusCodes.Status200OK);
    }

    public async Task DeleteAsync(ArmCall call)
    {
        using (await resources.LockAsync(call.Cancellation))
        {
            await resources.DeleteAsync(ArmKind.WebServices, call.Name, call.Cancellation);
            if (Find(call.Name) is { } service)
            {
                await directory.DeleteServiceAsync(service, call.Cancellation);
            }
        }

        if (ArmOperations.IsWanted(call))
        {
            operations.Announce(call, call.Name);
            call.Context.Response.StatusCode = StatusCodes.Status202Accepted;
            return;
        }

        call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    public async Task ListKeysAsync(ArmCall call)
    {
        var (primary, secondary) = Find(call.Name) is { } service
            ? keys.Read(service.Endpoints[service.Document.DefaultEndpointId].Current.Document)
            : (await resources.FindAsync(ArmKind.WebServices, call.Name, call.Cancellation))?.Properties.ObjectMember("keys") is { } given
                ? (given.TextMember("primary") ?? "", given.TextMember("secondary") ?? "")
                : throw ArmErrors.NotFound(call);
        await call.AnswerAsync(new JsonObject { ["primary"] = primary, ["secondary"] = secondary });
    }

    // One server is one region: there is nothing to copy, and the operation is over at once.
    public async Task CreateRegionalAsync(ArmCall call)
    {
        if (call.Context.Request.Query["region"].ToString().Length == 0)
        {
            throw ArmErrors.Invalid("The query parameter 'region' is missing; expected the region to copy to.", "region");
        }

        var stored = await resources.FindAsync(ArmKind.WebServices, call.Name, call.Cancellation);
        if (stored is null && Find(call.Name) is null)
        {
            throw ArmErrors.NotFound(call);
        }

        operations.Announce(call, stored?.Name ?? call.Name);
        call.Context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private LiveService? Find(string name) => directory.List(identity.WorkspaceId)
        .Where(service => service.Document.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        .OrderByDescending(service => service.Document.Name.Equals(name, StringComparison.Ordinal))
        .FirstOrDefault();

    private async Task AnswerAsync(ArmCall call, ArmResource? stored, int status)
    {
        var service = Find(call.Name);
        if (stored is null && service is null)
        {
            throw ArmErrors.NotFound(call);
        }

        var body = stored?.Body ?? await WebServiceResourceWriter.DescribeAsync(service!, call.Cancellation);
        var answer = WebServiceResourceWriter.Write(call, stored?.Name ?? service!.Document.Name, stored, service, body, isListed: false);
        if (access.FindRole(call.Context) < Role.Contributor)
        {
            // Parameters of modules hold credentials.
            answer.ObjectMember("properties")!.Remove("package");
            answer.ObjectMember("properties")!.Remove("parameters");
        }

        await call.AnswerAsync(answer, status);
    }

    private static JsonObject Properties(JsonObject body)
    {
        var properties = ServiceDefinition.Normalize(body.ObjectMember("properties")
            ?? throw ArmErrors.Invalid("The resource has no 'properties'; expected an object with 'packageType' \"Graph\".", "properties"));
        WebServiceResourceChanges.Check(properties);
        return properties;
    }

    private static JsonObject Envelope(JsonObject body, JsonObject properties) => new()
    {
        ["location"] = body.TextMember("location"),
        ["tags"] = body.ObjectMember("tags")?.DeepClone(),
        ["properties"] = properties,
    };

    // The classic body, sent to the address of a New service.
    private static List<ResourceUpdate> Updates(JsonObject body)
    {
        if (body.Member("Resources") is not { } given)
        {
            return [];
        }

        using var json = JsonDocument.Parse(given.ToJsonString());
        return ManagementEndpoints.ReadResources(json.RootElement);
    }

    private static JsonObject Merge(JsonObject into, JsonObject from)
    {
        var merged = into.DeepClone().AsObject();
        foreach (var (name, value) in from)
        {
            // A parameter's value is one thing, in whichever form it is written; a package is given whole.
            merged[name] = merged[name] is JsonObject present && value is JsonObject change && name is not ("value" or "package" or "parameters")
                ? Merge(present, change)
                : name == "parameters" && merged[name] is JsonObject values && value is JsonObject given
                    ? MergeValues(values, given)
                    : value?.DeepClone();
        }

        return merged;
    }

    private static JsonObject MergeValues(JsonObject into, JsonObject from)
    {
        var merged = into.DeepClone().AsObject();
        foreach (var (name, value) in from)
        {
            merged[name] = value?.DeepClone();
        }

        return merged;
    }
}
