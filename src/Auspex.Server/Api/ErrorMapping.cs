using System.Text.Json;
using Auspex.Connectors.ObjectStorage;
using Auspex.Experiments.Modules;
using Auspex.Experiments.WebServices;

namespace Auspex.Server.Api;

/// <summary>Which exception gives which HTTP status and error body.</summary>
internal static class ErrorMapping
{
    /// <summary>Null when the exception is not one that a caller can do anything about.</summary>
    public static ServiceErrorException? TryMap(Exception exception) => exception switch
    {
        ServiceErrorException error => error,
        ModuleException module => Map(module),
        WebServiceCallException call => ServiceErrors.BadArgument(call.SubCode, call.Message),
        PackagingException package => ServiceErrors.PackageError("ValidationError", package.Message),
        BlobStoreException blob => Map(blob),
        BadHttpRequestException bad => ServiceErrors.Create(
            bad.StatusCode, "BadArgument", "Invalid argument provided.", "RequestBodyInvalid", bad.Message, inner: bad),
        JsonException json => ServiceErrors.RequestBodyInvalid($"The request body is not valid JSON: {json.Message}"),
        OutOfMemoryException memory => ServiceErrors.OutOfMemory(memory),
        _ => null,
    };

    public static ServiceErrorException Internal(string requestId) =>
        ServiceErrors.Create(
            500,
            "InternalError",
            "Execution encountered an internal error.",
            "UnknownError",
            $"The server's log has the cause under request id {requestId}.");

    /// <summary>Writes <c>{"error": {"code", "message", "details": []}}</c>; nothing when the answer has begun.</summary>
    public static async Task WriteAsync(HttpContext context, ServiceErrorException error)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        var requestId = response.Headers[RequestIdMiddleware.HeaderName];
        response.Clear();
        response.Headers[RequestIdMiddleware.HeaderName] = requestId;
        response.StatusCode = error.Status;
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString("0", null);
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        await Json.WriteAsync(context, writer => Write(writer, error));
    }

    internal static void Write(Utf8JsonWriter writer, ServiceErrorException error)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("code", error.ServiceCode);
        writer.WriteString("message", error.Message);
        if (error.Target is { } about)
        {
            writer.WriteString("target", about);
        }

        writer.WriteStartArray("details");
        foreach (var detail in error.Details)
        {
            writer.WriteStartObject();
            writer.WriteString("code", detail.Code);
            writer.WriteString("message", detail.Message);
            if (detail.Target is { } target)
            {
                writer.WriteString("target", target);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static ServiceErrorException Map(ModuleException error) =>
        ServiceErrors.ModuleExecution(error.Number, error.Report, error);

    private static ServiceErrorException Map(BlobStoreException error) => error.Error switch
    {
        BlobError.Invalid => ServiceErrors.BadArgument("InvalidBlob", error.Message),
        BlobError.Unavailable or BlobError.UploadGone => ServiceErrors.NoMoreResources(error.Message),
        BlobError.Full => ServiceErrors.NoMoreResources(error.Message),
        _ => ServiceErrors.BadArgument("BlobNotFound", error.Message),
    };
}
