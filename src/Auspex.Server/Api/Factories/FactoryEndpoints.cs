using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Engine.Triggers;
using Auspex.Server.Factories;
using Auspex.Storage.Definitions;

namespace Auspex.Server.Api.Factories;

/// <summary>The factories themselves: the one given at the start, and those that clients make.</summary>
internal sealed class FactoryEndpoints(ServerFactories factories, ITriggers triggers)
{
    private const string Kind = "factory";
    private const string Type = "Microsoft.DataFactory/factories";
    private const string ApiVersion = "2018-06-01";
    private const int MostBodyBytes = 4 << 20;

    private static readonly string[] ReadOnlyMembers = ["id", "name", "type", "eTag"];
    private static readonly string[] ReadOnlyProperties = ["provisioningState", "createTime", "version"];
    private static readonly string[] Patched = ["tags", "identity"];

    public void Add(Dictionary<string, Func<FactoryCall, Task>> handlers)
    {
        handlers["operations.list"] = OperationsAsync;
        handlers["factories.list"] = ListAsync;
        handlers["factories.listByResourceGroup"] = ListAsync;
        handlers["factories.get"] = GetAsync;
        handlers["factories.createOrUpdate"] = PutAsync;
        handlers["factories.update"] = PatchAsync;
        handlers["factories.delete"] = DeleteAsync;
    }

