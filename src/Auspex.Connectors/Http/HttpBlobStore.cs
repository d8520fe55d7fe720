using System.Net;
using System.Net.Http.Headers;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;

namespace Auspex.Connectors.Http;

/// <summary>Files of any web server, and public blobs: for reading only, and not to be listed.</summary>
internal sealed class HttpBlobStore(Uri address, string? query, HttpClient client, TimeProvider clock) : IBlobStore
{
    private const int Attempts = 4;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(100);

    public async Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(HttpMethod.Head, path, 0, cancellationToken);
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

    public async Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var response = await SendAsync(HttpMethod.Get, path, offset, cancellationToken);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            response.Dispose();
            return Stream.Null;
        }

        var content = new TranslatingStream(
            await response.Content.ReadAsStreamAsync(cancellationToken), failure => Translate(failure, path));
        if (offset > 0 && response.StatusCode != HttpStatusCode.PartialContent)
        {
            await SkipAsync(content, offset, cancellationToken);
        }

        return content;
    }

    public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken) =>
        throw ReadOnly($"cannot write '{path}'");

    public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) =>
        throw ReadOnly("its files cannot be listed");

    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) => throw ReadOnly($"cannot delete '{path}'");

    public BlobReference GetReadReference(string path, TimeSpan validity) => new(
        null,
        BlobPath.Escape(BlobPath.Normalize(path)),
        address.AbsoluteUri.TrimEnd('/') + "/",
        string.IsNullOrEmpty(query) ? "" : "?" + query);

    /// <summary>Sends until the server answers with something that will not pass; redirections are followed.</summary>
    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, long offset, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            HttpResponseMessage? response = null;
            try
            {
                using var request = new HttpRequestMessage(method, Address(path));
                request.Headers.Range = offset > 0 ? new RangeHeaderValue(offset, null) : null;
                using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                timeout.CancelAfter(AnswerTimeout);
                response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token);
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

    private BlobStoreException ReadOnly(string what) => new(
        ErrorCode.BlobForbidden, BlobError.Forbidden, $"{address} is a public address: {what}. Use a connection string or a token.");

    private static async Task SkipAsync(Stream content, long bytes, CancellationToken cancellationToken)
    {
        var skipped = new byte[1 << 16];
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
}
