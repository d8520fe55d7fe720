using Auspex.Errors;

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
    /// <returns>
    /// A stream to be read asynchronously. What it gives belongs to one version of the blob: in Azure and on web servers a blob that
    /// is replaced meanwhile ends it with <see cref="ErrorCode.BlobChanged"/>; in a folder the earlier file is read to its end.
    /// </returns>
    /// <exception cref="BlobStoreException">There is none, or it may not be read.</exception>
    Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken);

    /// <summary>Begins to write a blob; containers and folders are made as needed.</summary>
    Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Continues an upload at exactly <see cref="UploadPosition.Length"/>; what was written after it is given up.</summary>
    /// <remarks>
    /// Whoever wrote before need not have ended: a process taken for dead may write on, secure and even commit, as long as the bytes
    /// at an offset are the same whoever writes them. An upload that is committed already comes back as one whose
    /// <see cref="BlobUpload.IsCommitted"/> is true: at every position in Azure and on file systems with user attributes; on others
    /// only at the final one. Reading the store must be allowed, not only writing.
    /// </remarks>
    /// <param name="path">The path that it was begun with.</param>
    /// <param name="position">What <see cref="BlobUpload.SecureAsync"/> returned.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="BlobStoreException">
    /// <see cref="ErrorCode.BlobUploadGone"/>: what was secured is there no more, since it was discarded, untouched for a week, or, in
    /// Azure, another upload was committed to the path. Begin anew.
    /// </exception>
    Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken);

    /// <summary>Gives up an upload that nobody will continue; one that is committed stays. Doing it again changes nothing.</summary>
    /// <remarks>In Azure blocks cannot be removed one by one: the service drops them after a week, or with the next commit to the path.</remarks>
    /// <param name="path">The path that it was begun with.</param>
    /// <param name="position">Any position of it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken);

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
public sealed record BlobProperties(string Path, long SizeInBytes, DateTimeOffset LastModified, string ETag)
{
    /// <summary>When it was made, in UTC; null where the store does not tell.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The hash that the store keeps of its content, in base64; null where it keeps none.</summary>
    public string? ContentMD5 { get; init; }
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
