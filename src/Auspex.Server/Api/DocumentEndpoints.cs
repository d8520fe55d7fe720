using Auspex.Server.WebServices;
using Auspex.Server.WebServices.Swagger;

namespace Auspex.Server.Api;

/// <summary>What a service says of itself, to anyone: its Swagger document at the three addresses that clients use, and help pages.</summary>
internal sealed class DocumentEndpoints(WebServiceDirectory directory)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/workspaces/{workspace}/services/{endpoint}/swagger.json", (RequestDelegate)SwaggerAsync);
        routes.MapGet("/subscriptions/{subscription}/services/{endpoint}/swagger.json", (RequestDelegate)SwaggerAsync);
        foreach (var root in (string[])["/workspaces", "/apihelp/workspaces"])
        {
            routes.MapGet(
                root + "/{workspace}/webservices/{service}/endpoints/{endpoint}/apidocument", (RequestDelegate)ApiDocumentAsync);
        }

        routes.MapGet(
            "/apihelp/workspaces/{workspace}/webservices/{service}/endpoints/{endpoint}/{page}", (RequestDelegate)HelpAsync);

        // The address that clients and people are given; its pages are relative to it.
        routes.MapGet("/apihelp/workspaces/{workspace}/webservices/{service}/endpoints/{endpoint}", (RequestDelegate)FirstPageAsync);
    }

    private async Task SwaggerAsync(HttpContext context)
    {
        ScoringCall.CheckVersion(context);
        var (service, endpoint) = ScoringCall.Find(context, directory) ?? throw NoService();
        await WriteAsync(context, service, endpoint);
    }

    private async Task ApiDocumentAsync(HttpContext context)
    {
        var (service, endpoint) = Find(context);
        await WriteAsync(context, service, endpoint);
    }

    private async Task HelpAsync(HttpContext context)
    {
        var (service, endpoint) = Find(context);
        var model = await endpoint.Current.Model.GetAsync(context.RequestAborted);
        var frame = new HelpFrame(
            service.Document.Name,
            endpoint.Current.Document.Name,
            PublicAddresses.Api(PublicAddresses.Server(context), service.Document.WorkspaceId, endpoint.Current.Document.Id),
            PublicAddresses.Management(
                PublicAddresses.Server(context),
                service.Document.WorkspaceId,
                service.Document.Id,
                endpoint.Current.Document.Name),
            endpoint.Current.Document.Id == service.Document.DefaultEndpointId);
        var page = ScoringCall.RouteText(context, "page").ToUpperInvariant() switch
        {
            "SCORE" => HelpPages.Score(frame, model),
            "JOBS" => HelpPages.Jobs(frame, model),
            "UPDATE" => HelpPages.Update(frame, model),
            _ => throw ServiceErrors.NotFound("ResourceNotFound", "Help pages are: score, jobs, update, apidocument."),
        };
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private Task FirstPageAsync(HttpContext context)
    {
        Find(context);
        context.Response.Redirect($"{context.Request.PathBase}{context.Request.Path.ToString().TrimEnd('/')}/score");
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(HttpContext context, LiveService service, LiveEndpoint endpoint)
    {
        var state = endpoint.Current;
        var model = await state.Model.GetAsync(context.RequestAborted);
        var path = context.Request.RouteValues.TryGetValue("subscription", out var subscription)
            ? $"/subscriptions/{subscription}/services/{state.Document.Id}"
            : PublicAddresses.ApiPath(service.Document.WorkspaceId, state.Document.Id);
        var frame = new SwaggerFrame(
            service.Document.Name,
            service.Document.Description,
            state.Document.Name,
            state.Document.Description,
            context.Request.Host.Value ?? "",
            context.Request.Scheme,
            path,
            state.Document.SampleDataEnabled);
        await Json.WriteAsync(context, writer => SwaggerDocument.Write(writer, model.Shape.Signature, frame));
    }

    private (LiveService Service, LiveEndpoint Endpoint) Find(HttpContext context)
    {
        var service = directory.FindService(
            ScoringCall.RouteText(context, "workspace"), ScoringCall.RouteText(context, "service"));
        return service?.FindEndpoint(ScoringCall.RouteText(context, "endpoint")) is { } endpoint
            ? (service, endpoint)
            : throw NoService();
    }

    private static ServiceErrorException NoService() =>
        ServiceErrors.NotFound("WebServiceNotFound", "There is no such web service endpoint on this server.");
}
