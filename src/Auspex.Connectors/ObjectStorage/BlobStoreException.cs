using Auspex.Errors;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>Why a blob operation failed.</summary>
public enum BlobError
{
    /// <summary>No such blob or container.</summary>
    NotFound,

    /// <summary>The key or token does not allow it, or the folder lies outside the file roots.</summary>
    Forbidden,

    /// <summary>The connection string, reference or path is malformed.</summary>
    Invalid,

    /// <summary>The disk or the account is full.</summary>
    Full,

    /// <summary>The store did not answer or broke off, or the blob was replaced while it was read.</summary>
    Unavailable,

    /// <summary>What an upload had written is there no more. Only beginning anew helps.</summary>
    UploadGone,
}

/// <summary>A blob operation that failed; the message names the store and the path, never a key.</summary>
public sealed class BlobStoreException(ErrorCode code, BlobError error, string message, Exception? inner = null)
    : AuspexException(code, message, inner)
{
    /// <summary>Why it failed.</summary>
    public BlobError Error { get; } = error;

    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => Error == BlobError.Unavailable;
}
