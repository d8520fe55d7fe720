
namespace Auspex.Server.WebServices;

/// <summary>Addresses that answers carry, on the host and scheme by which the caller reached this server.</summary>
internal static class PublicAddresses
{
    /// <summary>Scheme and host, without a slash at the end.</summary>
    public static string Server(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";

    /// <summary>The scoring base: clients append <c>/execute?...</c>, <c>/jobs?...</c> or <c>/swagger.json</c>.</summary>
    public static string Api(string server, string workspaceId, string endpointId) =>
        server + ApiPath(workspaceId, endpointId);

    public static string ApiPath(string workspaceId, string endpointId) =>
        $"/workspaces/{workspaceId}/services/{endpointId}";

    public static string Help(string server, string workspaceId, string serviceId, string endpointId) =>
        $"{server}/apihelp/workspaces/{workspaceId}/webservices/{serviceId}/endpoints/{endpointId}";

    public static string Management(string server, string workspaceId, string serviceId, string endpointName) =>
        $"{server}/workspaces/{workspaceId}/webservices/{serviceId}/endpoints/{endpointName}";
}
