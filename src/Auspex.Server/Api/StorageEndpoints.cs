using System.Globalization;
using Auspex.Connectors.ObjectStorage;
using Auspex.Server.WebServices;

namespace Auspex.Server.Api;

/// <summary>Hands out single blobs of folder stores under signed addresses: <c>GET /storage/CONTAINER/PATH?...&amp;sig=...</c>.</summary>
internal sealed class StorageEndpoints(StorageAddresses addresses, Func<BlobReference, IBlobStore> openStore)
{
    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(StorageAddresses.PathPrefix + "{**path}", ["GET", "HEAD"], (RequestDelegate)GetAsync);

    private async Task GetAsync(HttpContext context)
    {
        var path = (string?)context.Request.RouteValues["path"] ?? "";
        var blob = addresses.Open(path, context.Request.Query["sig"].ToString())
            ?? throw ServiceErrors.Create(
                403,
                "AuthenticationFailed",
                "The address is not signed by this server, was changed, or has expired.",
                "AuthenticationFailed",
                "Ask for the job's status again; it gives new addresses.");
        var store = openStore(blob);
        var properties = await store.FindAsync(path, context.RequestAborted) ?? throw ServiceErrors.NotFound(
            "BlobNotFound", $"There is no blob {ServiceErrors.Shorten(path)}.");
        context.Response.ContentType = "application/octet-stream";
        context.Response.ContentLength = properties.SizeInBytes;
        context.Response.Headers.ETag = $"\"{properties.ETag.Trim('"')}\"";
        context.Response.Headers.LastModified = properties.LastModified.ToString("R", CultureInfo.InvariantCulture);
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var content = await store.OpenReadAsync(path, 0, context.RequestAborted);
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
