using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Triggers;
using Auspex.Server.Factories;
using Auspex.Storage.Definitions;

namespace Auspex.Server.Api.Factories;

/// <summary>The definitions of a factory: pipelines, linked services, datasets, triggers and the kinds that are only kept.</summary>
internal sealed class ResourceEndpoints(
    ServerFactories factories, ResourceDocuments documents, OperationResults operations, ITriggers triggers)
{
    private const int MostBodyBytes = 4 << 20;
    private const int PageSize = 200;

    // Said by the service, not by whoever writes.
    private static readonly string[] ReadOnlyMembers = ["id", "etag", "name", "type", "properties"];

    public void Add(Dictionary<string, Func<FactoryCall, Task>> handlers)
    {
        foreach (var kind in ManagedKind.OfFactory.Union(ManagedKind.OfWorkspace))
        {
            handlers[$"{kind.Group}.listByFactory"] = call => ListAsync(call, kind);
            handlers[$"{kind.Group}.get"] = call => GetAsync(call, kind);
            handlers[$"{kind.Group}.createOrUpdate"] = call => PutAsync(call, kind);
            handlers[$"{kind.Group}.delete"] = call => DeleteAsync(call, kind);
            handlers[$"{kind.Group}.rename"] = call => RenameAsync(call, kind);
        }

        handlers["operationResults.get"] = ResultAsync;
    }

    private async Task ListAsync(FactoryCall call, ManagedKind kind)
    {
        var factory = factories.Demand(call);
        var states = await documents.StatesAsync(kind, factory, call.Cancellation);
        var after = call.Query("$skipToken");
        var page = factory.List(kind.Folder)
            .Where(resource => after is null || StringComparer.OrdinalIgnoreCase.Compare(resource.Name, after) > 0)
            .Take(PageSize + 1)
            .ToArray();
        await Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var resource in page.Take(PageSize))
            {
                documents.Write(writer, call, kind, factory, resource, states);
            }

            writer.WriteEndArray();
            if (page.Length > PageSize)
            {
                var version = Uri.EscapeDataString(call.Query("api-version")!);
                writer.WriteString(
                    "nextLink",
                    $"{call.Authority}{call.Context.Request.Path.ToUriComponent()}?api-version={version}&$skipToken={Uri.EscapeDataString(page[PageSize - 1].Name)}");
            }

            writer.WriteEndObject();
        });
    }

    private async Task GetAsync(FactoryCall call, ManagedKind kind)
    {
        var factory = factories.Demand(call);
        var resource = Find(call, kind, factory);
        var tag = documents.TagOf(factory, resource);
        call.Context.Response.Headers.ETag = $"\"{tag}\"";
        if (EntityTags.IsKnown(call.Context.Request, tag))
        {
            call.Context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var states = await documents.StatesAsync(kind, factory, call.Cancellation);
        await Json.WriteAsync(call.Context, writer => documents.Write(writer, call, kind, factory, resource, states));
    }

    private async Task PutAsync(FactoryCall call, ManagedKind kind)
    {
        var name = call.Route("name");
        DefinitionChecks.CheckName(kind, name);
        var source = AsFile(name, await FactoryBody.ReadAsync(call, MostBodyBytes), kind, call);
        using (await factories.LockAsync(call.Cancellation))
        {
            if (call.IsSynapse && factories.FindFactory(call.Factory) is null)
            {
                // A workspace is there from the beginning; it needs a folder only now.
                factories.Create(call.Factory, new JsonObject
                {
                    ["name"] = call.Factory,
                    ["type"] = "Microsoft.DataFactory/factories",
                    ["properties"] = new JsonObject(),
                });
            }

            var factory = factories.Demand(call);
            DefinitionChecks.CheckWrite(factory, kind, name, source);
            var present = Demanded(call, kind, factory, name);
            await DemandStoppedAsync(call, kind, present);
            SecretValues.Restore(source, present?.Source);
            await KeepSecretsAsync(call, kind, factory, present?.Name ?? name, source);
            if (present is not null)
            {
                // The name that stands there stays as it is spelled: others may refer to it so.
                source["name"] = present.Name;
            }

            await WriteAsync(call, kind, name, source);
        }
    }

    private async Task DeleteAsync(FactoryCall call, ManagedKind kind)
    {
        var name = call.Route("name");
        using (await factories.LockAsync(call.Cancellation))
        {
            var factory = factories.Demand(call);
            if (Demanded(call, kind, factory, name) is not { } present)
            {
                call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            await DemandStoppedAsync(call, kind, present);
            DefinitionChecks.CheckDelete(factory, kind, name);
            factories.Edit(factory.Name, now =>
            {
                Demanded(call, kind, now, name);
                return new DefinitionEdit(kind.Folder, present.Name, null);
            });
            if (kind == ManagedKind.LinkedService)
            {
                await factories.Secrets.ForgetAsync(factory.Name, present.Name, [], call.Cancellation);
            }
            else if (kind == ManagedKind.Trigger)
            {
                await triggers.RemoveAsync(factory.Name, present.Name, call.Cancellation);
            }
        }

        if (call.IsSynapse)
        {
            Accept(call, null);
        }
    }

    private async Task RenameAsync(FactoryCall call, ManagedKind kind)
    {
        var body = await FactoryBody.ReadAsync(call, MostBodyBytes);
        var newName = body.TextMember("newName") ?? throw FactoryErrors.BadRequest("The body has no 'newName'.", "newName");
        DefinitionChecks.CheckName(kind, newName);
        using (await factories.LockAsync(call.Cancellation))
        {
            var factory = factories.Demand(call);
            var present = Find(call, kind, factory);
            if (factory.Find(kind.Folder, newName) is not null)
            {
                throw FactoryErrors.Conflict("ResourceExists", $"There is a {kind.Label} '{newName}' already.");
            }

            await DemandStoppedAsync(call, kind, present);
            DefinitionChecks.CheckDelete(factory, kind, present.Name);
            var source = present.Source.DeepClone().AsObject();
            source["name"] = newName;
            if (kind == ManagedKind.LinkedService)
            {
                await factories.Secrets.MoveAsync(factory.Name, present.Name, newName, call.Cancellation);
            }

            await WriteAsync(call, kind, newName, source);
            factories.Edit(factory.Name, _ => new DefinitionEdit(kind.Folder, present.Name, null));
        }
    }

    private Task ResultAsync(FactoryCall call)
    {
        if (!operations.TryFind(call.Route("operation"), out var result))
        {
            throw FactoryErrors.NotFound(
                "OperationNotFound", "There is no such operation, or it ended long ago. Read the resource itself.");
        }

        if (result is not null)
        {
            return Json.WriteAsync(call.Context, writer => result.WriteTo(writer));
        }

        call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private async Task WriteAsync(FactoryCall call, ManagedKind kind, string name, JsonObject source)
    {
        var factory = factories.Edit(call.Factory, now =>
        {
            Demanded(call, kind, now, name);
            return new DefinitionEdit(kind.Folder, name, source);
        });
        var written = factory.Find(kind.Folder, name)
            ?? throw FactoryErrors.Conflict(
                "DefinitionHidden", $"The {kind.Label} '{name}' was written, but the factory's folder is read so that another file hides it.");
        var states = await documents.StatesAsync(kind, factory, call.Cancellation);
        if (call.IsSynapse)
        {
            Accept(call, ToJson(writer => documents.Write(writer, call, kind, factory, written, states)));
            return;
        }

        call.Context.Response.Headers.ETag = $"\"{documents.TagOf(factory, written)}\"";
        await Json.WriteAsync(call.Context, writer => documents.Write(writer, call, kind, factory, written, states));
    }

    // The secrets that stand in the body go where they can be kept; the file says only that they are there.
    private async Task KeepSecretsAsync(
        FactoryCall call, ManagedKind kind, FactoryDefinition factory, string name, JsonObject source)
    {
        if (kind != ManagedKind.LinkedService || source.ObjectMember("properties")?.ObjectMember("typeProperties") is not { } properties)
        {
            return;
        }

        var kept = ImmutableHashSet.CreateBuilder<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (member, value) in properties.ToArray())
        {
            if (SecretValues.Literal(member, value) is { } secret)
            {
                await factories.Secrets.SetAsync(factory.Name, name, member, secret, call.Cancellation);
                properties[member] = SecretValues.Masked();
                kept.Add(member);
            }
            else if (SecretValues.IsMasked(value))
            {
                kept.Add(member);
            }
        }

        await factories.Secrets.ForgetAsync(factory.Name, name, kept.ToImmutable(), call.Cancellation);
    }

    private async Task DemandStoppedAsync(FactoryCall call, ManagedKind kind, FactoryResource? present)
    {
        if (kind == ManagedKind.Trigger && present is not null
            && (await triggers.GetAsync(call.Factory, present.Name, call.Cancellation)).RuntimeState == TriggerRuntimeState.Started)
        {
            throw FactoryErrors.TriggerStarted(present.Name);
        }
    }

    private FactoryResource? Demanded(FactoryCall call, ManagedKind kind, FactoryDefinition factory, string name)
    {
        var present = factory.Find(kind.Folder, name);
        EntityTags.Demand(call.Context.Request, present is null ? null : documents.TagOf(factory, present));
        return present;
    }

    private static FactoryResource Find(FactoryCall call, ManagedKind kind, FactoryDefinition factory)
    {
        var name = call.Route("name");
        return factory.Find(kind.Folder, name)
            ?? throw FactoryErrors.NotFound(kind, name, factory.List(kind.Folder).Select(resource => resource.Name));
    }

    private void Accept(FactoryCall call, JsonObject? result)
    {
        var version = Uri.EscapeDataString(call.Query("api-version")!);
        call.Context.Response.StatusCode = StatusCodes.Status202Accepted;
        call.Context.Response.Headers.Location = $"{call.Authority}/operationResults/{operations.Add(result)}?api-version={version}";
        call.Context.Response.Headers.RetryAfter = "0";
    }

    /// <summary>The file of a resource: its name first, as git folders have it.</summary>
    private static JsonObject AsFile(string name, JsonObject body, ManagedKind kind, FactoryCall call)
    {
        var file = new JsonObject { ["name"] = name };
        if (body.Member("properties") is { } properties)
        {
            file["properties"] = properties.DeepClone();
        }

        foreach (var (member, value) in body)
        {
            if (!ReadOnlyMembers.Contains(member, StringComparer.OrdinalIgnoreCase))
            {
                file[member] = value?.DeepClone();
            }
        }

        // Whether a trigger is started is for start and stop to say.
        if (kind == ManagedKind.Trigger && file["properties"] is JsonObject trigger && trigger.MemberName("runtimeState") is { } state)
        {
            trigger.Remove(state);
        }

        // Whoever reads the file back knows by this what it is, whatever its body looks like.
        file["type"] = $"{call.Type}/{kind.TypeSegment}";
        return file;
    }

    private static JsonObject ToJson(Action<Utf8JsonWriter> write)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Json.WriterOptions))
        {
            write(writer);
        }

        return JsonNode.Parse(buffer.WrittenSpan)!.AsObject();
    }
}
