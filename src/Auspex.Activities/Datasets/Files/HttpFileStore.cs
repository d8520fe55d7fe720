using Auspex.Connectors.ObjectStorage;
using Auspex.Definitions;
using Auspex.Errors;

namespace Auspex.Activities.Datasets.Files;

/// <summary>One address of an HTTP server as a store of one file; each read is a request. Neither written nor listed.</summary>
internal sealed class HttpFileStore : IBlobStore
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    private readonly HttpRequests _requests;
    private readonly string _address;
    private readonly HttpMethod _method;
    private readonly HttpBody? _body;
    private readonly TimeSpan _timeout;
    private readonly IReadOnlyList<KeyValuePair<string, string>> _headers;

    /// <summary>Takes how to ask from the read settings, else from the dataset, where it stood in earlier days.</summary>
    public HttpFileStore(HttpRequests requests, string address, ResolvedDataset dataset, PropertyReader settings)
    {
        _requests = requests;
        _address = address;
        _method = new HttpMethod((settings.Text("requestMethod") ?? dataset.Text("requestMethod") ?? "GET").ToUpperInvariant());
        _body = HttpBody.Of(settings.Text("requestBody") ?? dataset.Text("requestBody"));
        _timeout = settings.Duration("requestTimeout") ?? DefaultTimeout;
        _headers = HttpRequests.ReadHeaders(
            settings.Json.Member("additionalHeaders") ?? dataset.TypeProperties.Member("additionalHeaders"));
        var path = Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.AbsolutePath : "";
        var name = Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
        FileName = name.Length == 0 || name.Contains('/', StringComparison.Ordinal) ? "download" : name;
    }

    /// <summary>The last part of the address's path; <c>download</c> when it has none.</summary>
    public string FileName { get; }

    /// <inheritdoc/>
    /// <remarks>The size is not known before the file is read, and shown as -1.</remarks>
    public Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken) =>
        Task.FromResult<BlobProperties?>(new BlobProperties(FileName, -1, default, ""));

    /// <inheritdoc/>
    public async Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken)
    {
        var response = await _requests.SendAsync(_method, _address, _headers, _body, _timeout, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public IAsyncEnumerable<BlobProperties> ListAsync(string prefix, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken) => throw ReadOnly();

    /// <inheritdoc/>
    public BlobReference GetReadReference(string path, TimeSpan validity) => throw ReadOnly();

    private static BlobStoreException ReadOnly() => new(
        ErrorCode.BlobForbidden, BlobError.Forbidden, "An HTTP server can only be read, one address at a time.");
}
