using Auspex.Server.Auth;
using Auspex.Server.Hosting;
using Auspex.Server.WebServices;
using Auspex.Stores;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Auspex.Server.Api;

/// <summary>
/// <c>PUT /api/auspex/webservices/NAME</c>: publishes a package archive under a name. Ours alone: the original had no
/// public way to hand over a compiled experiment.
/// </summary>
internal sealed class PublishEndpoints(
    WebServicePublisher publisher,
    IArtifactStore artifacts,
    EndpointKeys keys,
    ManagementAccess access,
    ServerIdentity identity,
    ServerFolders folders,
    IOptions<WebServiceOptions> options)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapPut("/api/auspex/webservices/{name}", (RequestDelegate)PutAsync);

    private async Task PutAsync(HttpContext context)
    {
        access.Demand(context, Role.Contributor);
        var limit = options.Value.MaxUploadBytes;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = limit;
        }

        // Archives are read from their end: the upload has to be whole on disk first.
        await using var file = new FileStream(
            Path.Combine(folders.Temporary, Guid.NewGuid().ToString("N")),
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            });
        await new BoundedStream(context.Request.Body, limit).CopyToAsync(file, context.RequestAborted);
        file.Position = 0;
        var package = await ReadAsync(file, limit, context.RequestAborted);
        var description = context.Request.Query["description"].ToString();
        var service = await publisher.PublishAsync(
            identity.WorkspaceId,
            ScoringCall.RouteText(context, "name"),
            description.Length == 0 ? null : description,
            package,
            context.RequestAborted);
        await AnswerAsync(context, service);
    }

    private async Task<Experiments.WebServices.WebServicePackage> ReadAsync(
        Stream file, long limit, CancellationToken cancellationToken)
    {
        try
        {
            return await WebServicePackageArchive.ReadAsync(file, artifacts, limit, cancellationToken);
        }
        catch (PackageArchiveException e)
        {
            throw ServiceErrors.PackageError("FormatError", e.Message);
        }
    }

    private Task AnswerAsync(HttpContext context, LiveService service)
    {
        var published = PublishedWebService.Of(service, keys, PublicAddresses.Server(context));
        return Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", published.Name);
            writer.WriteNumber("version", published.Version);
            writer.WriteString("workspaceId", published.WorkspaceId);
            writer.WriteString("webServiceId", published.WebServiceId);
            writer.WriteString("endpointId", published.EndpointId);
            writer.WriteString("apiLocation", published.ApiLocation);
            writer.WriteString("helpLocation", published.HelpLocation);
            writer.WriteString("managementLocation", published.ManagementLocation);
            writer.WriteString("primaryKey", published.PrimaryKey);
            writer.WriteString("secondaryKey", published.SecondaryKey);
            writer.WriteEndObject();
        });
    }
}
