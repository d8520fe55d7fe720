using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Auspex.Activities.MachineLearning;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.LinkedServices;

/// <summary>Reads secrets of Azure Key Vault over HTTP, each time anew: a secret that was changed counts from the next attempt on.</summary>
/// <remarks>
/// The vault's address goes through the overlay's <c>endpoints</c> like any other. Who asks: the service principal that the linked service names
/// (<c>servicePrincipalId</c>, <c>servicePrincipalKey</c>, <c>tenant</c>, by itself, by its <c>credential</c> or laid over it), else the managed identity.
/// </remarks>
/// <param name="http">The client; it follows the outgoing allow-list.</param>
/// <param name="addresses">Redirects addresses as the overlay says.</param>
/// <param name="tokens">Tokens for the vault.</param>
public sealed class KeyVaultClient(HttpClient http, EndpointAddresses addresses, IdentityTokens tokens)
{
    private const string Resource = "https://vault.azure.net";
    private const int MostBytes = 1 << 20;

    /// <summary>The value of a secret.</summary>
    /// <exception cref="ActivityException">There is no such secret, the vault refused, or does not answer.</exception>
    internal async Task<string> GetAsync(
        FactoryDefinition factory, ResolvedLinkedService vault, VaultReference reference, CancellationToken cancellationToken)
    {
        var baseUrl = addresses.Redirect(factory, vault.Required("baseUrl")).TrimEnd('/');
        if (!Uri.TryCreate($"{baseUrl}/secrets/{reference.SecretName}/{reference.SecretVersion}?api-version=7.0", UriKind.Absolute, out var address)
            || address.Scheme is not ("http" or "https"))
        {
            throw Unavailable(vault, reference, $"its baseUrl '{baseUrl}' is no address; expected https://NAME.vault.azure.net", null);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(factory, vault, cancellationToken));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await response.Content.LoadIntoBufferAsync(MostBytes, cancellationToken);
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode && Value(body) is { } value ? value : throw Unavailable(vault, reference, response.StatusCode switch
            {
                HttpStatusCode.NotFound => "the vault has no such secret",
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $"the vault refused ({(int)response.StatusCode}); let the identity get secrets",
                var status => $"the vault answered {(int)status}",
            }, null);
        }
        catch (HttpRequestException exception)
        {
            throw Unavailable(vault, reference, exception.Message, exception);
        }
    }

    private async Task<string> TokenAsync(FactoryDefinition factory, ResolvedLinkedService vault, CancellationToken cancellationToken)
    {
        var owner = $"linked service '{vault.Name}'";
        if (vault.Text("servicePrincipalId") is { } principal)
        {
            return await tokens.OfPrincipalAsync(
                factory,
                new ServicePrincipal(vault.Required("tenant"), principal, vault.Required("servicePrincipalKey"), Resource),
                owner,
                cancellationToken);
        }

        var identity = FactoryCredential.Find(factory, vault.TypeProperties.Member("credential"), owner)?.IdentityResourceId;
        return await tokens.OfMachineAsync(Resource, identity, owner, cancellationToken);
    }

    private static string? Value(string body)
    {
        try
        {
            return (JsonNode.Parse(body) as JsonObject)?.TextMember("value");
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ActivityException Unavailable(ResolvedLinkedService vault, VaultReference reference, string reason, Exception? inner) => new(
        ErrorCode.SecretUnavailable,
        "2108",
        $"The Key Vault secret '{reference.SecretName}' of linked service '{vault.Name}', needed for {reference.Owner}, cannot be read: {reason}. "
        + $"Or say what it is in auspex.json: \"secrets\": {{ \"{vault.Name}.{reference.SecretName}\": {{ \"env\": \"VARIABLE\" }} }}.",
        FailureType.UserError,
        inner: inner);
}
