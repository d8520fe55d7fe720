using System.Text;
using Auspex.Errors;
using Auspex.Server.Api;

namespace Auspex.Server.Callbacks;

/// <summary>Where services that a WebHook activity called report that they are done. The token in the path is all that is needed.</summary>
internal sealed class CallbackEndpoints(CallbackStore callbacks)
{
    // What an activity's output may hold.
    private const int MostBodyBytes = 4 << 20;
    private const int TokenLength = 64;

    public void Map(IEndpointRouteBuilder routes) => routes.MapPost(CallbackStore.Path + "{token}", (RequestDelegate)ReceiveAsync);

    private async Task ReceiveAsync(HttpContext context)
    {
        var token = ScoringCall.RouteText(context, "token");
        if (token.Length != TokenLength || !await callbacks.IsKnownAsync(token, context.RequestAborted))
        {
            throw Unknown();
        }

        string body;
        using (var read = await RequestBody.ReadAsync(context, MostBodyBytes))
        {
            body = Encoding.UTF8.GetString(read.Bytes.Span);
        }

        // Recorded even if the caller goes away meanwhile: it may have been told that nobody else is needed.
        if (!await callbacks.ReceiveAsync(token, body, CancellationToken.None))
        {
            throw Unknown();
        }

        await Json.WriteAsync(context, static writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("status", "accepted");
            writer.WriteEndObject();
        });
    }

    private static ServiceErrorException Unknown() => ServiceErrors.NotFound(
        ErrorCode.CallbackRefused.Value, "Nobody waits for a call-back at this address: it is mistyped, or its time is over.");
}
