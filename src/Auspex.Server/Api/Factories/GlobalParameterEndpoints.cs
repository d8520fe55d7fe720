using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Factories;
using Auspex.Storage.Definitions;

namespace Auspex.Server.Api.Factories;

/// <summary>The global parameters of a factory, which the interface shows as one resource named <c>default</c>.</summary>
internal sealed class GlobalParameterEndpoints(ServerFactories factories)
{
    private const string Default = "default";
    private const string Member = "globalParameters";
    private const int MostBodyBytes = 1 << 20;

    private static readonly string[] Types = ["Object", "String", "Int", "Float", "Bool", "Array"];

    public void Add(Dictionary<string, Func<FactoryCall, Task>> handlers)
    {
        handlers["globalParameters.listByFactory"] = ListAsync;
        handlers["globalParameters.get"] = GetAsync;
        handlers["globalParameters.createOrUpdate"] = PutAsync;
        handlers["globalParameters.delete"] = DeleteAsync;
    }

    /// <summary>Checks a map of declarations and brings their types to the service's spelling.</summary>
    /// <exception cref="ServiceErrorException">400: it is no map of <c>{"type", "value"}</c>.</exception>
    public static void Check(JsonObject? parameters)
    {
        if (parameters is null)
        {
            throw FactoryErrors.BadRequest("Global parameters are an object of {\"type\", \"value\"} by name.", Member);
        }

        foreach (var (name, value) in parameters)
        {
            var type = (value as JsonObject)?.TextMember("type");
            var known = Array.Find(Types, known => known.Equals(type, StringComparison.OrdinalIgnoreCase));
            if (known is null || value!.AsObject().MemberName("value") is null)
            {
                throw FactoryErrors.BadRequest(
                    $"The global parameter '{ServiceErrors.Shorten(name)}' is not {{\"type\", \"value\"}} with one of the types {string.Join(", ", Types)}.",
                    name);
            }

            value!.AsObject()[value.AsObject().MemberName("type")!] = known;
        }
    }

    private Task ListAsync(FactoryCall call)
    {
        var parameters = Find(factories.Demand(call));
        return Json.WriteAsync(call.Context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            if (parameters is not null)
            {
                Write(writer, call, parameters);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private Task GetAsync(FactoryCall call)
    {
        var parameters = IsDefault(call) ? Find(factories.Demand(call)) : null;
        return parameters is null
            ? throw FactoryErrors.NotFound("GlobalParameterNotFound", "The factory has no global parameters of this name; the only name is 'default'.")
            : Json.WriteAsync(call.Context, writer => Write(writer, call, parameters));
    }

    private async Task PutAsync(FactoryCall call)
    {
        if (!IsDefault(call))
        {
            throw FactoryErrors.BadRequest("Global parameters are one resource, whose name is 'default'.", "name");
        }

        var body = await FactoryBody.ReadAsync(call, MostBodyBytes);
        var parameters = (body.Member("properties") as JsonObject)?.DeepClone().AsObject();
        Check(parameters);
        await WriteAsync(call, factories.Demand(call), parameters);
        await Json.WriteAsync(call.Context, writer => Write(writer, call, parameters!));
    }

    private async Task DeleteAsync(FactoryCall call)
    {
        var factory = factories.Demand(call);
        if (!IsDefault(call) || Find(factory) is null)
        {
            call.Context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await WriteAsync(call, factory, null);
    }

    private async Task WriteAsync(FactoryCall call, FactoryDefinition factory, JsonObject? parameters)
    {
        using (await factories.LockAsync(call.Cancellation))
        {
            factories.Edit(factory.Name, now =>
            {
                var source = FactoryEndpoints.SourceOf(now).DeepClone().AsObject();
                if (source.ObjectMember("properties") is not { } properties)
                {
                    source["properties"] = properties = [];
                }

                properties.Remove(properties.MemberName(Member) ?? Member);
                if (parameters is not null)
                {
                    properties[Member] = parameters.DeepClone();
                }

                return new DefinitionEdit("factory", FactoryEndpoints.FileName(now), source);
            });
        }
    }

    private static JsonObject? Find(FactoryDefinition factory) =>
        FactoryEndpoints.SourceOf(factory).ObjectMember("properties")?.ObjectMember(Member);

    private static bool IsDefault(FactoryCall call) => call.Route("name").Equals(Default, StringComparison.OrdinalIgnoreCase);

    private static void Write(Utf8JsonWriter writer, FactoryCall call, JsonObject parameters)
    {
        writer.WriteStartObject();
        writer.WriteString("id", $"{call.Id}/globalParameters/{Default}");
        writer.WriteString("name", Default);
        writer.WriteString("type", $"{call.Type}/globalParameters");
        writer.WritePropertyName("properties");
        parameters.WriteTo(writer);
        writer.WriteString("etag", EntityTags.Of(parameters));
        writer.WriteEndObject();
    }
}
