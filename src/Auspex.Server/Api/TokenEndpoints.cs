using System.Globalization;
using System.Text.Json;
using Auspex.Server.Auth;

namespace Auspex.Server.Api;

/// <summary>Tokens of the management interfaces, for owners: <c>/api/auspex/tokens</c>.</summary>
internal sealed class TokenEndpoints(AccessTokens tokens, ManagementAccess access)
{
    private const int MostBodyBytes = 64 << 10;
    private const int LongestName = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/auspex/tokens", (RequestDelegate)ListAsync);
        routes.MapPut("/api/auspex/tokens/{name}", (RequestDelegate)PutAsync);
        routes.MapDelete("/api/auspex/tokens/{name}", (RequestDelegate)DeleteAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        access.Demand(context, Role.Owner);
        return Json.WriteAsync(context, writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("value");
            foreach (var token in tokens.List())
            {
                Write(writer, token.Name, token.Role, token.CreatedAt, secret: null);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private async Task PutAsync(HttpContext context)
    {
        access.Demand(context, Role.Owner);
        var name = ScoringCall.RouteText(context, "name");
        using var body = await Json.ReadAsync(context, MostBodyBytes);
        var text = (body?.RootElement ?? default).Text("role");
        if (!Enum.TryParse<Role>(text, ignoreCase: true, out var role) || int.TryParse(text, out _))
        {
            throw ServiceErrors.RequestBodyInvalid(
                $"'role' is missing or unknown; expected one of {string.Join(", ", Enum.GetNames<Role>())}.");
        }

        if (name.Length > LongestName || name == AccessTokens.OwnerName)
        {
            throw ServiceErrors.BadArgument(
                "InvalidQueryParameter",
                $"A token's name has at most {LongestName} characters and is not '{AccessTokens.OwnerName}', which is the server's own.");
        }

        var secret = await tokens.CreateAsync(name, role, context.RequestAborted);
        await Json.WriteAsync(context, writer => Write(writer, name, role, createdAt: null, secret));
    }

    private async Task DeleteAsync(HttpContext context)
    {
        access.Demand(context, Role.Owner);
        var name = ScoringCall.RouteText(context, "name");
        if (name == AccessTokens.OwnerName)
        {
            throw ServiceErrors.InvalidOperation("OwnerToken", "The server's own owner token cannot be deleted.");
        }

        if (!await tokens.DeleteAsync(name, context.RequestAborted))
        {
            throw ServiceErrors.NotFound("ResourceNotFound", $"There is no token '{ServiceErrors.Shorten(name)}'.");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static void Write(Utf8JsonWriter writer, string name, Role role, DateTimeOffset? createdAt, string? secret)
    {
        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("role", role.ToString());
        if (createdAt is { } time)
        {
            writer.WriteString("createdAt", time.ToString("O", CultureInfo.InvariantCulture));
        }

        if (secret is not null)
        {
            writer.WriteString("token", secret);
        }

        writer.WriteEndObject();
    }
}
