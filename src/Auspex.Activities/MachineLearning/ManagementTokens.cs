using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.MachineLearning;

/// <summary>Bearer tokens for Azure's management API, from the service principal that a linked service names.</summary>
/// <remarks>
/// The login address goes through the overlay's <c>endpoints</c> like any other, so a server that issues its own tokens
/// can take its place. Tokens are not kept: an update is rare.
/// </remarks>
internal sealed class ManagementTokens(HttpClient http, EndpointAddresses addresses)
{
    /// <summary>A token for <c>https://management.azure.com/</c>.</summary>
    /// <exception cref="ActivityException">The linked service names no principal, or the login refused it.</exception>
    public async Task<string> GetAsync(
        FactoryDefinition factory,
        ResolvedLinkedService service,
        CancellationToken cancellationToken)
    {
        if (service.Text("servicePrincipalId") is not { } principal)
        {
            throw new ActivityException(
                ErrorCode.LinkedServiceUnusable,
                "2103",
                $"Linked service '{service.Name}' updates a New web service and names no service principal; give servicePrincipalId, "
                + "servicePrincipalKey and tenant. A managed identity exists only inside Azure.",
                FailureType.UserError);
        }

        var address = addresses.Redirect(
            factory, $"https://login.microsoftonline.com/{service.Required("tenant")}/oauth2/v2.0/token");
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = principal,
            ["client_secret"] = service.Required("servicePrincipalKey"),
            ["scope"] = "https://management.azure.com/.default",
        });
        try
        {
            using var response = await http.PostAsync(address, form, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return (ServiceAnswer.TryParse(body) as JsonObject)?.TextMember("access_token")
                ?? throw Refused(service, $"it answered {(int)response.StatusCode} without an access_token", null);
        }
        catch (HttpRequestException exception)
        {
            throw Refused(service, exception.Message, exception);
        }
    }

    private static ActivityException Refused(ResolvedLinkedService service, string reason, Exception? inner) => new(
        ErrorCode.UpdateResourceFailed,
        "2108",
        $"No token for the service principal of linked service '{service.Name}': {reason}. Check servicePrincipalId, "
        + "servicePrincipalKey and tenant.",
        FailureType.UserError,
        inner: inner);
}
