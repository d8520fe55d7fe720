using System.Text.Json.Nodes;
using Auspex.Engine.Triggers;
using Auspex.Server.Auth;

namespace Auspex.Server.Api;

/// <summary>Event Grid's web hook: events for the triggers of a factory, in its own schema or in that of CloudEvents.</summary>
internal sealed class TriggerEventEndpoints(ITriggers triggers, ManagementAccess access)
{
    // Event Grid posts at most 1 MB at once.
    private const int MostBodyBytes = 2 << 20;

    private const string Route = "/api/auspex/factories/{factory}/events";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Route, (RequestDelegate)PostAsync);
        routes.MapMethods(Route, ["OPTIONS"], (RequestDelegate)AllowAsync);
    }

    private async Task PostAsync(HttpContext context)
    {
        access.Demand(context, Role.Operator);
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        try
        {
            var receipt = await triggers.ReceiveEventsAsync(
                ScoringCall.RouteText(context, "factory"), body is null ? null : JsonNode.Parse(body.RootElement.GetRawText()), context.RequestAborted);
            await Json.WriteAsync(context, writer =>
            {
                writer.WriteStartObject();
                if (receipt.ValidationResponse is { } code)
                {
                    writer.WriteString("validationResponse", code);
                }
                else
                {
                    writer.WriteNumber("started", receipt.Started);
                }

                writer.WriteEndObject();
            });
        }
        catch (TriggerException e)
        {
            throw ServiceErrors.RequestBodyInvalid(e.Message);
        }
    }

    // CloudEvents' own handshake: whoever delivers asks first, with the name that it will deliver under.
    private Task AllowAsync(HttpContext context)
    {
        access.Demand(context, Role.Operator);
        if (context.Request.Headers["WebHook-Request-Origin"] is { Count: > 0 } origin)
        {
            context.Response.Headers["WebHook-Allowed-Origin"] = origin;
            context.Response.Headers["WebHook-Allowed-Rate"] = "*";
        }

        return Task.CompletedTask;
    }
}
