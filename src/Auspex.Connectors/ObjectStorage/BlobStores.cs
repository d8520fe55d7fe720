using System.ComponentModel.DataAnnotations;
using System.Net;
using Auspex.Connectors.Files;
using Auspex.Connectors.Http;
using Auspex.Connectors.S3;
using Auspex.Connectors.Sftp;
using Auspex.Errors;
using Azure.Core.Pipeline;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>Opens blob stores by connection string, by reference, or by address. Thread-safe; stores may be kept.</summary>
public sealed class BlobStores : IDisposable
{
    private readonly FileRoots _roots;
    private readonly PartialFiles _partials = new();
    private readonly BlobTransferOptions _transfer;
    private readonly HttpClient _client;
    private readonly HttpClientTransport _transport;
    private readonly HttpClient _plainClient;
    private readonly SftpConnections _sftp;
    private readonly TimeProvider _clock;

    /// <summary>Prepares to open stores.</summary>
    /// <exception cref="ValidationException">A setting is out of its range.</exception>
    public BlobStores(BlobStoresOptions options, TimeProvider clock)
        : this(options, clock, static handler => handler)
    {
    }

    /// <param name="options">What stores may reach.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="wrap">Puts a handler before the one that calls out, such as one that fails on purpose.</param>
    internal BlobStores(BlobStoresOptions options, TimeProvider clock, Func<HttpMessageHandler, HttpMessageHandler> wrap)
    {
        Validator.ValidateObject(options.Transfer, new ValidationContext(options.Transfer), validateAllProperties: true);
        _clock = clock;
        _transfer = options.Transfer;
        _roots = new FileRoots(options.FileRoots);
        var gate = new OutboundGate(options.Outbound);
        _client = new HttpClient(wrap(gate.CreateHandler())) { Timeout = Timeout.InfiniteTimeSpan };
        _plainClient = new HttpClient(wrap(gate.CreateHandler(new OutboundConnection { FollowsRedirections = false }))) { Timeout = Timeout.InfiniteTimeSpan };
        _sftp = new SftpConnections(gate, _roots, clock);
        _transport = new HttpClientTransport(_client);
    }

    /// <summary>Opens the store of a reference; <see cref="PathOf"/> gives the blob's path in it.</summary>
    /// <exception cref="BlobStoreException">The reference is malformed, or not allowed.</exception>
    public IBlobStore Open(BlobReference reference)
    {
        if (!string.IsNullOrWhiteSpace(reference.ConnectionString))
        {
            return Open(reference.ConnectionString);
        }

        if (string.IsNullOrWhiteSpace(reference.BaseLocation))
        {
            throw new BlobStoreException(
                ErrorCode.BlobReferenceInvalid,
                BlobError.Invalid,
                "A blob reference has neither ConnectionString nor BaseLocation; expected ConnectionString with RelativeLocation, or "
                + "BaseLocation with RelativeLocation and SasBlobToken.");
        }

        var connection = StorageConnection.Of(reference.BaseLocation, reference.SasBlobToken);
        return IsSignature(connection.Sas)
            ? new AzureBlobStore(connection, _transport, _transfer, _clock)
            : new HttpBlobStore(connection.Endpoint, connection.Sas, _client, _transfer, _clock);
    }

    /// <summary>
    /// Opens a store by an Azure storage connection string, by <c>FileRoot=FOLDER</c> inside the file roots, or by what
    /// <see cref="SftpSettings.ToConnectionString"/> and <see cref="S3Settings.ToConnectionString"/> give.
    /// </summary>
    /// <exception cref="BlobStoreException">It is malformed, or the folder is not allowed.</exception>
    public IBlobStore Open(string connectionString) =>
        StorageConnection.FolderOf(connectionString) is { } folder ? OpenFolder(folder)
            : ConnectionText.Is(connectionString, SftpSettings.ConnectionKey) ? new SftpBlobStore(SftpSettings.Parse(connectionString), _sftp)
            : ConnectionText.Is(connectionString, S3Settings.ConnectionKey)
                ? new S3BlobStore(S3Settings.Parse(connectionString), _plainClient, _transfer, _clock)
            : new AzureBlobStore(StorageConnection.Parse(connectionString), _transport, _transfer, _clock);

    /// <summary>Opens a folder as a store.</summary>
    /// <param name="folder">Inside the file roots: absolute, or relative to the first of them.</param>
    /// <exception cref="BlobStoreException">It is not allowed.</exception>
    public IBlobStore OpenFolder(string folder) =>
        new FolderBlobStore(Path.IsPathFullyQualified(folder) ? folder : _roots.Resolve(folder), _roots, _partials);

    /// <summary>Opens the account of an address with a token, such as a linked service's <c>sasUri</c> for an account or a container.</summary>
    /// <exception cref="BlobStoreException">It is no http or https address.</exception>
    public IBlobStore Open(Uri address) => Open(ReferenceTo(address));

    /// <summary>A reference to what an address names: the account's address, the rest as path, the query as token.</summary>
    /// <param name="address">http or https. On hosts without a name of their own the first segment is the account.</param>
    /// <exception cref="BlobStoreException">It is no http or https address.</exception>
    public static BlobReference ReferenceTo(Uri address)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https"))
        {
            throw new BlobStoreException(
                ErrorCode.BlobReferenceInvalid, BlobError.Invalid, "Found an address that is neither http nor https; expected one of them.");
        }

        var path = address.AbsolutePath.TrimStart('/');
        var account = "";
        if (IsSignature(address.Query) && (address.IsLoopback || IPAddress.TryParse(address.IdnHost, out _)))
        {
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            account = (slash < 0 ? path : path[..slash]) + "/";
            path = slash < 0 ? "" : path[(slash + 1)..];
        }

        return new BlobReference(null, path, $"{address.GetLeftPart(UriPartial.Authority)}/{account}", address.Query);
    }

    /// <summary>The path, in its store, of the blob that a reference names. In references by address it is written as part of a URI.</summary>
    /// <exception cref="BlobStoreException">The reference names no blob.</exception>
    public static string PathOf(BlobReference reference)
    {
        if (string.IsNullOrWhiteSpace(reference.RelativeLocation))
        {
            throw new BlobStoreException(
                ErrorCode.BlobReferenceInvalid, BlobError.Invalid, "A blob reference has no RelativeLocation; expected container/folder/file.");
        }

        return BlobPath.Normalize(
            string.IsNullOrWhiteSpace(reference.ConnectionString)
                ? Uri.UnescapeDataString(reference.RelativeLocation)
                : reference.RelativeLocation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _plainClient.Dispose();
        _sftp.Dispose();
    }

    private static bool IsSignature(string? query) => query?.Contains("sig=", StringComparison.Ordinal) == true;
}
