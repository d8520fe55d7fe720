using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Auspex.Stores;

namespace Auspex.TestKit.Experiments;

/// <summary>Artifacts in memory.</summary>
public sealed class FakeArtifactStore : IArtifactStore
{
    private readonly ConcurrentDictionary<string, byte[]> _artifacts = new(StringComparer.Ordinal);

    public int Count => _artifacts.Count;

    public async Task<ArtifactId> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await content.CopyToAsync(buffer, cancellationToken);
        var bytes = buffer.ToArray();
        var id = Convert.ToHexStringLower(SHA256.HashData(bytes));
        _artifacts[id] = bytes;
        return new ArtifactId(id);
    }

    public Task<Stream> OpenAsync(ArtifactId id, CancellationToken cancellationToken) => Task.FromResult<Stream>(
        new MemoryStream(_artifacts.GetValueOrDefault(id.Value) ?? throw new FileNotFoundException($"No artifact {id}."), writable: false));

    public Task<bool> ExistsAsync(ArtifactId id, CancellationToken cancellationToken) => Task.FromResult(_artifacts.ContainsKey(id.Value));

    /// <summary>Forgets everything.</summary>
    public void Clear() => _artifacts.Clear();
}

/// <summary>Documents in memory.</summary>
public sealed class FakeDocumentStore : IDocumentStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string, string), Document> _documents = [];

    public Task<Document?> GetAsync(string collection, string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_documents.GetValueOrDefault((collection, id)));
        }
    }

    public Task<ImmutableArray<Document>> ListAsync(string collection, string idPrefix, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_documents.Where(entry => entry.Key.Item1 == collection && entry.Key.Item2.StartsWith(idPrefix, StringComparison.Ordinal))
                .Select(entry => entry.Value).OrderBy(document => document.Id, StringComparer.Ordinal).ToImmutableArray());
        }
    }

    public Task<long?> PutAsync(
        string collection, string id, ReadOnlyMemory<byte> body, long? expectedVersion, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var version = _documents.GetValueOrDefault((collection, id))?.Version ?? 0;
            if (expectedVersion is { } expected && expected != version)
            {
                return Task.FromResult<long?>(null);
            }

            _documents[(collection, id)] = new Document(id, body, version + 1);
            return Task.FromResult<long?>(version + 1);
        }
    }

    public Task<bool> DeleteAsync(string collection, string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_documents.Remove((collection, id)));
        }
    }
}
