using Auspex.Engine.Triggers;
using Auspex.Server.Auth;
using Auspex.Server.Factories;

namespace Auspex.Server.Api.Factories;

/// <summary>
/// Where Event Grid's web hook delivers events for a factory's triggers. It can send no header of its own, so that the token
/// may stand in the query as <c>code</c>.
/// </summary>
internal sealed class EventEndpoints(ITriggers triggers, ServerFactories factories, ManagementAccess access, AccessTokens tokens)
{
    private const int MostBodyBytes = 1 << 20;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/auspex/factories/{factory}/events", (RequestDelegate)ReceiveAsync);
        routes.MapMethods("/api/auspex/factories/{factory}/events", ["OPTIONS"], (RequestDelegate)HandshakeAsync);
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        Demand(context);
        var call = new FactoryCall(context, ScoringCall.RouteText(context, "factory"), "", IsSynapse: false);
        var factory = factories.Demand(call);
        var body = await FactoryBody.ReadNodeAsync(call, MostBodyBytes);
        EventReceipt receipt;
        try
        {
            receipt = await triggers.ReceiveEventsAsync(factory.Name, body, context.RequestAborted);
        }
        catch (TriggerException e)
        {
            throw FactoryErrors.From(e);
        }

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

    // The CloudEvents form of the handshake: whoever wants to deliver asks whether it may.
    private Task HandshakeAsync(HttpContext context)
    {
        Demand(context);
        context.Response.Headers["WebHook-Allowed-Origin"] =
            context.Request.Headers["WebHook-Request-Origin"].ToString() is { Length: > 0 and <= 255 } origin ? origin : "*";
        context.Response.Headers["WebHook-Allowed-Rate"] = "*";
        return Task.CompletedTask;
    }

    private void Demand(HttpContext context)
    {
        if (context.Request.Query["code"].ToString() is { Length: > 0 } code)
        {
            if (tokens.FindRole(code) is not { } role || role < Role.Operator)
            {
                throw FactoryErrors.From(ServiceErrors.ManagementUnauthorized());
            }

            return;
        }

        access.Demand(context, Role.Operator);
    }
}
