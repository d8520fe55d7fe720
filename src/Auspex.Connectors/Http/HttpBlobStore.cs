using System.Net;
using System.Net.Http.Headers;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;

namespace Auspex.Connectors.Http;

/// <summary>Files of any web server, and public blobs: for reading only, and not to be listed.</summary>
internal sealed class HttpBlobStore(
    Uri address, string? query, HttpClient client, BlobTransferOptions transfer, TimeProvider clock) : IBlobStore
{
    private const int Attempts = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(100);

    public async Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Head, path, null, null, cancellationToken);
            return new BlobProperties(
                BlobPath.Normalize(path),
                response.Content.Headers.ContentLength ?? -1,
                response.Content.Headers.LastModified ?? default,
                response.Headers.ETag?.ToString() ?? "");
        }
        catch (BlobStoreException missing) when (missing.Error == BlobError.NotFound)
        {
            return null;
        }
    }

    public Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var source = new BlobSource(
            path,
            null,
            (from, length, etag, cancellation) => DownloadAsync(path, from, length, etag, cancellation),
            failure => Translate(failure, path),
            clock);
        return RangedReadStream.OpenAsync(source, transfer, offset, cancellationToken);
    }

    public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken) =>
        throw ReadOnly($"cannot write '{path}'");

    public Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken) =>
        throw ReadOnly($"cannot write '{path}'");

    public Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken) =>
        throw ReadOnly($"cannot write '{path}'");

    public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) =>
        throw ReadOnly("its files cannot be listed");

    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) => throw ReadOnly($"cannot delete '{path}'");

    public BlobReference GetReadReference(string path, TimeSpan validity) => new(
        null,
        BlobPath.Escape(BlobPath.Normalize(path)),
        address.AbsoluteUri.TrimEnd('/') + "/",
        string.IsNullOrEmpty(query) ? "" : "?" + query);

    /// <summary>A part of a file; the whole file from the offset on where the server knows no parts.</summary>
    private async Task<BlobRange?> DownloadAsync(
        string path, long offset, long? length, string? etag, CancellationToken cancellationToken)
    {
        var range = offset == 0 && length is null ? null : new RangeHeaderValue(offset, offset + length - 1);
        var response = await SendAsync(HttpMethod.Get, path, range, etag, cancellationToken);
        try
        {
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                response.Dispose();
                return null;
            }

            var version = response.Headers.ETag is { IsWeak: false } strong ? strong.Tag : null;
            var given = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange : null;
            if (etag is not null && (version != etag || given?.From != offset))
            {
                throw Changed(path);
            }

            if (given is not null && given.From != offset)
            {
                throw new BlobStoreException(
                    ErrorCode.BlobStoreUnavailable,
                    BlobError.Unavailable,
                    $"'{path}' at {address}: asked for the bytes from {offset}, the server gave others. Use another server or address.");
            }

            var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            if (given?.Length is { } whole)
            {
                return new BlobRange(content, whole, version);
            }

            if (given is not null && length is not null)
            {
                // A part of what has no known end is of no use.
                response.Dispose();
                return await DownloadAsync(path, offset, null, etag, cancellationToken);
            }

            if (given is null && offset > 0)
            {
                await SkipAsync(content, offset, path, cancellationToken);
            }

            return new BlobRange(content, null, null);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Sends until the server answers with something that will not pass; redirections are followed.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, RangeHeaderValue? range, string? etag, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? response = null;
            try
            {
                using var request = new HttpRequestMessage(method, Address(path));
                request.Headers.Range = range;
                if (etag is not null)
                {
                    request.Headers.IfMatch.Add(new EntityTagHeaderValue(etag));
                }

                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                timeout.CancelAfter(AnswerTimeout);
                response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
                if (response.StatusCode == HttpStatusCode.PreconditionFailed && etag is not null)
                {
                    response.Dispose();
                    throw Changed(path);
                }

                if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                {
                    return response;
                }

                var failure = OfStatus(response.StatusCode, path);
                response.Dispose();
                if (!failure.IsTransient || attempt == Attempts)
                {
                    throw failure;
                }
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Translate(failure, path) is { } translated)
            {
                response?.Dispose();
                if (!translated.IsTransient || attempt == Attempts)
                {
                    throw translated;
                }
            }

            await Task.Delay(FirstDelay * (1 << (attempt - 1)), clock, cancellationToken);
        }
    }

    private Uri Address(string path) => new(
        $"{address.AbsoluteUri.TrimEnd('/')}/{BlobPath.Escape(BlobPath.Normalize(path))}"
        + (string.IsNullOrEmpty(query) ? "" : "?" + query));

    private BlobStoreException OfStatus(HttpStatusCode status, string path)
    {
        var (code, error, why) = (int)status switch
        {
            404 or 410 => (ErrorCode.BlobNotFound, BlobError.NotFound, "there is no such file. Check the path"),
            401 or 403 => (ErrorCode.BlobForbidden, BlobError.Forbidden, "it is not public. Use an address with a token"),
            408 or 429 or >= 500 => (ErrorCode.BlobStoreUnavailable, BlobError.Unavailable, "the server is busy or broken. Run again later"),
            _ => (ErrorCode.BlobReferenceInvalid, BlobError.Invalid, "the server refused the request. Check the address"),
        };
        return new BlobStoreException(code, error, $"'{path}' at {address}: {why} (status {(int)status}).");
    }

    private BlobStoreException? Translate(Exception failure, string path) => failure switch
    {
        BlobStoreException => null,
        OutboundRefusedException or { InnerException: OutboundRefusedException } => new BlobStoreException(
            ErrorCode.OutboundRefused, BlobError.Forbidden, (failure as OutboundRefusedException ?? failure.InnerException!).Message, failure),
        HttpRequestException or IOException or OperationCanceledException => new BlobStoreException(
            ErrorCode.BlobStoreUnavailable,
            BlobError.Unavailable,
            $"No answer for '{path}' at {address}, also after retries. Check that the server runs and that the address is right.",
            failure),
        _ => null,
    };

    private BlobStoreException Changed(string path) => new(
        ErrorCode.BlobChanged, BlobError.Unavailable, $"'{path}' at {address} was replaced while it was read. Run again.");

    private BlobStoreException ReadOnly(string what) => new(
        ErrorCode.BlobForbidden, BlobError.Forbidden, $"{address} is a public address: {what}. Use a connection string or a token.");

    private async Task SkipAsync(Stream content, long bytes, string path, CancellationToken cancellationToken)
    {
        var skipped = new byte[1 << 16];
        try
        {
            while (bytes > 0)
            {
                var read = await content.ReadAsync(skipped.AsMemory(0, (int)Math.Min(skipped.Length, bytes)), cancellationToken);
                if (read == 0)
                {
                    return;
                }

                bytes -= read;
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && Translate(failure, path) is { } translated)
        {
            throw translated;
        }
    }
}
