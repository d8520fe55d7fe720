using System.Net.Sockets;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace Auspex.Connectors.Sftp;

/// <summary>Makes the driver's exceptions those of the blob contract.</summary>
internal static class SftpErrors
{
    /// <summary>The exception to throw instead; null when it is none of the driver's.</summary>
    public static BlobStoreException? Translate(Exception failure, string server, string path) => failure switch
    {
        BlobStoreException already => already,
        OutboundRefusedException refused => new BlobStoreException(refused.Code, BlobError.Forbidden, refused.Message, refused),
        SftpPathNotFoundException => NotFound(server, path, failure),
        SftpPermissionDeniedException => new BlobStoreException(
            ErrorCode.BlobForbidden, BlobError.Forbidden, $"SFTP server '{server}' denies access to '{path}'. Give the user the right to it.", failure),
        SshAuthenticationException => new BlobStoreException(
            ErrorCode.BlobForbidden,
            BlobError.Forbidden,
            $"SFTP server '{server}' does not take the user with this password or key. Check userName, password, private key and its passPhrase.",
            failure),
        SftpException { StatusCode: StatusCode.OperationUnsupported } or NotSupportedException => new BlobStoreException(
            ErrorCode.BlobReferenceInvalid,
            BlobError.Invalid,
            $"SFTP server '{server}' does not know what '{path}' needs. Where it cannot rename, set useTempFileRename to false.",
            failure),
        SftpException { StatusCode: StatusCode.Failure } => new BlobStoreException(
            ErrorCode.BlobStoreUnavailable,
            BlobError.Unavailable,
            $"SFTP server '{server}' could not do what was asked with '{path}' and does not say why; its disk may be full. Look at the server, then run again.",
            failure),
        SshException or SocketException or IOException or TimeoutException or ObjectDisposedException or OperationCanceledException =>
            new BlobStoreException(
                ErrorCode.BlobStoreUnavailable,
                BlobError.Unavailable,
                $"No answer for '{path}' from SFTP server '{server}', also after retries. Check host, port and that the server runs.",
                failure),
        _ => null,
    };

    /// <summary>Whether a new connection may help.</summary>
    public static bool IsConnection(Exception failure) =>
        failure is SshConnectionException or SshOperationTimeoutException or SocketException or ObjectDisposedException or TimeoutException
        || failure is IOException;

    public static BlobStoreException NotFound(string server, string path, Exception? inner = null) => new(
        ErrorCode.BlobNotFound,
        BlobError.NotFound,
        $"There is no file '{path}' on SFTP server '{server}'. Check the path: one without a leading slash begins at the user's own folder.",
        inner);
}
