using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Auth;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Resources;

namespace Auspex.Server.Api.MachineLearning;

/// <summary>Workspaces as resources. One server is one workspace: each resource is a name for it, with tokens of its own.</summary>
internal sealed class WorkspaceEndpoints(ArmResources resources, AccessTokens tokens, ServerIdentity identity)
{
    private static readonly string[] Writable = ["userStorageAccountId", "ownerEmail", "keyVaultIdentifierId"];
    private static readonly string[] TokenNames = ["primaryToken", "secondaryToken"];

    public async Task ListAsync(ArmCall call) => await call.AnswerAsync(new JsonObject
    {
        ["value"] = new JsonArray([.. (await resources.ListAsync(ArmKind.Workspaces, call.Cancellation)).Select(stored => Write(call, stored))]),
    });

    public async Task GetAsync(ArmCall call) => await call.AnswerAsync(Write(call, await FindAsync(call)));

    public async Task PutAsync(ArmCall call)
    {
        var body = await call.ReadBodyAsync();
        ArmErrors.CheckEnvelope(call, body, needsLocation: true);
        var properties = Read(body.ObjectMember("properties") ?? []);
        if (string.IsNullOrWhiteSpace(properties.TextMember("userStorageAccountId")))
        {
            throw ArmErrors.Invalid("'properties.userStorageAccountId' is missing; expected the id of a storage account.", "properties.userStorageAccountId");
        }

        ArmResource written;
        using (await resources.LockAsync(call.Cancellation))
        {
            var stored = await resources.FindAsync(ArmKind.Workspaces, call.Name, call.Cancellation);
            var given = new JsonObject
            {
                ["location"] = body.TextMember("location"),
                ["tags"] = body.ObjectMember("tags")?.DeepClone(),
                ["sku"] = body.ObjectMember("sku")?.DeepClone(),
                ["properties"] = properties,
                ["tokens"] = stored?.Body["tokens"]?.DeepClone() ?? await CreateTokensAsync(call),
            };
            written = await resources.SaveAsync(stored, ArmKind.Workspaces, call.Name, given, call.Cancellation);
        }

        // The clients of this resource take nothing but 200 for success.
        await call.AnswerAsync(Write(call, written));
    }

    public async Task PatchAsync(ArmCall call)
    {
        var body = await call.ReadBodyAsync();
        ArmErrors.CheckEnvelope(call, body, needsLocation: false);
        ArmResource written;
        using (await resources.LockAsync(call.Cancellation))
        {
            var stored = await FindAsync(call);
            var merged = stored.Body.DeepClone().AsObject();
            var given = body.ObjectMember("properties") ?? [];
            if (body.ObjectMember("tags") is { } tags)
            {
                merged["tags"] = tags.DeepClone();
            }

            if ((given.ObjectMember("sku") ?? body.ObjectMember("sku")) is { } sku)
            {
                merged["sku"] = sku.DeepClone();
            }

            var properties = merged["properties"]!.AsObject();
            foreach (var (name, value) in Read(given))
            {
                properties[name] = value?.DeepClone();
            }

            written = await resources.SaveAsync(stored, ArmKind.Workspaces, call.Name, merged, call.Cancellation);
        }

        await call.AnswerAsync(Write(call, written));
    }

    public async Task DeleteAsync(ArmCall call)
    {
        using (await resources.LockAsync(call.Cancellation))
        {
            if (await resources.FindAsync(ArmKind.Workspaces, call.Name, call.Cancellation) is not { } stored)
            {
                call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            foreach (var name in TokenNames)
            {
                await tokens.DeleteAsync(TokenId(stored.Name, name), call.Cancellation);
            }

            await resources.DeleteAsync(ArmKind.Workspaces, stored.Name, call.Cancellation);
        }
    }

    public async Task ListKeysAsync(ArmCall call)
    {
        var given = (await FindAsync(call)).Body.ObjectMember("tokens") ?? [];
        var answer = new JsonObject();
        foreach (var name in TokenNames)
        {
            answer[name] = given.TextMember(name);
        }

        await call.AnswerAsync(answer);
    }

    // Storage is reached with the keys that references bear; there is none of the workspace's own that could be stale.
    public async Task ResyncAsync(ArmCall call) => await FindAsync(call);

    private async Task<ArmResource> FindAsync(ArmCall call) =>
        await resources.FindAsync(ArmKind.Workspaces, call.Name, call.Cancellation) ?? throw ArmErrors.NotFound(call);

    private async Task<JsonObject> CreateTokensAsync(ArmCall call)
    {
        var made = new JsonObject();
        foreach (var name in TokenNames)
        {
            made[name] = await tokens.CreateAsync(TokenId(call.Name, name), Role.Contributor, call.Cancellation);
        }

        return made;
    }

    private static string TokenId(string workspace, string token) => $"workspace/{workspace}/{token}";

    private static JsonObject Read(JsonObject given)
    {
        var properties = new JsonObject();
        foreach (var name in Writable)
        {
            if (given.Member(name) is { } value)
            {
                properties[name] = value.AsText() ?? throw ArmErrors.Invalid($"'properties.{name}' is no text.", $"properties.{name}");
            }
        }

        return properties;
    }

    private JsonObject Write(ArmCall call, ArmResource stored)
    {
        var properties = stored.Properties.DeepClone().AsObject();
        properties["workspaceType"] = "Production";
        properties["workspaceState"] = "Enabled";
        properties["workspaceId"] = identity.WorkspaceId;
        properties["creationTime"] = WebServiceResourceWriter.Time(stored.CreatedAt);
        properties["studioEndpoint"] = PublicAddresses.Server(call.Context);
        var resource = new JsonObject
        {
            ["id"] = call.IdOf(stored.Name),
            ["name"] = stored.Name,
            ["type"] = call.Type,
            ["location"] = stored.Body.TextMember("location"),
            ["tags"] = stored.Body.ObjectMember("tags")?.DeepClone() ?? new JsonObject(),
            ["sku"] = stored.Body.ObjectMember("sku")?.DeepClone() ?? new JsonObject { ["name"] = "Enterprise", ["tier"] = "Enterprise" },
            ["properties"] = properties,
        };
        if (call.Version == "2016-04-01")
        {
            // Templates of that version read WorkspaceId, with capitals throughout.
            resource["properties"] = new JsonObject(properties.ToList().Select(member =>
                KeyValuePair.Create(char.ToUpperInvariant(member.Key[0]) + member.Key[1..], member.Value?.DeepClone())));
        }

        return resource;
    }
}
