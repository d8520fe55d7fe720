using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Auspex.Server.Api.Factories;

/// <summary>
/// What long-running operations of the Synapse interface came to. They are over when the first answer is sent; the protocol
/// still has the caller fetch the result from an address of its own.
/// </summary>
/// <remarks>Thread-safe. Kept in memory, the newest only: a caller that polls asks within seconds.</remarks>
internal sealed class OperationResults
{
    private const int MostKept = 4096;

    private readonly ConcurrentDictionary<string, JsonObject?> _results = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<string> _order = new();

    /// <summary>Keeps a result under a new id; null is the result of an operation that has none.</summary>
    public string Add(JsonObject? result)
    {
        var id = Guid.NewGuid().ToString();
        _results[id] = result;
        _order.Enqueue(id);
        while (_results.Count > MostKept && _order.TryDequeue(out var oldest))
        {
            _results.TryRemove(oldest, out _);
        }

        return id;
    }

    public bool TryFind(string id, out JsonObject? result) => _results.TryGetValue(id, out result);
}
