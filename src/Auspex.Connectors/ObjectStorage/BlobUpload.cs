using System.Globalization;
using Auspex.Errors;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>A blob being written. Readers see the earlier blob, or none, until <see cref="CommitAsync"/> returns.</summary>
/// <remarks>
/// <para>
/// To survive the process: secure, record the position together with what else belongs to it, and continue from the last one
/// recorded with <see cref="IBlobStore.ResumeWriteAsync"/>. Before the commit secure and record once more, so that a crash between the
/// commit and its own record costs nothing: the upload then comes back with <see cref="IsCommitted"/> at the final position.
/// </para>
/// <para>For one writer at a time.</para>
/// </remarks>
public abstract class BlobUpload : IAsyncDisposable
{
    /// <summary>Where the bytes go, to be written asynchronously. Its position is that in the blob, also after a resumption.</summary>
    public abstract Stream Stream { get; }

    /// <summary>Whether the blob is in place, by this object or by another that wrote the same upload.</summary>
    /// <remarks>
    /// True right after a resumption means that an earlier process committed it. Nothing need be written then. Whoever still has to
    /// pass over the rest, to count for instance, may write it all the same: the bytes go nowhere, and the commit compares the length.
    /// </remarks>
    public abstract bool IsCommitted { get; }

    /// <summary>Makes durable what was written before the call, and says where it ends.</summary>
    /// <remarks>
    /// From now on the upload outlives this object, whatever ends it; <see cref="IBlobStore.DiscardUploadAsync"/> removes it. It
    /// is kept for a week after the last byte. Writing may go on while the returned task runs.
    /// </remarks>
    /// <exception cref="BlobStoreException">It could not be made durable; earlier positions stand.</exception>
    public abstract Task<UploadPosition> SecureAsync(CancellationToken cancellationToken);

    /// <summary>Makes the blob visible, whole and durable. Doing it again changes nothing.</summary>
    /// <exception cref="BlobStoreException">
    /// <see cref="ErrorCode.BlobUploadGone"/>: what was written is there no more; begin anew. Others: the blob is as it was before.
    /// </exception>
    public abstract Task CommitAsync(CancellationToken cancellationToken);

    /// <summary>Ends writing. Without a commit nothing changes for readers, and what was never secured is removed.</summary>
    public abstract ValueTask DisposeAsync();
}

/// <summary>How far an upload has come. Holds no secret and no place; made to be kept in a journal.</summary>
/// <param name="UploadId">Names the upload among those to its path.</param>
/// <param name="Length">The bytes that are durable, from the blob's beginning.</param>
public sealed record UploadPosition(string UploadId, long Length)
{
    internal UploadPosition(Guid uploadId, long length)
        : this(uploadId.ToString("N", CultureInfo.InvariantCulture), length)
    {
    }

    /// <summary>The upload's id, checked: it becomes part of file names.</summary>
    /// <exception cref="BlobStoreException">The position was never given out by a store.</exception>
    internal Guid ReadId(string path) =>
        Length >= 0 && Guid.TryParseExact(UploadId, "N", out var id)
            ? id
            : throw new BlobStoreException(
                ErrorCode.BlobReferenceInvalid,
                BlobError.Invalid,
                $"The position of the upload to '{path}' is malformed; expected one that a store has given out.");

    internal static BlobStoreException Gone(string path, Exception? inner = null) => new(
        ErrorCode.BlobUploadGone,
        BlobError.UploadGone,
        $"What was uploaded for '{path}' is there no more: it was discarded, left for a week, or lost to another upload that was "
        + "committed to the same path. Begin the upload anew.",
        inner);
}
