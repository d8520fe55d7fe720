using System.Collections.Immutable;
using System.Net;

namespace Auspex.Server.Hosting;

/// <summary>What is known of this server only once it starts: who it is, and where it listens.</summary>
internal sealed class RunningServer
{
    private ServerIdentity? _identity;

    /// <summary>Set before anything is served.</summary>
    public ServerIdentity Identity
    {
        get => _identity ?? throw new InvalidOperationException("The server's identity has not been read yet.");
        set => _identity = value;
    }

    /// <summary>Set once it listens, and before it runs pipelines; empty until then.</summary>
    public ImmutableArray<Uri> Urls { get; set; } = [];

    /// <summary>Where this process, and others on this machine, reach it.</summary>
    public Uri Url => Urls.IsEmpty
        ? throw new InvalidOperationException("The server does not listen yet.")
        : Reachable(Urls);

    /// <summary>Plain before encrypted, since nobody here has to trust our own certificate; loopback where it listens everywhere.</summary>
    internal static Uri Reachable(ImmutableArray<Uri> urls)
    {
        var url = urls.OrderBy(url => url.Scheme == Uri.UriSchemeHttps).First();
        var isEverywhere = IPAddress.TryParse(url.Host.Trim('[', ']'), out var host)
            && (host.Equals(IPAddress.Any) || host.Equals(IPAddress.IPv6Any));
        return isEverywhere ? new UriBuilder(url) { Host = "127.0.0.1" }.Uri : url;
    }
}
