using System.Net.Sockets;
using Auspex.Connectors.Http;
using Auspex.Errors;
using Azure;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>Makes the driver's exceptions those of the blob contract, by status and error code.</summary>
internal static class AzureBlobErrors
{
    private const string ContainerNotFound = "ContainerNotFound";
    private const string InvalidBlockList = "InvalidBlockList";

    /// <summary>The exception to throw instead; null when it is none of the driver's.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="endpoint">The service; its query is not shown.</param>
    /// <param name="path">The blob or container.</param>
    public static BlobStoreException? Translate(Exception failure, Uri endpoint, string path)
    {
        var where = $"'{path}' at {endpoint.GetLeftPart(UriPartial.Path)}";
        foreach (var cause in BlobFailures.Causes(failure))
        {
            switch (cause)
            {
                case BlobStoreException already:
                    return already;
                case OutboundRefusedException refused:
                    return new BlobStoreException(refused.Code, BlobError.Forbidden, refused.Message, failure);
                case RequestFailedException { Status: > 0 } answer:
                    return OfAnswer(answer, where);
                default:
                    break;
            }
        }

        return failure is RequestFailedException or AggregateException or HttpRequestException or IOException or SocketException
                or OperationCanceledException or TimeoutException
            ? BlobFailures.NoAnswer(where, failure)
            : null;
    }

    /// <summary>Whether the container of a blob does not exist, as opposed to the blob.</summary>
    public static bool IsContainerMissing(RequestFailedException failure) =>
        failure.Status == 404 && failure.ErrorCode == ContainerNotFound;

    /// <summary>Whether a commit names a block that is there no more.</summary>
    public static bool IsBlockMissing(RequestFailedException failure) =>
        failure.Status == 400 && failure.ErrorCode == InvalidBlockList;

    private static BlobStoreException OfAnswer(RequestFailedException answer, string where)
    {
        var said = string.IsNullOrEmpty(answer.ErrorCode) ? $"status {answer.Status}" : $"status {answer.Status} {answer.ErrorCode}";
        return (answer.Status, answer.ErrorCode) switch
        {
            (404, ContainerNotFound) => New(ErrorCode.BlobNotFound, BlobError.NotFound, "there is no such container. Check the path"),
            (404, _) => New(ErrorCode.BlobNotFound, BlobError.NotFound, "there is no such blob. Check the path; names are case-sensitive"),
            (401 or 403, "AuthorizationPermissionMismatch" or "AuthorizationFailure") => New(
                ErrorCode.BlobForbidden, BlobError.Forbidden, "the token does not allow this. Use one with the permission"),
            (401 or 403, _) => New(
                ErrorCode.BlobForbidden, BlobError.Forbidden, "the key or token is wrong, has expired, or does not allow this. Renew it"),
            (409, "ContainerBeingDeleted") => New(
                ErrorCode.BlobStoreUnavailable, BlobError.Unavailable, "the container is being deleted. Wait a minute, then run again"),
            (412, _) => New(
                ErrorCode.BlobChanged, BlobError.Unavailable, "it was replaced while it was read. Run again"),
            (400, InvalidBlockList) => New(
                ErrorCode.BlobUploadGone, BlobError.UploadGone, "another writer committed the blob meanwhile. Run again"),
            (400, "InvalidBlobOrBlock") => New(
                ErrorCode.BlobStoreUnavailable,
                BlobError.Unavailable,
                "another program has begun to write it and has not finished. Run again when it has, or use another path"),
            (507, _) or (_, "AccountLimitExceeded" or "InsufficientAccountResources") => New(
                ErrorCode.BlobStoreFull, BlobError.Full, "the account is full. Free space, then run again"),
            (408 or 429 or >= 500, _) => New(
                ErrorCode.BlobStoreUnavailable, BlobError.Unavailable, "the service is busy or broken. Run again later"),
            _ => New(
                ErrorCode.BlobReferenceInvalid,
                BlobError.Invalid,
                "the service refused the request. Container names have 3 to 63 lower-case letters, digits and single hyphens"),
        };

        BlobStoreException New(ErrorCode code, BlobError error, string why) =>
            new(code, error, $"Blob {where}: {why} ({said}).", answer);
    }
}
