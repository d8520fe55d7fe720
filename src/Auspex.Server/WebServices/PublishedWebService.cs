using Auspex.Server.Auth;

namespace Auspex.Server.WebServices;

/// <summary>A published web service and its default endpoint.</summary>
/// <param name="Name">The service's name.</param>
/// <param name="Version">From 1; grows with each publication under the name.</param>
/// <param name="WorkspaceId">32 hex.</param>
/// <param name="WebServiceId">32 hex.</param>
/// <param name="EndpointId">32 hex.</param>
/// <param name="ApiLocation">Append <c>/execute?api-version=2.0</c> or <c>/jobs?api-version=2.0</c>.</param>
/// <param name="HelpLocation">Append <c>/score</c>.</param>
/// <param name="ManagementLocation">The endpoints of the service; append a name.</param>
/// <param name="PrimaryKey">A secret.</param>
/// <param name="SecondaryKey">A secret.</param>
public sealed record PublishedWebService(
    string Name,
    int Version,
    string WorkspaceId,
    string WebServiceId,
    string EndpointId,
    string ApiLocation,
    string HelpLocation,
    string ManagementLocation,
    string PrimaryKey,
    string SecondaryKey)
{
    internal static PublishedWebService Of(LiveService service, EndpointKeys keys, string server)
    {
        var document = service.Document;
        var endpoint = service.Endpoints[document.DefaultEndpointId].Current.Document;
        var (primary, secondary) = keys.Read(endpoint);
        return new PublishedWebService(
            document.Name,
            document.Version,
            document.WorkspaceId,
            document.Id,
            endpoint.Id,
            PublicAddresses.Api(server, document.WorkspaceId, endpoint.Id),
            PublicAddresses.Help(server, document.WorkspaceId, document.Id, endpoint.Id),
            $"{server}/workspaces/{document.WorkspaceId}/webservices/{document.Id}/endpoints",
            primary,
            secondary);
    }
}
