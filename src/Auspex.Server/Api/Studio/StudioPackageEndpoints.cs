using System.Text.Json.Nodes;
using Auspex.Server.Auth;
using Auspex.Server.Studio;
using Auspex.Server.WebServices;

namespace Auspex.Server.Api.Studio;

/// <summary>What leaves a workspace of the Studio interface whole and comes into another: packed experiments, and definitions of New web services.</summary>
internal sealed class StudioPackageEndpoints(StudioCall calls, StudioPackages packages, StudioDefinitions definitions)
{
    private const string Root = "/api/workspaces/{workspace}/packages";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Root, (RequestDelegate)PackAsync);
        routes.MapPut(Root, (RequestDelegate)UnpackAsync);
        routes.MapGet(Root, (RequestDelegate)PollAsync);
        routes.MapGet("/api/workspaces/{workspace}/experiments/{id}/webservicedefinition", (RequestDelegate)ExportAsync);
    }

    private async Task PackAsync(HttpContext context)
    {
        calls.Demand(context, Role.Contributor);
        var query = context.Request.Query;

        // The client writes a slash behind the id.
        var id = Query(context, "experimentid").TrimEnd('/');
        var keeps = query["clearCredentials"].ToString().Equals("false", StringComparison.OrdinalIgnoreCase);
        await AnswerAsync(context, await packages.PackAsync(id, !keeps, PublicAddresses.Server(context), context.RequestAborted));
    }

    private async Task UnpackAsync(HttpContext context)
    {
        calls.Demand(context, Role.Contributor);
        await AnswerAsync(context, await packages.UnpackAsync(Query(context, "packageUri"), context.RequestAborted));
    }

    private async Task PollAsync(HttpContext context)
    {
        calls.Demand(context, Role.Reader);
        var packing = context.Request.Query["packageActivityId"].ToString();
        await AnswerAsync(context, await packages.FindAsync(packing.Length > 0 ? packing : Query(context, "unpackActivityId"), context.RequestAborted));
    }

    private async Task ExportAsync(HttpContext context)
    {
        calls.Demand(context, Role.Contributor);
        await StudioJson.AnswerAsync(
            context, await definitions.ExportAsync(ScoringCall.RouteText(context, "id"), PublicAddresses.Server(context), context.RequestAborted));
    }

    private static Task AnswerAsync(HttpContext context, JsonObject activity) => StudioJson.AnswerAsync(context, activity);

    private static string Query(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } value
        ? value
        : throw ServiceErrors.BadArgument("InvalidQueryParameter", $"The query parameter '{name}' is missing.");
}
