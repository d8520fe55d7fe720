using Auspex.Definitions;

namespace Auspex.Activities.MachineLearning;

/// <summary>Redirects addresses that definitions name to those of this machine, as the overlay's <c>endpoints</c> say.</summary>
/// <param name="self">The address of the server of this process.</param>
public sealed class EndpointAddresses(Func<Uri> self)
{
    /// <summary>The address to call: the longest matching <c>endpoints</c> prefix replaced, or the address as it is.</summary>
    public string Redirect(FactoryDefinition factory, string address)
    {
        EndpointOverride? best = null;
        foreach (var candidate in factory.Overlay.Endpoints)
        {
            if (Matches(address, candidate.From) && (best is null || candidate.From.Length > best.From.Length))
            {
                best = candidate;
            }
        }

        if (best is null)
        {
            return address;
        }

        var target = best.To.Equals("self", StringComparison.OrdinalIgnoreCase) ? self().ToString() : best.To;
        return target.TrimEnd('/') + WithoutDefaultPort(address)[WithoutDefaultPort(best.From).TrimEnd('/').Length..];
    }

    private static bool Matches(string address, string prefix)
    {
        var text = WithoutDefaultPort(address);
        var start = WithoutDefaultPort(prefix).TrimEnd('/');
        return text.StartsWith(start, StringComparison.OrdinalIgnoreCase)
            && (text.Length == start.Length || text[start.Length] is '/' or '?' or ':');
    }

    // Studio often writes the port out: https://ussouthcentral.services.azureml.net:443/...
    private static string WithoutDefaultPort(string address)
    {
        var scheme = address.IndexOf("://", StringComparison.Ordinal);
        var port = scheme < 0 ? -1 : address.IndexOf(":443", scheme + 3, StringComparison.Ordinal);
        var path = scheme < 0 ? -1 : address.IndexOf('/', scheme + 3);
        return port >= 0 && (path < 0 || port < path) && (port + 4 == address.Length || address[port + 4] is '/' or '?')
            ? address.Remove(port, 4)
            : address;
    }
}
