using System.Text.Json.Nodes;
using Auspex.Definitions;
using Auspex.Server.Auth;

namespace Auspex.Server.Api.Studio;

/// <summary>What all calls of the Studio interface have in common: the token's role, the workspace, the body.</summary>
internal sealed class StudioCall(ManagementAccess access, ServerIdentity identity)
{
    private const int MostBodyBytes = 32 << 20;

    /// <summary>This server's workspace, after token and address were checked.</summary>
    /// <exception cref="ServiceErrorException">401, 403, or 404 for another workspace.</exception>
    public string Demand(HttpContext context, Role least)
    {
        access.Demand(context, least);
        var workspace = ScoringCall.RouteText(context, "workspace");
        return workspace.Equals(identity.WorkspaceId, StringComparison.OrdinalIgnoreCase)
            ? identity.WorkspaceId
            : throw ServiceErrors.NotFound("WorkspaceNotFound", $"There is no workspace '{ServiceErrors.Shorten(workspace)}' on this server.");
    }

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="ServiceErrorException">400 or 413.</exception>
    public static async Task<JsonObject> ReadAsync(HttpContext context) =>
        await Factories.FactoryBody.ReadAsync(new Factories.FactoryCall(context, "", "", IsSynapse: false), MostBodyBytes);

    public static ServiceErrorException NotFound(string what, string id) =>
        ServiceErrors.NotFound("ResourceNotFound", $"There is no {what} '{ServiceErrors.Shorten(id)}' in this workspace.");

    public static string Required(JsonObject json, string name) => json.TextMember(name) is { Length: > 0 } text
        ? text
        : throw ServiceErrors.RequestBodyInvalid($"'{name}' is missing or no text.");
}
