using System.Collections.Concurrent;
using System.Security.Cryptography;
using Auspex.Stores;

namespace Auspex.Storage.InMemory;

/// <summary>Artifacts that live as long as this object.</summary>
public sealed class InMemoryArtifactStore : IArtifactStore
{
    private readonly ConcurrentDictionary<ArtifactId, byte[]> _artifacts = [];

    /// <summary>How many artifacts are kept.</summary>
    public int Count => _artifacts.Count;

    /// <summary>All bytes kept, for a test that looks for what must not be there.</summary>
    public IEnumerable<byte[]> Contents => _artifacts.Values;

    /// <inheritdoc/>
    public async Task<ArtifactId> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, cancellationToken);
        var bytes = copy.ToArray();
        var id = new ArtifactId(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        _artifacts.TryAdd(id, bytes);
        return id;
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(ArtifactId id, CancellationToken cancellationToken) =>
        _artifacts.TryGetValue(id, out var bytes)
            ? Task.FromResult<Stream>(new MemoryStream(bytes, writable: false))
            : throw new FileNotFoundException($"There is no artifact {id}.");

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(ArtifactId id, CancellationToken cancellationToken) =>
        Task.FromResult(_artifacts.ContainsKey(id));
}
