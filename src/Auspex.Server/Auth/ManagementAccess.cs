using Auspex.Server.Api;

namespace Auspex.Server.Auth;

/// <summary>Checks the caller of a management interface.</summary>
internal sealed class ManagementAccess(AccessTokens tokens)
{
    /// <summary>The caller's role.</summary>
    /// <exception cref="ServiceErrorException">401 without a token of ours, 403 when its role is too low.</exception>
    public Role Demand(HttpContext context, Role least)
    {
        var role = FindRole(context) ?? throw ServiceErrors.ManagementUnauthorized();
        return role >= least ? role : throw ServiceErrors.Forbidden(least.ToString());
    }

    /// <summary>The caller's role; null when the request bears no token of ours.</summary>
    public Role? FindRole(HttpContext context) =>
        BearerToken.FindOfManagement(context.Request) is { } token ? tokens.FindRole(token) : null;
}
