using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Auspex.Connectors.Http;

/// <summary>
/// Lets outgoing calls through or refuses them. Names are looked up here and the address found is the one that is called, so that a
/// name cannot be checked as one address and called as another. Thread-safe.
/// </summary>
public sealed class OutboundGate(OutboundOptions options)
{
    // Addresses beyond the link-local ranges under which clouds serve credentials or control machines.
    private static readonly IPAddress[] MetadataAddresses =
    [
        IPAddress.Parse("168.63.129.16"),
        IPAddress.Parse("100.100.100.200"),
        IPAddress.Parse("192.0.0.192"),
        IPAddress.Parse("fd00:ec2::254"),
        IPAddress.Parse("fd20:ce::254"),
    ];

    // Names that clouds give those addresses; behind a proxy nobody here sees what they stand for.
    private static readonly string[] MetadataHosts =
        ["metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal"];

    /// <summary>Finds the addresses of a name.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> LookUp { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>A handler for HTTP clients that obeys the gate, redirections included.</summary>
    public HttpMessageHandler CreateHandler() => CreateHandler(new OutboundConnection());

    /// <summary>A handler for calls that need more than the usual connection, obeying the gate as well.</summary>
    /// <param name="connection">Certificates of either side.</param>
    [SuppressMessage("Security", "CA5359", Justification = "An activity's author asked for it by name (disableCertValidation); it is never the default.")]
    public HttpMessageHandler CreateHandler(OutboundConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var sockets = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseProxy = options.UseProxy,
            // Followed above it, where every address on the way is looked at.
            AllowAutoRedirect = false,
            // A cookie of one activity's call is no business of another's.
            UseCookies = false,
        };
        if (connection.ClientCertificate is { } certificate)
        {
            sockets.SslOptions.ClientCertificates = [certificate];
        }

        if (connection.AcceptsAnyCertificate)
        {
            sockets.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        }

        var handler = new Checked(this, sockets);
        return connection.FollowsRedirections ? new RedirectingHandler(handler) : handler;
    }

    /// <summary>Checks a host before it is called by other means than HTTP.</summary>
    /// <returns>Its addresses.</returns>
    /// <exception cref="OutboundRefusedException">It is not allowed.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        EnsureHostAllowed(host);
        var addresses = IPAddress.TryParse(host.Trim('[', ']'), out var literal)
            ? [literal]
            : await LookUp(host, cancellationToken);
        foreach (var address in addresses)
        {
            EnsureAddressAllowed(host, address);
        }

        return addresses;
    }

    /// <summary>Whether an address is link-local or serves cloud metadata.</summary>
    public static bool IsLinkLocalOrMetadata(IPAddress address)
    {
        var plain = Unmapped(address);
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? plain.GetAddressBytes() is [169, 254, ..] || MetadataAddresses.Contains(plain)
            : plain.IsIPv6LinkLocal || MetadataAddresses.Contains(plain);
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // With a proxy this is the proxy's own address, which its configuration vouches for.
        var addresses = options.UseProxy
            ? await LookUp(context.DnsEndPoint.Host, cancellationToken)
            : await ResolveAsync(context.DnsEndPoint.Host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void EnsureHostAllowed(string host)
    {
        if (!options.AllowLinkLocal && MetadataHosts.Contains(host.TrimEnd('.'), StringComparer.OrdinalIgnoreCase))
        {
            throw new OutboundRefusedException($"Host '{host}' serves cloud metadata, which is not called unless that is allowed.");
        }

        if (options.AllowedHosts.IsEmpty || options.AllowedHosts.Any(allowed => Matches(host, allowed)))
        {
            return;
        }

        throw new OutboundRefusedException(
            $"Calls to host '{host}' are not allowed; allowed are {string.Join(", ", options.AllowedHosts)}. Add the host if it is meant.");
    }

    private void EnsureAddressAllowed(string host, IPAddress address)
    {
        if (!options.AllowLinkLocal && IsLinkLocalOrMetadata(address))
        {
            throw new OutboundRefusedException(
                $"Host '{host}' is the link-local or metadata address {address}; such addresses are not called unless that is allowed.");
        }
    }

    private static bool Matches(string host, string allowed) =>
        allowed.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)
            : host.Equals(allowed, StringComparison.OrdinalIgnoreCase);

    /// <summary>IPv4 addresses that are written as IPv6 ones: mapped, translated, compatible, or through NAT64 or 6to4.</summary>
    private static IPAddress Unmapped(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (bytes is [0x20, 0x02, _, _, _, _, _, _, _, _, _, _, _, _, _, _])
        {
            return new IPAddress(bytes.AsSpan(2, 4));
        }

        return bytes is [0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, _, _, _, _]
            || bytes is [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, _, _, _, _]
            || (bytes is [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, _, _, _, _] && !IPAddress.IsLoopback(address))
                ? new IPAddress(bytes.AsSpan(12))
                : address;
    }

    /// <summary>Looks at every address before it is called; behind a proxy this is the only look.</summary>
    private sealed class Checked(OutboundGate gate, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Check(request);
            return base.SendAsync(request, cancellationToken);
        }

        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Check(request);
            return base.Send(request, cancellationToken);
        }

        private void Check(HttpRequestMessage request)
        {
            var host = request.RequestUri!.IdnHost;
            gate.EnsureHostAllowed(host);
            if (IPAddress.TryParse(host, out var address))
            {
                gate.EnsureAddressAllowed(host, address);
            }
        }
    }
}
