using System.Globalization;
using Auspex.Connectors.ObjectStorage;
using Auspex.Server.WebServices;
using Microsoft.Net.Http.Headers;

namespace Auspex.Server.Api;

/// <summary>Hands out single blobs of folder stores under signed addresses: <c>GET /storage/CONTAINER/PATH?...&amp;sig=...</c>.</summary>
/// <remarks>Answers as a blob service does, ranges included, so that storage libraries can read here too.</remarks>
internal sealed class StorageEndpoints(StorageAddresses addresses, Func<BlobReference, IBlobStore> openStore)
{
    private const int BufferSize = 1 << 16;

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
        var (from, length, isPart) = ReadRange(context.Request, properties.SizeInBytes);
        var headers = context.Response.Headers;
        headers.ContentType = "application/octet-stream";
        headers.ContentLength = length;
        headers.AcceptRanges = "bytes";
        headers.ETag = $"\"{properties.ETag.Trim('"')}\"";
        headers.LastModified = properties.LastModified.ToString("R", CultureInfo.InvariantCulture);
        headers["x-ms-blob-type"] = "BlockBlob";
        if (isPart)
        {
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture, $"bytes {from}-{from + length - 1}/{properties.SizeInBytes}");
        }

        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await using var content = await store.OpenReadAsync(path, from, context.RequestAborted);
        await CopyAsync(content, context.Response.Body, length, context.RequestAborted);
    }

    /// <summary>The bytes asked for: one range at most, from the start of a range header or of the storage protocol's own.</summary>
    private static (long From, long Length, bool IsPart) ReadRange(HttpRequest request, long size)
    {
        var text = request.Headers["x-ms-range"].ToString() is { Length: > 0 } own ? own : request.Headers.Range.ToString();
        if (text.Length == 0
            || !RangeHeaderValue.TryParse(text, out var range)
            || range.Ranges.Count != 1
            || range.Ranges.First() is not { From: { } from } one
            || from >= size)
        {
            return (0, size, false);
        }

        var end = Math.Min(one.To ?? long.MaxValue, size - 1);
        return (from, end - from + 1, true);
    }

    private static async Task CopyAsync(Stream from, Stream to, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (length > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), cancellationToken);
            if (read == 0)
            {
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            length -= read;
        }
    }
}
