using System.Security.Cryptography.X509Certificates;

namespace Auspex.Connectors.Http;

/// <summary>What a connection needs beyond the usual.</summary>
public sealed record OutboundConnection
{
    /// <summary>The certificate that this side shows; null for none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Whether the server may show any certificate; default no.</summary>
    public bool AcceptsAnyCertificate { get; init; }

    /// <summary>Whether redirections are followed; default yes. A client that signs its requests follows them itself.</summary>
    public bool FollowsRedirections { get; init; } = true;
}
