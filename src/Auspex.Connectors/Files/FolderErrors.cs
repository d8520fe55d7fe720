using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;

namespace Auspex.Connectors.Files;

/// <summary>Makes file system exceptions those of the blob contract, by error number.</summary>
internal static class FolderErrors
{
    private const int NoSpace = 28;
    private const int ReadOnlyFileSystem = 30;
    private const int QuotaExceeded = 122;
    private const int MacQuotaExceeded = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>The exception to throw instead; null when it is none of the file system's.</summary>
    public static BlobStoreException? Translate(Exception failure, string root, string path) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => NotFound(root, path, failure),
        UnauthorizedAccessException => new BlobStoreException(
            ErrorCode.BlobForbidden,
            BlobError.Forbidden,
            $"The operating system denies access to '{path}' in folder '{root}'. Give this process's user the right to it.",
            failure),
        PathTooLongException => new BlobStoreException(
            ErrorCode.BlobReferenceInvalid, BlobError.Invalid, $"'{path}' in folder '{root}' is longer than the file system allows.", failure),
        IOException { HResult: NoSpace or QuotaExceeded or MacQuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull } =>
            new BlobStoreException(
                ErrorCode.BlobStoreFull,
                BlobError.Full,
                $"The disk under folder '{root}' is full while '{path}' was being written; what was there before is unchanged. "
                + "Free space there, then run again.",
                failure),
        IOException { HResult: ReadOnlyFileSystem } => new BlobStoreException(
            ErrorCode.BlobForbidden, BlobError.Forbidden, $"Folder '{root}' is on a read-only file system; cannot write '{path}'.", failure),
        IOException => new BlobStoreException(
            ErrorCode.BlobStoreUnavailable,
            BlobError.Unavailable,
            $"The file system failed at '{path}' in folder '{root}' (error {failure.HResult}): {failure.Message}",
            failure),
        _ => null,
    };

    public static BlobStoreException NotFound(string root, string path, Exception? inner = null) => new(
        ErrorCode.BlobNotFound,
        BlobError.NotFound,
        $"There is no file '{path}' in folder '{root}'. Check the path; names may be case-sensitive.",
        inner);
}
