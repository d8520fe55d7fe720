using System.Collections.Concurrent;
using System.Collections.Immutable;
using Auspex.Stores;

namespace Auspex.TestKit.Storage;

/// <summary>Documents in memory.</summary>
public sealed class InMemoryDocumentStore : IDocumentStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<(string Collection, string Id), Document> _documents = new(
        Comparer<(string Collection, string Id)>.Create((left, right) =>
            string.CompareOrdinal(left.Collection, right.Collection) is not 0 and var order
                ? order
                : string.CompareOrdinal(left.Id, right.Id)));

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
            return Task.FromResult(_documents
                .Where(entry => entry.Key.Collection == collection && entry.Key.Id.StartsWith(idPrefix, StringComparison.Ordinal))
                .Select(entry => entry.Value)
                .ToImmutableArray());
        }
    }

    public Task<long?> PutAsync(
        string collection, string id, ReadOnlyMemory<byte> body, long? expectedVersion, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var present = _documents.GetValueOrDefault((collection, id))?.Version ?? 0;
            if (expectedVersion is { } expected && expected != present)
            {
                return Task.FromResult<long?>(null);
            }

            _documents[(collection, id)] = new Document(id, body.ToArray(), present + 1);
            return Task.FromResult<long?>(present + 1);
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

/// <summary>Not secret at all, but no longer the plain text: enough to see whether something was protected.</summary>
public sealed class FakeSecretProtector : ISecretProtector
{
    private const byte Mask = 0x5A;

    public byte[] Protect(ReadOnlySpan<byte> plain) => Turn(plain);

    public byte[] Unprotect(ReadOnlySpan<byte> cipher) => Turn(cipher);

    private static byte[] Turn(ReadOnlySpan<byte> bytes)
    {
        var turned = bytes.ToArray();
        for (var index = 0; index < turned.Length; index++)
        {
            turned[index] ^= Mask;
        }

        return turned;
    }
}

/// <summary>Factories by name.</summary>
public sealed class InMemoryDefinitionStore : IDefinitionStore
{
    public ConcurrentDictionary<string, Definitions.FactoryDefinition> Factories { get; } =
        new(StringComparer.OrdinalIgnoreCase);

    public ImmutableArray<string> FactoryNames => [.. Factories.Keys];

    public Definitions.FactoryDefinition? FindFactory(string name) => Factories.GetValueOrDefault(name);
}
