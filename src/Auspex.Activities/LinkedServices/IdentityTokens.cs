using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Activities.MachineLearning;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.LinkedServices;

/// <summary>Bearer tokens of service principals and of the managed identity. Nothing is kept: each call asks anew.</summary>
/// <param name="http">The client; it follows the outgoing allow-list.</param>
/// <param name="addresses">Redirects the login address as the overlay says.</param>
/// <param name="options">Where tokens come from.</param>
public sealed class IdentityTokens(HttpClient http, EndpointAddresses addresses, IdentityOptions options)
{
    /// <summary>A token of a service principal.</summary>
    /// <param name="factory">The factory, for its overlay.</param>
    /// <param name="principal">Who asks, and for what.</param>
    /// <param name="owner">On whose behalf, for messages.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ActivityException">The login refused it or did not answer.</exception>
    internal async Task<string> OfPrincipalAsync(
        FactoryDefinition factory, ServicePrincipal principal, string owner, CancellationToken cancellationToken)
    {
        var login = $"{options.LoginAddress.AbsoluteUri.TrimEnd('/')}/{Uri.EscapeDataString(principal.Tenant)}/oauth2/token";
        using var request = new HttpRequestMessage(HttpMethod.Post, addresses.Redirect(factory, login));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = principal.ClientId,
            ["client_secret"] = principal.Key,
            ["resource"] = principal.Resource,
        });
        return await SendAsync(
            request, $"the service principal of {owner}", "Check its id, key, tenant and resource.", cancellationToken);
    }

    /// <summary>A token of this machine's managed identity, or of a user-assigned one.</summary>
    /// <param name="resource">What it is for.</param>
    /// <param name="identity">The resource id of a user-assigned identity; null for the machine's own.</param>
    /// <param name="owner">On whose behalf, for messages.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ActivityException">No endpoint is configured, or it gave none.</exception>
    internal async Task<string> OfMachineAsync(string resource, string? identity, string owner, CancellationToken cancellationToken)
    {
        if (options.ManagedIdentityEndpoint is not { } endpoint)
        {
            throw new ActivityException(
                ErrorCode.IdentityUnavailable,
                "2108",
                $"Found a managed identity in {owner}; a managed identity exists only inside Azure. Expected a service principal there, or the "
                + $"setting {IdentityOptions.Section}:ManagedIdentityEndpoint with the address of a service that gives its tokens.",
                FailureType.UserError);
        }

        var query = $"api-version=2019-08-01&resource={Uri.EscapeDataString(resource)}"
            + (identity is null ? "" : $"&mi_res_id={Uri.EscapeDataString(identity)}");
        var address = endpoint.AbsoluteUri;
        using var request = new HttpRequestMessage(
            HttpMethod.Get, address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + query);
        if (options.ManagedIdentityHeader is { Length: > 0 } header)
        {
            request.Headers.TryAddWithoutValidation("X-IDENTITY-HEADER", header);
        }

        return await SendAsync(
            request, $"the managed identity of {owner}", $"Check {IdentityOptions.Section}:ManagedIdentityEndpoint.", cancellationToken);
    }

    private async Task<string> SendAsync(HttpRequestMessage request, string whose, string advice, CancellationToken cancellationToken)
    {
        string reason;
        Exception? cause = null;
        try
        {
            using var response = await http.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            if (response.IsSuccessStatusCode && (Parse(body) as JsonObject)?.TextMember("access_token") is { Length: > 0 } token)
            {
                return token;
            }

            reason = $"it answered {(int)response.StatusCode} without an access_token";
        }
        catch (HttpRequestException exception)
        {
            (reason, cause) = (exception.Message, exception);
        }

        throw new ActivityException(
            ErrorCode.IdentityUnavailable,
            "2108",
            $"No token for {whose} from {request.RequestUri!.GetLeftPart(UriPartial.Path)}: {reason}. {advice}",
            FailureType.UserError,
            inner: cause);
    }

    private static JsonNode? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A service principal that asks for a token.</summary>
/// <param name="Tenant">Its tenant.</param>
/// <param name="ClientId">Its id.</param>
/// <param name="Key">Its key; a secret.</param>
/// <param name="Resource">What the token is for.</param>
internal sealed record ServicePrincipal(string Tenant, string ClientId, string Key, string Resource)
{
    // Records print their members; this one may not.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("ClientId = ").Append(ClientId);
        return true;
    }
}
