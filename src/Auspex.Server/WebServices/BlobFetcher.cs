using Auspex.Connectors.ObjectStorage;

namespace Auspex.Server.WebServices;

/// <summary>Opens blobs that requests refer to, in either form of reference.</summary>
internal sealed class BlobFetcher(Func<BlobReference, IBlobStore> openStore, StorageAddresses addresses)
{
    /// <summary>A store for a reference, and the blob's path in it. An address that this server signed itself opens the folder behind it.</summary>
    /// <exception cref="BlobStoreException">The reference is malformed, or not allowed here.</exception>
    public (IBlobStore Store, string Path) OpenStore(BlobReference reference)
    {
        var resolved = addresses.TryOpen(reference) ?? reference;
        return (openStore(resolved), BlobStores.PathOf(resolved));
    }

    /// <summary>Opens a blob for reading to its end.</summary>
    /// <exception cref="BlobStoreException">There is none, or it may not be read.</exception>
    public async Task<Stream> OpenAsync(BlobReference reference, CancellationToken cancellationToken)
    {
        var (store, path) = OpenStore(reference);
        return await store.OpenReadAsync(path, 0, cancellationToken);
    }
}
