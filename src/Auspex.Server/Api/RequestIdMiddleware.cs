using System.Diagnostics.CodeAnalysis;

namespace Auspex.Server.Api;

/// <summary>
/// The outermost layer: gives every answer an id, tidies the path, and turns whatever goes wrong into an error body.
/// </summary>
internal sealed partial class RequestIdMiddleware(RequestDelegate next, ILogger<RequestIdMiddleware> logger)
{
    public const string HeaderName = "x-ms-request-id";

    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "The API's exception handler: whatever it does not know is logged and answered with 500.")]
    public async Task InvokeAsync(HttpContext context)
    {
        var requestId = Guid.NewGuid().ToString();
        context.Response.Headers[HeaderName] = requestId;
        CollapseSlashes(context.Request);
        try
        {
            await next(context);
            if (context.Response is { HasStarted: false, StatusCode: 404 or 405 })
            {
                // Handlers that find nothing say so themselves; what is left was never routed.
                await ErrorMapping.WriteAsync(context, NoSuchRoute(context));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            context.Abort();
        }
        catch (Exception e)
        {
            var error = ErrorMapping.TryMap(e);
            if (error is null)
            {
                LogFailure(logger, requestId, context.Request.Method, context.Request.Path, e);
                error = ErrorMapping.Internal(requestId);
            }

            await ErrorMapping.WriteAsync(context, error);
        }
    }

    // Some clients append "/x" to a base that ends in a slash.
    private static void CollapseSlashes(HttpRequest request)
    {
        var path = request.Path.Value;
        if (path is not null && path.Contains("//", StringComparison.Ordinal))
        {
            while (path.Contains("//", StringComparison.Ordinal))
            {
                path = path.Replace("//", "/", StringComparison.Ordinal);
            }

            request.Path = path;
        }
    }

    private static ServiceErrorException NoSuchRoute(HttpContext context) => context.Response.StatusCode == 405
        ? ServiceErrors.Create(
            405,
            "MethodNotAllowed",
            "The method is not allowed for this address.",
            "MethodNotAllowed",
            $"Found {context.Request.Method}; allowed here: {context.Response.Headers.Allow}.")
        : ServiceErrors.NotFound(
            "ResourceNotFound",
            $"There is nothing at {context.Request.Method} {ServiceErrors.Shorten(context.Request.Path.Value ?? "/")}.");

    [LoggerMessage(EventId = 7001, Level = LogLevel.Error, Message = "Request {RequestId} failed: {Method} {Path}")]
    private static partial void LogFailure(ILogger logger, string requestId, string method, string path, Exception exception);
}
