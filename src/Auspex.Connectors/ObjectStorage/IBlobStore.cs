namespace Auspex.Connectors.ObjectStorage;

/// <summary>Blobs in containers, whether in Azure or in a folder. A path is <c>container/folder/file.ext</c>, without a leading slash.</summary>
/// <remarks>
/// Thread-safe. Failures surface as <see cref="BlobStoreException"/>; no driver exception leaves an implementation.
/// </remarks>
public interface IBlobStore
{
    /// <summary>What is known of a blob; null when there is none.</summary>
    Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken);

    /// <summary>Reads a blob from <paramref name="offset"/> (bytes) to its end.</summary>
    /// <exception cref="BlobStoreException">There is none, or it may not be read.</exception>
    Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken);

    /// <summary>Begins to write a blob; containers and folders are made as needed.</summary>
    Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Blobs whose path begins with <paramref name="prefix"/>, in ordinal order.</summary>
    IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>Removes a blob; false when there was none.</summary>
    Task<bool> DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>A reference with which others can read the blob for <paramref name="validity"/>; it carries no account key.</summary>
    BlobReference GetReadReference(string path, TimeSpan validity);
}

/// <summary>What is known of a blob.</summary>
/// <param name="Path">Container included.</param>
/// <param name="SizeInBytes">Its length.</param>
/// <param name="LastModified">In UTC.</param>
/// <param name="ETag">Changes with the content.</param>
public sealed record BlobProperties(string Path, long SizeInBytes, DateTimeOffset LastModified, string ETag);

/// <summary>A blob being written. Readers see the earlier blob, or none, until <see cref="CommitAsync"/> returns; disposing without it changes nothing.</summary>
public abstract class BlobUpload : IAsyncDisposable
{
    /// <summary>Where the bytes go.</summary>
    public abstract Stream Stream { get; }

    /// <summary>Makes the blob visible, whole and durable.</summary>
    public abstract Task CommitAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}

/// <summary>
/// A blob as BES and Update Resource name it: a connection string with a path, or base, path and SAS token whose plain
/// concatenation is the address.
/// </summary>
/// <param name="ConnectionString">An Azure storage connection string, or <c>FileRoot=FOLDER</c>. A secret.</param>
/// <param name="RelativeLocation"><c>container/path</c>.</param>
/// <param name="BaseLocation">Ends with a slash.</param>
/// <param name="SasBlobToken">Begins with a question mark; empty for a public blob. A secret.</param>
public sealed record BlobReference(
    string? ConnectionString,
    string? RelativeLocation,
    string? BaseLocation,
    string? SasBlobToken);
