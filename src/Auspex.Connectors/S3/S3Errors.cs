using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Auspex.Connectors.Http;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;

namespace Auspex.Connectors.S3;

/// <summary>Makes the driver's exceptions those of the blob contract, by status and error code.</summary>
internal static class S3Errors
{
    /// <summary>The exception to throw instead; null when it is none of the driver's.</summary>
    public static BlobStoreException? Translate(Exception failure, string service, string path)
    {
        var where = $"'{path}' at {service}";
        foreach (var cause in BlobFailures.Causes(failure))
        {
            switch (cause)
            {
                case BlobStoreException already:
                    return already;
                case OutboundRefusedException refused:
                    return new BlobStoreException(refused.Code, BlobError.Forbidden, refused.Message, failure);
                case AmazonServiceException answer when (int)answer.StatusCode >= 300:
                    return OfAnswer(answer, where);
                default:
                    break;
            }
        }

        return failure is AmazonServiceException or AmazonClientException or AggregateException or HttpRequestException or IOException or SocketException
                or OperationCanceledException or TimeoutException
            ? BlobFailures.NoAnswer(where, failure)
            : null;
    }

    /// <summary>Whether the bucket of an object does not exist, as opposed to the object.</summary>
    public static bool IsBucketMissing(AmazonServiceException failure) => failure.ErrorCode == "NoSuchBucket";

    /// <summary>Whether an upload was committed or discarded.</summary>
    public static bool IsUploadMissing(AmazonServiceException failure) =>
        failure.ErrorCode is "NoSuchUpload" or "NoSuchBucket" or "InvalidPart" || failure.StatusCode == HttpStatusCode.NotFound;

    private static BlobStoreException OfAnswer(AmazonServiceException answer, string where)
    {
        var said = string.IsNullOrEmpty(answer.ErrorCode) ? $"status {(int)answer.StatusCode}" : $"status {(int)answer.StatusCode} {answer.ErrorCode}";
        return ((int)answer.StatusCode, answer.ErrorCode) switch
        {
            (_, "NoSuchBucket") => New(ErrorCode.BlobNotFound, BlobError.NotFound, "there is no such bucket. Check the path"),
            (_, "NoSuchUpload") => New(ErrorCode.BlobUploadGone, BlobError.UploadGone, "the upload is there no more. Run again"),
            (404, _) => New(ErrorCode.BlobNotFound, BlobError.NotFound, "there is no such object. Check the path; names are case-sensitive"),
            (_, "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "ExpiredToken" or "InvalidToken") => New(
                ErrorCode.BlobForbidden, BlobError.Forbidden, "the access key or its token is wrong or has expired. Renew it"),
            (401 or 403, _) => New(
                ErrorCode.BlobForbidden, BlobError.Forbidden, "the access key does not allow this; where it may not list, this is also said of what does not exist"),
            (_, "BucketAlreadyExists") => New(
                ErrorCode.BlobForbidden, BlobError.Forbidden, "a bucket of that name belongs to somebody else. Use another name"),
            (412, _) => New(ErrorCode.BlobChanged, BlobError.Unavailable, "it was replaced while it was read. Run again"),
            (301 or 307, _) => New(
                ErrorCode.BlobReferenceInvalid, BlobError.Invalid, "the bucket is in another region. Set serviceUrl to that region's address"),
            (507, _) or (_, "QuotaExceeded") => New(ErrorCode.BlobStoreFull, BlobError.Full, "the store is full. Free space, then run again"),
            (408 or 409 or 429 or >= 500, _) => New(
                ErrorCode.BlobStoreUnavailable, BlobError.Unavailable, "the service is busy or broken. Run again later"),
            _ => New(
                ErrorCode.BlobReferenceInvalid,
                BlobError.Invalid,
                "the service refused the request. Bucket names have 3 to 63 lower-case letters, digits, hyphens and points"),
        };

        BlobStoreException New(ErrorCode code, BlobError error, string why) =>
            new(code, error, $"Object {where}: {why} ({said}).", answer);
    }
}
