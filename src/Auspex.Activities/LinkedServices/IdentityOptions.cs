namespace Auspex.Activities.LinkedServices;

/// <summary>Who this machine is to Azure. Section <c>Auspex:Identity</c>.</summary>
public sealed class IdentityOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Auspex:Identity";

    /// <summary>
    /// Where tokens of the managed identity come from, in the protocol of App Service: <c>GET ?resource=...&amp;api-version=2019-08-01</c>,
    /// answered with <c>access_token</c>. Default none: a managed identity exists only inside Azure.
    /// </summary>
    public Uri? ManagedIdentityEndpoint { get; set; }

    /// <summary>The value of <c>X-IDENTITY-HEADER</c> that the endpoint demands; null for none. A secret.</summary>
    public string? ManagedIdentityHeader { get; set; }

    /// <summary>
    /// The login address of service principals: <c>{LoginAddress}/{tenant}/oauth2/token</c>. The overlay's <c>endpoints</c> redirect it as
    /// any other. Default <c>https://login.microsoftonline.com</c>.
    /// </summary>
    public Uri LoginAddress { get; set; } = new("https://login.microsoftonline.com");
}
