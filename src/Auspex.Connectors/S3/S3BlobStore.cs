using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Auspex.Connectors.Files;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Connectors.S3;

/// <summary>Blobs as objects of Amazon S3 or of what speaks its protocol; containers are its buckets. Uploads appear at once when committed.</summary>
internal sealed partial class S3BlobStore : IBlobStore, IFolderStore
{
    private static readonly TimeSpan LongestReference = TimeSpan.FromDays(7);

    private readonly AmazonS3Client _client;
    private readonly BlobTransferOptions _transfer;
    private readonly TimeProvider _clock;
    private readonly string _service;

    public S3BlobStore(S3Settings settings, HttpClient client, BlobTransferOptions transfer, TimeProvider clock)
    {
        _client = S3Client.Create(settings, client);
        _transfer = transfer;
        _clock = clock;
        _service = settings.ServiceUrl?.GetLeftPart(UriPartial.Authority) ?? "Amazon S3";
    }

    public async Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        var (bucket, key) = BlobPath.Split(blob);
        try
        {
            var found = await _client.GetObjectMetadataAsync(bucket, key, cancellationToken);
            return new BlobProperties(blob, found.ContentLength, Utc(found.LastModified), found.ETag ?? "") { ContentMD5 = Md5(found.ETag) };
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
        catch (Exception failure) when (Translate(failure, blob, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    public Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var blob = BlobPath.Normalize(path);
        BlobPath.Split(blob);
        var source = new BlobSource(
            blob,
            null,
            (from, length, etag, cancellation) => DownloadAsync(blob, from, length, etag, cancellation),
            failure => Translate(failure, blob, CancellationToken.None),
            _clock);
        return RangedReadStream.OpenAsync(source, _transfer, offset, cancellationToken);
    }

    public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken)
    {
        var place = Place(path);
        return Task.FromResult<BlobUpload>(S3Upload.Begin(place, _transfer.BlocksInFlight));
    }

    public Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken) =>
        S3Upload.ResumeAsync(Place(path), _transfer.BlocksInFlight, position, cancellationToken);

    public Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken) =>
        S3Upload.DiscardAsync(Place(path), position, cancellationToken);

    public async IAsyncEnumerable<BlobProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uniform = prefix.Replace('\\', '/').TrimStart('/');
        var slash = uniform.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0)
        {
            await foreach (var blob in ListAsync(uniform[..slash], uniform[(slash + 1)..], cancellationToken))
            {
                yield return blob;
            }

            yield break;
        }

        foreach (var bucket in await BucketsAsync(uniform, cancellationToken))
        {
            await foreach (var blob in ListAsync(bucket, "", cancellationToken))
            {
                yield return blob;
            }
        }
    }

    /// <inheritdoc/>
    /// <remarks>The protocol does not say whether there was an object, so that is asked first.</remarks>
    public async Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        if (await FindAsync(path, cancellationToken) is not { } found)
        {
            return false;
        }

        var (bucket, key) = BlobPath.Split(found.Path);
        try
        {
            await _client.DeleteObjectAsync(bucket, key, cancellationToken);
            return true;
        }
        catch (Exception failure) when (Translate(failure, found.Path, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    /// <remarks>A signed address, good for seven days at most.</remarks>
    public BlobReference GetReadReference(string path, TimeSpan validity)
    {
        var (bucket, key) = BlobPath.Split(path);
        var signed = new Uri(_client.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = bucket,
            Key = key,
            Verb = HttpVerb.GET,
            Expires = (_clock.GetUtcNow() + (validity < LongestReference ? validity : LongestReference)).UtcDateTime,
            Protocol = IsPlain ? Protocol.HTTP : Protocol.HTTPS,
        }));
        var relative = BlobPath.Escape(key);
        var plain = signed.GetLeftPart(UriPartial.Path);
        return new BlobReference(null, relative, plain[..^relative.Length], signed.Query);
    }

    private bool IsPlain => _client.Config.ServiceURL?.StartsWith("http:", StringComparison.OrdinalIgnoreCase) == true;

    private S3Place Place(string path)
    {
        var (bucket, key) = BlobPath.Split(path);
        var blob = $"{bucket}/{key}";
        return new S3Place(_client, bucket, key, failure => Translate(failure, blob, CancellationToken.None));
    }

    private async Task<BlobRange?> DownloadAsync(
        string blob, long offset, long? length, string? etag, CancellationToken cancellationToken)
    {
        var (bucket, key) = BlobPath.Split(blob);
        try
        {
            var request = new GetObjectRequest { BucketName = bucket, Key = key, EtagToMatch = etag };
            if (offset > 0 || length is not null)
            {
                request.ByteRange = length is { } bounded ? new ByteRange(offset, offset + bounded - 1) : new ByteRange($"bytes={offset}-");
            }

            var answer = await _client.GetObjectAsync(request, cancellationToken);
            return new BlobRange(
                answer.ResponseStream,
                ContentRangeHeaderValue.TryParse(answer.ContentRange, out var range) && range.Length is { } whole
                    ? whole
                    : answer.ContentLength,
                answer.ETag);
        }
        catch (AmazonServiceException beyond) when (beyond.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return null;
        }
        catch (Exception failure) when (Translate(failure, blob, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private async IAsyncEnumerable<BlobProperties> ListAsync(
        string bucket, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in PagesAsync(bucket, prefix, null, cancellationToken))
        {
            foreach (var item in page.S3Objects ?? [])
            {
                if (!item.Key.EndsWith('/') && !PartialFiles.IsPartial(item.Key[(item.Key.LastIndexOf('/') + 1)..]))
                {
                    yield return Describe(bucket, item);
                }
            }
        }
    }

    /// <summary>The pages of a list; none where there is no such bucket.</summary>
    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(
        string bucket, string prefix, string? delimiter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? continuation = null;
        do
        {
            ListObjectsV2Response page;
            try
            {
                page = await _client.ListObjectsV2Async(
                    new ListObjectsV2Request
                    {
                        BucketName = bucket,
                        Prefix = prefix,
                        Delimiter = delimiter,
                        ContinuationToken = continuation,
                    },
                    cancellationToken);
            }
            catch (Exception failure) when (Translate(failure, $"{bucket}/{prefix}", cancellationToken) is { } translated)
            {
                throw translated;
            }

            yield return page;
            continuation = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (continuation is not null);
    }

    private async Task<List<string>> BucketsAsync(string prefix, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _client.ListBucketsAsync(cancellationToken);
            return
            [
                .. (found.Buckets ?? []).Select(bucket => bucket.BucketName)
                    .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            ];
        }
        catch (Exception failure) when (Translate(failure, prefix, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private static BlobProperties Describe(string bucket, S3Object item) =>
        new($"{bucket}/{item.Key}", item.Size ?? 0, Utc(item.LastModified), item.ETag ?? "") { ContentMD5 = Md5(item.ETag) };

    /// <summary>An object that was uploaded in one piece has its MD5 as its tag; those of several pieces, or encrypted, have other tags.</summary>
    private static string? Md5(string? etag)
    {
        const int Md5Length = 32;
        var plain = etag?.Trim('"');
        return plain is { Length: Md5Length } && plain.All(char.IsAsciiHexDigit) ? Convert.ToBase64String(Convert.FromHexString(plain)) : null;
    }

    private static DateTimeOffset Utc(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : default;

    private BlobStoreException? Translate(Exception failure, string path, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? null : S3Errors.Translate(failure, _service, path);
}
