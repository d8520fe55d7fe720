using System.Text.Json;
using Auspex.Connectors.ObjectStorage;
using Auspex.Server.Auth;
using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Batch;
using Auspex.Server.WebServices.Code;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Api;

/// <summary>The classic management interface: services and endpoints under <c>/workspaces/{ws}/webservices</c>.</summary>
internal sealed class ManagementEndpoints(
    WebServiceDirectory directory,
    EndpointChanges changes,
    CodePublisher code,
    ManagementAccess access,
    ManagementWriter answers,
    ServerIdentity identity,
    IOptions<WebServiceOptions> options)
{
    private const int MostBodyBytes = 4 << 20;
    private const string Root = "/workspaces/{workspace}/webservices";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Root, (RequestDelegate)ListAsync);
        routes.MapGet(Root + "/{service}", (RequestDelegate)GetAsync);
        routes.MapPut(Root + "/{service}", (RequestDelegate)PutAsync);
        routes.MapDelete(Root + "/{service}", (RequestDelegate)DeleteAsync);
        routes.MapGet(Root + "/{service}/endpoints", (RequestDelegate)ListEndpointsAsync);
        routes.MapGet(Root + "/{service}/endpoints/{endpoint}", (RequestDelegate)GetEndpointAsync);
        routes.MapPut(Root + "/{service}/endpoints/{endpoint}", (RequestDelegate)PutEndpointAsync);
        routes.MapPatch(Root + "/{service}/endpoints/{endpoint}", (RequestDelegate)PatchEndpointAsync);
        routes.MapDelete(Root + "/{service}/endpoints/{endpoint}", (RequestDelegate)DeleteEndpointAsync);
        routes.MapPost(Root + "/{service}/endpoints/{endpoint}/refresh", (RequestDelegate)RefreshAsync);
        routes.MapGet(Root + "/{service}/endpoints/{endpoint}/keys", (RequestDelegate)GetKeysAsync);
        routes.MapPost(Root + "/{service}/endpoints/{endpoint}/keys/{key}/regenerate", (RequestDelegate)RegenerateKeyAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var workspace = DemandWorkspace(context);
        return Json.WriteAsync(context, writer =>
        {
            writer.WriteStartArray();
            foreach (var service in directory.List(workspace))
            {
                ManagementWriter.Write(writer, service);
            }

            writer.WriteEndArray();
        });
    }

    private Task GetAsync(HttpContext context)
    {
        access.Demand(context, Role.Reader);
        var service = FindService(context);
        return Json.WriteAsync(context, writer => ManagementWriter.Write(writer, service));
    }

    // Python and R publish functions here, under an id of their choice.
    private async Task PutAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        DemandWorkspace(context);
        var id = ReadServiceId(context);
        using var body = await Json.ReadAsync(context, (int)Math.Min(int.MaxValue - 1, options.Value.MaxUploadBytes));
        var (service, isNew) = await code.PublishAsync(id, CodeBundleReader.Read(body?.RootElement ?? default), context.RequestAborted);
        context.Response.StatusCode = isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await Json.WriteAsync(context, writer => ManagementWriter.Write(writer, service));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        await directory.DeleteServiceAsync(FindService(context), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task ListEndpointsAsync(HttpContext context)
    {
        var role = access.Demand(context, Role.Reader);
        var service = FindService(context);
        var list = await ManagementWriter.DescribeAsync(service, context.RequestAborted);
        var server = PublicAddresses.Server(context);
        await Json.WriteAsync(context, writer =>
        {
            writer.WriteStartArray();
            foreach (var endpoint in list)
            {
                answers.Write(writer, service, endpoint, server, role >= Role.Contributor);
            }

            writer.WriteEndArray();
        });
    }

    private async Task GetEndpointAsync(HttpContext context)
    {
        var (service, endpoint, showKeys) = OpenEndpoint(context, Role.Reader);
        await AnswerAsync(context, service, endpoint, showKeys);
    }

    private async Task PutEndpointAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        var service = FindService(context);
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        var settings = EndpointSettings.Read(body?.RootElement ?? default);
        var (endpoint, created) = await changes.PutAsync(
            service, ScoringCall.RouteText(context, "endpoint"), settings, context.RequestAborted);
        context.Response.StatusCode = created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        await AnswerAsync(context, service, endpoint, showKeys: true);
    }

    private async Task PatchEndpointAsync(HttpContext context)
    {
        var (service, endpoint, showKeys) = OpenEndpoint(context, Role.Contributor);
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        if (body is null || body.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw ServiceErrors.RequestBodyInvalid(
                "The request body is no JSON object; expected one with 'Resources' or settings of the endpoint.");
        }

        var settings = EndpointSettings.Read(body.RootElement);
        var resources = ReadResources(body.RootElement.Member("Resources"));
        await changes.PatchAsync(service, endpoint, settings, resources, context.RequestAborted);
        await AnswerAsync(context, service, endpoint, showKeys);
    }

    private async Task DeleteEndpointAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        var service = FindService(context);
        await changes.DeleteAsync(service, FindEndpoint(context, service), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task RefreshAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        var service = FindService(context);
        var endpoint = FindEndpoint(context, service);
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        var overwrite = EndpointSettings.ReadFlag(body?.RootElement ?? default, "OverwriteResources") ?? false;
        if (await changes.RefreshAsync(service, endpoint, overwrite, context.RequestAborted))
        {
            await AnswerAsync(context, service, endpoint, showKeys: true);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        }
    }

    private Task GetKeysAsync(HttpContext context)
    {
        var (_, endpoint, _) = OpenEndpoint(context, Role.Contributor);
        return answers.WriteKeysAsync(context, endpoint.Current.Document);
    }

    private async Task RegenerateKeyAsync(HttpContext context)
    {
        var (service, endpoint, _) = OpenEndpoint(context, Role.Contributor);
        var which = ScoringCall.RouteText(context, "key");
        var isPrimary = which.Equals("primary", StringComparison.OrdinalIgnoreCase);
        if (!isPrimary && !which.Equals("secondary", StringComparison.OrdinalIgnoreCase))
        {
            throw ServiceErrors.BadArgument(
                "MissingKeys", $"An endpoint has no key '{ServiceErrors.Shorten(which)}'; expected primary or secondary.");
        }

        var key = EndpointKeys.NewKey();
        await changes.SetKeysAsync(service, endpoint, isPrimary ? key : null, isPrimary ? null : key, context.RequestAborted);
        await answers.WriteKeysAsync(context, endpoint.Current.Document);
    }

    private async Task AnswerAsync(HttpContext context, LiveService service, LiveEndpoint endpoint, bool showKeys)
    {
        var description = await ManagementWriter.DescribeAsync(endpoint, context.RequestAborted);
        var server = PublicAddresses.Server(context);
        await Json.WriteAsync(context, writer => answers.Write(writer, service, description, server, showKeys));
    }

    // The endpoint's own key opens what concerns this endpoint alone; it sees the keys that it is one of.
    internal (LiveService Service, LiveEndpoint Endpoint, bool ShowKeys) OpenEndpoint(HttpContext context, Role least)
    {
        var key = BearerToken.FindOfManagement(context.Request) ?? throw ServiceErrors.ManagementUnauthorized();
        var role = access.FindRole(context);
        if (role is null)
        {
            var service = directory.FindService(
                ScoringCall.RouteText(context, "workspace"), ScoringCall.RouteText(context, "service"));
            return service?.FindEndpoint(ScoringCall.RouteText(context, "endpoint")) is { } endpoint
                && endpoint.Current.Accepts(key)
                    ? (service, endpoint, true)
                    : throw ServiceErrors.ManagementUnauthorized();
        }

        access.Demand(context, least);
        var found = FindService(context);
        return (found, FindEndpoint(context, found), role >= Role.Contributor);
    }

    private string DemandWorkspace(HttpContext context)
    {
        var workspace = ScoringCall.RouteText(context, "workspace");
        return workspace.Equals(identity.WorkspaceId, StringComparison.OrdinalIgnoreCase)
            ? identity.WorkspaceId
            : throw ServiceErrors.NotFound(
                "WorkspaceNotFound", $"There is no workspace '{ServiceErrors.Shorten(workspace)}' on this server.");
    }

    private LiveService FindService(HttpContext context)
    {
        var workspace = DemandWorkspace(context);
        var id = ReadServiceId(context);
        return directory.FindService(workspace, id) ?? throw ServiceErrors.NotFound(
            "WebServiceIdNotFoundInWorkspace", $"There is no web service '{id}' in this workspace.");
    }

    private static string ReadServiceId(HttpContext context) =>
        Guid.TryParse(ScoringCall.RouteText(context, "service"), out var id) ? id.ToString("N") : throw ServiceErrors.BadArgument(
            "WebServiceIdInvalid", "Invalid web service ID provided. Verify the web service ID is correct and try again.");

    internal static LiveEndpoint FindEndpoint(HttpContext context, LiveService service)
    {
        var name = ScoringCall.RouteText(context, "endpoint");
        return service.FindEndpoint(name) ?? throw ServiceErrors.NotFound(
            "WebServiceNotFound",
            $"The web service has no endpoint '{ServiceErrors.Shorten(name)}'. It has: {string.Join(", ", service.ListEndpoints().Select(endpoint => endpoint.Current.Document.Name).Take(20))}.");
    }

    internal static List<ResourceUpdate> ReadResources(JsonElement resources)
    {
        if (!resources.IsGiven())
        {
            return [];
        }

        if (resources.ValueKind != JsonValueKind.Array)
        {
            throw ServiceErrors.RequestBodyInvalid("'Resources' is no JSON array; expected one of {\"Name\", \"Location\"}.");
        }

        var updates = new List<ResourceUpdate>();
        foreach (var resource in resources.EnumerateArray())
        {
            if (resource.Text("Name") is not { Length: > 0 } name)
            {
                throw ServiceErrors.RequestBodyInvalid("A resource has no 'Name'; expected the name of a saved trained model.");
            }

            BlobReference location = BlobReferenceReader.Read(
                resource.Member("Location"), $"resource '{ServiceErrors.Shorten(name)}'", "MissingInputBlobInformation");
            updates.Add(new ResourceUpdate(name, location));
        }

        return updates;
    }
}
