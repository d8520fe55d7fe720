using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Connectors.S3;

/// <summary>Where an upload goes, and what it asks of the service.</summary>
internal sealed record S3Place(AmazonS3Client Client, string Bucket, string Key, Func<Exception, BlobStoreException?> Translate)
{
    // The protocol adds x-amz-meta- itself.
    private const string UploadMark = "auspex-upload";

    /// <summary>The path as readers know it.</summary>
    public string Path => $"{Bucket}/{Key}";

    /// <summary>The folder of the object, with a slash at its end; empty for the bucket itself.</summary>
    public string Folder => Key[..(Key.LastIndexOf('/') + 1)];

    /// <summary>Begins an upload of several parts.</summary>
    /// <returns>The service's own id of it.</returns>
    public async Task<string> InitiateAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        var request = new InitiateMultipartUploadRequest { BucketName = Bucket, Key = Key, ContentType = BlobContentType.Of(Key) };
        request.Metadata[UploadMark] = uploadId.ToString("N");
        return (await InBucketAsync(() => Client.InitiateMultipartUploadAsync(request, cancellationToken), cancellationToken)).UploadId;
    }

    /// <summary>Sends one part; null when the upload is there no more.</summary>
    public async Task<string?> SendPartAsync(string serviceId, int number, MemoryStream part, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = Bucket,
                    Key = Key,
                    UploadId = serviceId,
                    PartNumber = number,
                    InputStream = part,
                    PartSize = part.Length,
                    UseChunkEncoding = false,
                },
                cancellationToken);
            return answer.ETag;
        }
        catch (AmazonServiceException missing) when (S3Errors.IsUploadMissing(missing))
        {
            return null;
        }
    }

    /// <summary>Puts a whole object.</summary>
    public Task PutAsync(string key, Guid uploadId, MemoryStream content, CancellationToken cancellationToken) => InBucketAsync(
        () =>
        {
            content.Position = 0;
            var request = new PutObjectRequest
            {
                BucketName = Bucket,
                Key = key,
                InputStream = content,
                AutoCloseStream = false,
                ContentType = BlobContentType.Of(Key),
                UseChunkEncoding = false,
            };
            request.Metadata[UploadMark] = uploadId.ToString("N");
            return Client.PutObjectAsync(request, cancellationToken);
        },
        cancellationToken);

    /// <summary>The object's length if it is what an upload wrote; null when it is not, or there is none.</summary>
    public async Task<long?> FindCommittedLengthAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Client.GetObjectMetadataAsync(Bucket, Key, cancellationToken);
            return found.Metadata[UploadMark] == uploadId.ToString("N") ? found.ContentLength : null;
        }
        catch (AmazonServiceException missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>The parts that the service has; null when it does not know the upload.</summary>
    public async Task<Dictionary<int, PartDetail>?> ListPartsAsync(string serviceId, CancellationToken cancellationToken)
    {
        var parts = new Dictionary<int, PartDetail>();
        string? marker = null;
        try
        {
            while (true)
            {
                var page = await Client.ListPartsAsync(
                    new ListPartsRequest { BucketName = Bucket, Key = Key, UploadId = serviceId, PartNumberMarker = marker }, cancellationToken);
                foreach (var part in page.Parts ?? [])
                {
                    parts[part.PartNumber ?? 0] = part;
                }

                if (page.IsTruncated != true || page.NextPartNumberMarker is not { } next)
                {
                    return parts;
                }

                marker = next.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }
        }
        catch (AmazonServiceException missing) when (S3Errors.IsUploadMissing(missing))
        {
            return null;
        }
    }

    /// <summary>Keys in the object's folder that begin with a text.</summary>
    public async Task<List<string>> ListKeysAsync(string namePrefix, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        string? continuation = null;
        do
        {
            var page = await Client.ListObjectsV2Async(
                new ListObjectsV2Request { BucketName = Bucket, Prefix = Folder + namePrefix, ContinuationToken = continuation }, cancellationToken);
            keys.AddRange((page.S3Objects ?? []).Select(item => item.Key));
            continuation = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (continuation is not null);
        return keys;
    }

    /// <summary>Makes the bucket when the service says that there is none.</summary>
    private async Task<T> InBucketAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException missing) when (S3Errors.IsBucketMissing(missing))
        {
            try
            {
                await Client.PutBucketAsync(Bucket, cancellationToken);
            }
            catch (AmazonServiceException made) when (made.ErrorCode == "BucketAlreadyOwnedByYou")
            {
                // Another upload made it just now.
            }

            return await call();
        }
    }
}
