using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Auspex.Activities.LinkedServices;
using Auspex.Definitions;
using Auspex.Engine.Dispatch;

namespace Auspex.Activities.External.Web;

/// <summary>Who a call says it comes from.</summary>
/// <param name="Header">The <c>Authorization</c> header; null for none. A secret.</param>
/// <param name="Certificate">The certificate to show; null for none.</param>
internal sealed record WebCredential(AuthenticationHeaderValue? Header, X509Certificate2? Certificate) : IDisposable
{
    private const string Member = "authentication";

    /// <summary>Reads an activity's <c>authentication</c> and fetches what it asks for.</summary>
    /// <exception cref="ActivityException">It is malformed, or there is no token or secret.</exception>
    public static async Task<WebCredential> ReadAsync(
        ExternalServices services, ActivityAttempt attempt, PropertyReader properties, CancellationToken cancellationToken)
    {
        if (!properties.Has(Member))
        {
            return new WebCredential(null, null);
        }

        var owner = $"the authentication of activity '{attempt.Activity.Name}'";
        var json = (JsonObject)properties.Object(Member).Json.DeepClone();
        await services.LinkedServices.ReplaceVaultReferencesAsync(attempt.Factory, json, owner, cancellationToken);
        var reader = new PropertyReader(Unwrapped(json), properties.At(Member), attempt.Activity.Name);
        switch (reader.Type.ToUpperInvariant())
        {
            case "" when json.Count == 0:
            case "NONE" or "ANONYMOUS":
                return new WebCredential(null, null);
            case "BASIC":
                var pair = $"{reader.Required("username")}:{reader.Raw("password") ?? ""}";
                return new WebCredential(
                    new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))), null);
            case "CLIENTCERTIFICATE":
                return new WebCredential(null, ReadCertificate(reader));
            case "MSI" or "SYSTEMASSIGNEDMANAGEDIDENTITY" or "MANAGEDIDENTITY":
                return Bearer(await services.Tokens.OfMachineAsync(reader.Required("resource"), null, owner, cancellationToken));
            case "USERASSIGNEDMANAGEDIDENTITY":
                var credential = FactoryCredential.Find(attempt.Factory, reader.Json.Member("credential"), owner)
                    ?? throw reader.Missing("credential");
                return Bearer(await services.Tokens.OfMachineAsync(
                    reader.Required("resource"), credential.IdentityResourceId, owner, cancellationToken));
            case "SERVICEPRINCIPAL":
                return Bearer(await services.Tokens.OfPrincipalAsync(
                    attempt.Factory, await ReadPrincipalAsync(services, attempt, reader, owner, cancellationToken), owner, cancellationToken));
            default:
                throw reader.Wrong(
                    "type", "Basic, ClientCertificate, MSI, ServicePrincipal, UserAssignedManagedIdentity or None");
        }
    }

    /// <summary>Puts it on a request.</summary>
    public void Apply(HttpRequestMessage request)
    {
        if (Header is not null)
        {
            request.Headers.Authorization = Header;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate?.Dispose();

    private static WebCredential Bearer(string token) => new(new AuthenticationHeaderValue("Bearer", token), null);

    // Written out, or kept in a credential of the factory.
    private static async Task<ServicePrincipal> ReadPrincipalAsync(
        ExternalServices services, ActivityAttempt attempt, PropertyReader reader, string owner, CancellationToken cancellationToken)
    {
        if (FactoryCredential.Find(attempt.Factory, reader.Json.Member("credential"), owner) is not { } kept)
        {
            return new ServicePrincipal(
                reader.Required("userTenant"), reader.Required("username"), reader.Required("password"), reader.Required("resource"));
        }

        var json = (JsonObject)kept.Properties.DeepClone();
        await services.LinkedServices.ReplaceVaultReferencesAsync(attempt.Factory, json, $"credential '{kept.Name}'", cancellationToken);
        var inner = new PropertyReader(Unwrapped(json), $"credential '{kept.Name}'", attempt.Activity.Name);
        return new ServicePrincipal(
            inner.Required("tenant"), inner.Required("servicePrincipalId"), inner.Required("servicePrincipalKey"), reader.Required("resource"));
    }

    private static X509Certificate2 ReadCertificate(PropertyReader reader)
    {
        var pfx = reader.Required("pfx");
        try
        {
            return X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(pfx), reader.Raw("password"));
        }
        catch (Exception failure) when (failure is FormatException or CryptographicException)
        {
            // Neither the certificate nor the password may be shown.
            throw ActivityFailures.Wrong(
                reader.Activity, reader.At("pfx"), "what is no PFX file in base64, or whose password is another", "a PFX file in base64 and its password");
        }
    }

    private static JsonObject Unwrapped(JsonObject json)
    {
        foreach (var (name, value) in json.ToArray())
        {
            if (value is JsonObject envelope && "SecureString".Equals(envelope.TextMember("type"), StringComparison.OrdinalIgnoreCase))
            {
                json[name] = envelope.Member("value")?.DeepClone();
            }
        }

        return json;
    }

    // Records print their members; this one may not.
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Scheme = ").Append(Header?.Scheme);
        return true;
    }
}
