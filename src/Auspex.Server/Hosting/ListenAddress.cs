using System.Net;
using Auspex.Errors;

namespace Auspex.Server.Hosting;

/// <summary>An address to listen on. Hosts are addresses of this machine: a name would be looked up, and may mean others.</summary>
internal sealed record ListenAddress(IPAddress Host, int Port, bool IsHttps)
{
    /// <exception cref="ServerStartException">An address is malformed.</exception>
    public static List<ListenAddress> Parse(string urls)
    {
        var addresses = urls
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(ParseOne)
            .ToList();
        return addresses.Count > 0
            ? addresses
            : throw Invalid(urls);
    }

    public override string ToString() =>
        $"{(IsHttps ? "https" : "http")}://{(Host.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{Host}]" : Host)}:{Port}";

    private static ListenAddress ParseOne(string url)
    {
        // '*' and '+' are what other servers take for all interfaces; neither is a host to a URI parser.
        var plain = url.Replace("://*", "://0.0.0.0", StringComparison.Ordinal).Replace("://+", "://0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var uri)
            || uri.Scheme is not ("http" or "https")
            || uri.AbsolutePath != "/"
            || uri.Query.Length > 0)
        {
            throw Invalid(url);
        }

        var host = uri.IdnHost.Trim('[', ']');
        var address = host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            ? IPAddress.Loopback
            : IPAddress.TryParse(host, out var parsed) ? parsed : throw Invalid(url);
        return new ListenAddress(address, uri.Port, uri.Scheme == "https");
    }

    private static ServerStartException Invalid(string url) => new(
        ErrorCode.ListenAddressInvalid,
        $"'{url}' is no address to listen on. Expected http://HOST:PORT or https://HOST:PORT with an IP address, 'localhost' or '*' as host, several separated by ';', such as {ServerOptions.DefaultUrls}.");
}
