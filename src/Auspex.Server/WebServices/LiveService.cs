using System.Collections.Concurrent;

namespace Auspex.Server.WebServices;

/// <summary>A web service in memory with its endpoints.</summary>
internal sealed class LiveService(ServiceDocument document) : IDisposable
{
    private volatile ServiceDocument _document = document;

    public ServiceDocument Document
    {
        get => _document;
        set => _document = value;
    }

    /// <summary>By endpoint id.</summary>
    public ConcurrentDictionary<string, LiveEndpoint> Endpoints { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Held by whoever changes the service or its endpoints.</summary>
    public SemaphoreSlim Changes { get; } = new(1, 1);

    /// <summary>By name, or else by id, as clients use either.</summary>
    public LiveEndpoint? FindEndpoint(string nameOrId)
    {
        foreach (var endpoint in Endpoints.Values)
        {
            if (endpoint.Current.Document.Name.Equals(nameOrId, StringComparison.OrdinalIgnoreCase))
            {
                return endpoint;
            }
        }

        return Endpoints.GetValueOrDefault(nameOrId);
    }

    public IEnumerable<LiveEndpoint> ListEndpoints() => Endpoints.Values
        .OrderBy(endpoint => endpoint.Current.Document.Id != Document.DefaultEndpointId)
        .ThenBy(endpoint => endpoint.Current.Document.CreatedAt)
        .ThenBy(endpoint => endpoint.Current.Document.Name, StringComparer.Ordinal);

    public void Dispose() => Changes.Dispose();
}