    private Task OperationsAsync(FactoryCall call) => Json.WriteAsync(call.Context, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("value");
        foreach (var operation in FactoryOperation.All.Where(operation => !operation.IsSynapseOnly))
        {
            var (group, method) = (operation.Name.Split('.')[0], operation.Name.Split('.')[1]);
            writer.WriteStartObject();
            writer.WriteString("name", $"Microsoft.DataFactory/factories/{group}/{method}");
            writer.WriteString("origin", "user,system");
            writer.WriteStartObject("display");
            writer.WriteString("provider", "Microsoft Azure Data Factory");
            writer.WriteString("resource", group);
            writer.WriteString("operation", method);
            writer.WriteString("description", $"{operation.Method} {operation.Path}");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private Task ListAsync(FactoryCall call)
    {
        factories.Refresh();
        return Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var factory in factories.List())
            {
                Write(writer, call with { Id = call.Id + factory.Name }, factory);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private Task GetAsync(FactoryCall call)
    {
        var factory = factories.Demand(call);
        var tag = TagOf(factory);
        if (EntityTags.IsKnown(call.Context.Request, tag))
        {
            call.Context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return AnswerAsync(call, factory);
    }

    private async Task PutAsync(FactoryCall call)
    {
        var body = await FactoryBody.ReadAsync(call, MostBodyBytes);
        CheckBody(body);
        FactoryDefinition written;
        using (await factories.LockAsync(call.Cancellation))
        {
            var factory = Find(call);
            EntityTags.Demand(call.Context.Request, factory is null ? null : TagOf(factory));
            var source = AsFile(factory?.Name ?? call.Factory, body);
            if (factory is null)
            {
                CheckName(call.Factory);
                written = factories.Create(call.Factory, source);
            }
            else
            {
                // Global parameters have an interface of their own; a body without them leaves them alone.
                var properties = source.ObjectMember("properties")!;
                if (properties.MemberName("globalParameters") is null
                    && SourceOf(factory).ObjectMember("properties")?.ObjectMember("globalParameters") is { } kept)
                {
                    properties["globalParameters"] = kept.DeepClone();
                }

                written = factories.Edit(factory.Name, _ => new DefinitionEdit(Kind, FileName(factory), source));
            }
        }

        await AnswerAsync(call, written);
    }

    private async Task PatchAsync(FactoryCall call)
    {
        var body = await FactoryBody.ReadAsync(call, MostBodyBytes);
        CheckBody(body);
        FactoryDefinition written;
        using (await factories.LockAsync(call.Cancellation))
        {
            var factory = factories.Demand(call);
            EntityTags.Demand(call.Context.Request, TagOf(factory));
            var source = SourceOf(factory).DeepClone().AsObject();
            source["name"] ??= factory.Name;
            source["type"] = Type;
            foreach (var member in Patched.Where(member => body.MemberName(member) is not null))
            {
                source[member] = body.Member(member)?.DeepClone();
            }

            var properties = source.ObjectMember("properties") ?? [];
            foreach (var (name, value) in body.ObjectMember("properties") ?? [])
            {
                properties[name] = value?.DeepClone();
            }

            if (properties.Parent is null)
            {
                source["properties"] = properties;
            }

            written = factories.Edit(factory.Name, _ => new DefinitionEdit(Kind, FileName(factory), source));
        }

        await AnswerAsync(call, written);
    }

    private async Task DeleteAsync(FactoryCall call)
    {
        using (await factories.LockAsync(call.Cancellation))
        {
            if (Find(call) is not { } factory)
            {
                call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            EntityTags.Demand(call.Context.Request, TagOf(factory));
            if (factories.IsGiven(factory.Name))
            {
                throw FactoryErrors.Conflict(
                    "FactoryGivenAtStart",
                    $"The factory '{factory.Name}' lies in a folder that this server was started with and does not remove. Start the server without it.");
            }

            foreach (var trigger in factory.Triggers.Keys)
            {
                await triggers.StopAsync(factory.Name, trigger, call.Cancellation);
                await triggers.RemoveAsync(factory.Name, trigger, call.Cancellation);
            }

            await factories.DeleteAsync(factory.Name, call.Cancellation);
        }
    }

    private static Task AnswerAsync(FactoryCall call, FactoryDefinition factory)
    {
        call.Context.Response.Headers.ETag = $"\"{TagOf(factory)}\"";
        return Json.WriteAsync(call.Context, writer => Write(writer, call, factory));
    }

    private FactoryDefinition? Find(FactoryCall call)
    {
        factories.Refresh();
        return factories.FindFactory(call.Factory);
    }

    private static void Write(Utf8JsonWriter writer, FactoryCall call, FactoryDefinition factory)
    {
        var source = SourceOf(factory);
        writer.WriteStartObject();
        writer.WriteString("name", factory.Name);
        writer.WriteString("id", call.Id);
        writer.WriteString("type", Type);
        writer.WriteStartObject("properties");
        writer.WriteString("provisioningState", "Succeeded");
        if (factory.Folder is { } folder)
        {
            writer.WriteString(
                "createTime", Directory.GetCreationTimeUtc(folder).ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture));
        }

        writer.WriteString("version", ApiVersion);
        foreach (var (name, value) in source.ObjectMember("properties") ?? [])
        {
            if (!ReadOnlyProperties.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                writer.WritePropertyName(name);
                ResourceDocuments.WriteNode(writer, value);
            }
        }

        writer.WriteEndObject();
        writer.WriteString("eTag", $"\"{TagOf(factory)}\"");
        writer.WriteString("location", source.TextMember("location") ?? "local");
        foreach (var (name, value) in source)
        {
            if (!ReadOnlyMembers.Contains(name, StringComparer.OrdinalIgnoreCase)
                && !name.Equals("location", StringComparison.OrdinalIgnoreCase)
                && !name.Equals("properties", StringComparison.OrdinalIgnoreCase))
            {
                writer.WritePropertyName(name);
                ResourceDocuments.WriteNode(writer, value);
            }
        }

        if (source.MemberName("tags") is null)
        {
            writer.WriteStartObject("tags");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void CheckName(string name)
    {
        if (!ManagedKind.IsPlainName(name))
        {
            throw new ServiceErrorException(
                400,
                "InvalidResourceName",
                $"'{ServiceErrors.Shorten(name)}' is no name for a factory; expected 3 to 63 letters, digits and single inner hyphens.",
                [])
            { Target = "name" };
        }
    }

    private static void CheckBody(JsonObject body)
    {
        foreach (var member in (ReadOnlySpan<string>)["properties", "tags", "identity"])
        {
            if (body.Member(member) is { } value and not JsonObject)
            {
                throw FactoryErrors.BadRequest($"'{member}' is {value.GetValueKind().ToString().ToLowerInvariant()}; expected an object.", member);
            }
        }

        if (body.ObjectMember("properties")?.Member("globalParameters") is { } parameters)
        {
            GlobalParameterEndpoints.Check(parameters as JsonObject);
        }
    }

    private static JsonObject AsFile(string name, JsonObject body)
    {
        // Whoever reads the file back knows by the type what it is, whatever its properties look like.
        var file = new JsonObject { ["name"] = name, ["type"] = Type };
        foreach (var (member, value) in body)
        {
            if (!ReadOnlyMembers.Contains(member, StringComparer.OrdinalIgnoreCase))
            {
                file[member] = value?.DeepClone();
            }
        }

        if (file.ObjectMember("properties") is not { } properties)
        {
            file["properties"] = properties = [];
        }

        foreach (var member in ReadOnlyProperties)
        {
            if (properties.MemberName(member) is { } present)
            {
                properties.Remove(present);
            }
        }

        return file;
    }

    /// <summary>The factory's own file; an empty one where the folder has none.</summary>
    internal static JsonObject SourceOf(FactoryDefinition factory) =>
        factory.Find(Kind, factory.Name)?.Source ?? new JsonObject { ["name"] = factory.Name, ["properties"] = new JsonObject() };

    /// <summary>The name under which the factory's own file is known.</summary>
    internal static string FileName(FactoryDefinition factory) => factory.Find(Kind, factory.Name)?.Name ?? factory.Name;

    private static string TagOf(FactoryDefinition factory) => EntityTags.Of(SourceOf(factory));
}
