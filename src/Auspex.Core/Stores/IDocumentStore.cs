using System.Collections.Immutable;

namespace Auspex.Stores;

/// <summary>A stored document.</summary>
/// <param name="Id">Its id within the collection.</param>
/// <param name="Body">UTF-8 JSON as it was put.</param>
/// <param name="Version">Grows by one with each change, from 1.</param>
public sealed record Document(string Id, ReadOnlyMemory<byte> Body, long Version);

/// <summary>Keeps small JSON documents by collection and id: web services, endpoints, jobs, settings.</summary>
/// <remarks>Thread-safe. A change is durable when the call returns. Ids and collections compare ordinally.</remarks>
public interface IDocumentStore
{
    /// <summary>The document, or null.</summary>
    Task<Document?> GetAsync(string collection, string id, CancellationToken cancellationToken);

    /// <summary>All documents of a collection whose id begins with <paramref name="idPrefix"/>, in ordinal order of ids.</summary>
    Task<ImmutableArray<Document>> ListAsync(string collection, string idPrefix, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a document. <paramref name="expectedVersion"/>: null overwrites, 0 demands that there is none yet, another
    /// number demands exactly that version.
    /// </summary>
    /// <returns>The new version, or null when the expectation did not hold and nothing was written.</returns>
    Task<long?> PutAsync(
        string collection,
        string id,
        ReadOnlyMemory<byte> body,
        long? expectedVersion,
        CancellationToken cancellationToken);

    /// <summary>Removes a document; false when there was none.</summary>
    Task<bool> DeleteAsync(string collection, string id, CancellationToken cancellationToken);
}
