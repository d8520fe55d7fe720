using Auspex.Server.Auth;
using Auspex.Server.WebServices;

namespace Auspex.Server.Api;

/// <summary>The endpoint that a scoring address means, after the caller's key was checked.</summary>
internal sealed record ScoringCall(LiveService Service, LiveEndpoint Endpoint, EndpointState State)
{
    /// <summary>Finds the endpoint of the route and checks key and version.</summary>
    /// <exception cref="ServiceErrorException">401 without a key of this endpoint, also where there is no such endpoint; 400 for another version.</exception>
    public static ScoringCall Open(HttpContext context, WebServiceDirectory directory)
    {
        // Who has no key learns nothing of which endpoints there are.
        var key = BearerToken.Find(context.Request) ?? throw ServiceErrors.ScoreUnauthorized();
        if (Find(context, directory) is not var (service, endpoint))
        {
            throw ServiceErrors.ScoreUnauthorized();
        }

        var state = endpoint.Current;
        if (!state.Accepts(key))
        {
            throw ServiceErrors.ScoreUnauthorized();
        }

        CheckVersion(context);
        return new ScoringCall(service, endpoint, state);
    }

    /// <summary>The endpoint of the route; null when there is none under that workspace or subscription.</summary>
    public static (LiveService Service, LiveEndpoint Endpoint)? Find(HttpContext context, WebServiceDirectory directory)
    {
        var id = RouteText(context, "endpoint");
        if (directory.FindEndpoint(id) is not var (service, endpoint))
        {
            return null;
        }

        var workspace = context.Request.RouteValues.TryGetValue("workspace", out var value) ? (string?)value : null;
        return workspace is null || workspace.Equals(service.Document.WorkspaceId, StringComparison.OrdinalIgnoreCase)
            ? (service, endpoint)
            : null;
    }

    public static void CheckVersion(HttpContext context)
    {
        var version = context.Request.Query["api-version"].ToString();
        if (version.Length > 0 && version != "2.0")
        {
            throw ServiceErrors.BadArgument(
                "BadVersionCall",
                $"Invalid version parameter passed: {ServiceErrors.Shorten(version)}. Expected api-version=2.0. Check the API help page for passing the correct version and try again.");
        }
    }

    public static string RouteText(HttpContext context, string name) => (string)context.Request.RouteValues[name]!;
}
