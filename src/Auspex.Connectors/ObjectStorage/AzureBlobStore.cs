using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Azure.Storage.Sas;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>
/// Blobs in an Azure storage account or in what speaks its protocol. Uploads are staged in blocks and appear at once when
/// committed. Calls that failed for a reason that passes are tried again, three times within seconds.
/// </summary>
internal sealed partial class AzureBlobStore : IBlobStore, IFolderStore
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly StorageConnection _connection;
    private readonly StorageSharedKeyCredential? _key;
    private readonly BlobClientOptions _options;
    private readonly BlobTransferOptions _transfer;
    private readonly TimeProvider _clock;

    public AzureBlobStore(
        StorageConnection connection, HttpPipelineTransport transport, BlobTransferOptions transfer, TimeProvider clock)
    {
        _connection = connection;
        _transfer = transfer;
        _clock = clock;
        _key = connection.Key is { } key ? new StorageSharedKeyCredential(connection.Account, key) : null;
        _options = new BlobClientOptions
        {
            Transport = transport,
            Retry =
            {
                Mode = RetryMode.Exponential,
                MaxRetries = 3,
                Delay = TimeSpan.FromMilliseconds(400),
                MaxDelay = TimeSpan.FromSeconds(5),
                NetworkTimeout = TimeSpan.FromSeconds(100),
            },
        };
    }

    public async Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        try
        {
            var found = await Client(blob).GetPropertiesAsync(cancellationToken: cancellationToken);
            return new BlobProperties(blob, found.Value.ContentLength, found.Value.LastModified, found.Value.ETag.ToString("H"))
            {
                Created = found.Value.CreatedOn,
                ContentMD5 = found.Value.ContentHash is { Length: > 0 } hash ? Convert.ToBase64String(hash) : null,
            };
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
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
        var client = Client(blob);
        var source = new BlobSource(
            blob,
            null,
            (from, length, etag, cancellation) => DownloadAsync(client, blob, from, length, etag, cancellation),
            failure => Translate(failure, blob, CancellationToken.None),
            _clock);
        return RangedReadStream.OpenAsync(source, _transfer, offset, cancellationToken);
    }

    public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken)
    {
        var (container, name) = BlobPath.Split(path);
        var blob = $"{container}/{name}";
        return Task.FromResult<BlobUpload>(AzureBlobUpload.Begin(
            blob, BlockClient(blob), Container(container), _transfer.BlocksInFlight, failure => Translate(failure, blob, CancellationToken.None)));
    }

    public Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken)
    {
        var (container, name) = BlobPath.Split(path);
        var blob = $"{container}/{name}";
        return AzureBlobUpload.ResumeAsync(
            blob,
            BlockClient(blob),
            Container(container),
            _transfer.BlocksInFlight,
            position,
            failure => Translate(failure, blob, CancellationToken.None),
            cancellationToken);
    }

    public Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken)
    {
        // The only way to drop blocks at once is to put another blob in their place, which readers would see.
        position.ReadId(BlobPath.Normalize(path));
        return Task.CompletedTask;
    }

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

        var service = _key is null
            ? new BlobServiceClient(Address(""), _options)
            : new BlobServiceClient(Address(""), _key, _options);
        var containers = service.GetBlobContainersAsync(prefix: uniform, cancellationToken: cancellationToken);
        await foreach (var container in Translating(containers, uniform, cancellationToken))
        {
            await foreach (var blob in ListAsync(container.Name, "", cancellationToken))
            {
                yield return blob;
            }
        }
    }

    public async Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        try
        {
            return await Client(blob).DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);
        }
        catch (Exception failure) when (Translate(failure, blob, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The path is written as part of a URI, so that base, path and token make an address when they are put together. A store
    /// that was opened by token has no key to make another with; it gives that token back to whoever gave it.
    /// </remarks>
    public BlobReference GetReadReference(string path, TimeSpan validity)
    {
        var (container, name) = BlobPath.Split(path);
        var token = _connection.Sas;
        if (_key is not null)
        {
            var now = _clock.GetUtcNow();
            token = new BlobSasBuilder(BlobSasPermissions.Read, now + validity)
            {
                StartsOn = now - ClockSkew,
                BlobContainerName = container,
                BlobName = name,
                Resource = "b",
            }.ToSasQueryParameters(_key).ToString();
        }

        return new BlobReference(
            null,
            BlobPath.Escape($"{container}/{name}"),
            _connection.Endpoint.AbsoluteUri.TrimEnd('/') + "/",
            string.IsNullOrEmpty(token) ? "" : "?" + token);
    }

    private async Task<BlobRange?> DownloadAsync(
        BlobClient client, string blob, long offset, long? length, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            // Where a connection breaks, the driver itself asks for the rest, a few times, if the blob is unchanged.
            var options = new BlobDownloadOptions
            {
                Range = offset == 0 && length is null ? default : new HttpRange(offset, length),
                Conditions = etag is null ? null : new BlobRequestConditions { IfMatch = new ETag(etag) },
            };
            var download = (await client.DownloadStreamingAsync(options, cancellationToken)).Value;
            return new BlobRange(
                download.Content,
                ContentRangeHeaderValue.TryParse(download.Details.ContentRange, out var range) && range.Length is { } whole
                    ? whole
                    : offset + download.Details.ContentLength,
                download.Details.ETag.ToString("H"));
        }
        catch (RequestFailedException beyond) when (beyond.Status == 416)
        {
            return null;
        }
        catch (Exception failure) when (Translate(failure, blob, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    private async IAsyncEnumerable<BlobProperties> ListAsync(
        string container, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var options = new GetBlobsOptions { Prefix = prefix };
        var found = Container(container).GetBlobsAsync(options, cancellationToken);
        await foreach (var item in Translating(found, container, cancellationToken))
        {
            yield return Describe(container, item);
        }
    }

    private async IAsyncEnumerable<T> Translating<T>(
        AsyncPageable<T> pages, string path, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : notnull
    {
        await using var items = pages.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception failure) when (Translate(failure, path, cancellationToken) is { } translated)
            {
                throw translated;
            }

            yield return items.Current;
        }
    }

    private BlobClient Client(string blob)
    {
        var (container, name) = BlobPath.Split(blob);
        var address = Address($"{container}/{name}");
        return _key is null ? new BlobClient(address, _options) : new BlobClient(address, _key, _options);
    }

    private BlockBlobClient BlockClient(string blob) =>
        _key is null ? new BlockBlobClient(Address(blob), _options) : new BlockBlobClient(Address(blob), _key, _options);

    private BlobContainerClient Container(string name) =>
        _key is null ? new BlobContainerClient(Address(name), _options) : new BlobContainerClient(Address(name), _key, _options);

    /// <summary>An address below the service, made by hand: the driver's own builder takes the account's name for a container on some hosts.</summary>
    private Uri Address(string path)
    {
        var endpoint = _connection.Endpoint.AbsoluteUri.TrimEnd('/');
        var plain = path.Length == 0 ? endpoint : $"{endpoint}/{BlobPath.Escape(path)}";
        return new Uri(_connection.Sas is { } sas ? $"{plain}?{sas}" : plain);
    }

    private BlobStoreException? Translate(Exception failure, string path, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? null : AzureBlobErrors.Translate(failure, _connection.Endpoint, path);
}
