using System.Globalization;
using System.Runtime.CompilerServices;
using Auspex.Connectors.Files;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace Auspex.Connectors.Sftp;

/// <summary>
/// Blobs as files of an SSH server; subfolders are the containers. A file is written beside its place under another name and renamed,
/// so that readers never see half of it. What the user may see is the server's to say.
/// </summary>
internal sealed partial class SftpBlobStore : IBlobStore, IFolderStore
{
    private const int Attempts = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(400);

    private readonly SftpSettings _settings;
    private readonly SftpConnections _connections;
    private readonly SftpConnection _connection;

    public SftpBlobStore(SftpSettings settings, SftpConnections connections)
    {
        _settings = settings;
        _connections = connections;
        _connection = connections.Of(settings);
    }

    public Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        return RunAsync(blob, async lease => await AttributesAsync(lease, Locate(lease, blob), cancellationToken) is { IsDirectory: false } found
            ? Describe(blob, found)
            : null, cancellationToken);
    }

    public Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var blob = BlobPath.Normalize(path);
        return RunAsync(blob, OpenAsync, cancellationToken, keepsLease: true);

        async Task<Stream> OpenAsync(SftpLease lease)
        {
            var location = Locate(lease, blob);
            if (await AttributesAsync(lease, location, cancellationToken) is not { IsDirectory: false })
            {
                throw SftpErrors.NotFound(_settings.Host, blob);
            }

            var file = await lease.Client.OpenAsync(location, FileMode.Open, FileAccess.Read, cancellationToken);
            file.Position = offset;
            return new LeasedStream(new TranslatingStream(file, failure => Translate(failure, blob)), lease);
        }
    }

    public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        return RunAsync(blob, OpenAsync, cancellationToken, keepsLease: true);

        async Task<BlobUpload> OpenAsync(SftpLease lease)
        {
            var location = Locate(lease, blob);
            if (await AttributesAsync(lease, location, cancellationToken) is { IsDirectory: true })
            {
                throw new BlobStoreException(
                    ErrorCode.BlobReferenceInvalid,
                    BlobError.Invalid,
                    $"'{blob}' on SFTP server '{_settings.Host}' is itself a folder; give another file name.");
            }

            var upload = await SftpUpload.BeginAsync(
                blob, location, lease, _settings.RenamesTemporaryFile, failure => Translate(failure, blob), cancellationToken);
            await SweepAsync(lease, location[..location.LastIndexOf('/')], cancellationToken);
            return upload;
        }
    }

    public Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        var uploadId = position.ReadId(blob);
        return RunAsync(
            blob,
            lease => SftpUpload.ResumeAsync(
                blob, Locate(lease, blob), uploadId, position, lease, failure => Translate(failure, blob), cancellationToken),
            cancellationToken,
            keepsLease: true);
    }

    public Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        var uploadId = position.ReadId(blob);
        return RunAsync(
            blob,
            lease => DeleteFileAsync(lease, PartialPath(Locate(lease, blob), uploadId), cancellationToken),
            cancellationToken);
    }

    public async IAsyncEnumerable<BlobProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var uniform = prefix.Replace('\\', '/').TrimStart('/');
        var folder = uniform[..(uniform.LastIndexOf('/') + 1)];
        if (folder.Length > 0)
        {
            BlobPath.Normalize(folder + "_");
        }

        await foreach (var blob in WalkAsync(folder, uniform[folder.Length..], [], cancellationToken))
        {
            yield return blob;
        }
    }

    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        return RunAsync(
            blob,
            async lease => await AttributesAsync(lease, Locate(lease, blob), cancellationToken) is { IsDirectory: false }
                && await DeleteFileAsync(lease, Locate(lease, blob), cancellationToken),
            cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>SSH servers give no tokens: whoever opened the store gets back what it was opened with, which knows no expiry.</remarks>
    public BlobReference GetReadReference(string path, TimeSpan validity) =>
        new(_settings.ToConnectionString(), BlobPath.Normalize(path), null, null);

    /// <summary>Where an upload writes until it is committed.</summary>
    internal static string PartialPath(string location, Guid uploadId) =>
        location[..(location.LastIndexOf('/') + 1)] + PartialFiles.NameOf(uploadId);

    /// <summary>Removes a file; false when there was none.</summary>
    internal static async Task<bool> DeleteFileAsync(SftpLease lease, string location, CancellationToken cancellationToken)
    {
        try
        {
            await lease.Client.DeleteFileAsync(location, cancellationToken);
            return true;
        }
        catch (SftpPathNotFoundException)
        {
            return false;
        }
    }

    /// <summary>What is known of a file or folder, links followed; null when there is none.</summary>
    internal static async Task<SftpFileAttributes?> AttributesAsync(SftpLease lease, string location, CancellationToken cancellationToken)
    {
        try
        {
            return await lease.Client.GetAttributesAsync(location, cancellationToken);
        }
        catch (SftpPathNotFoundException)
        {
            return null;
        }
    }

    private static BlobProperties Describe(string blob, SftpFileAttributes file) => new(
        blob,
        file.Size,
        new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero),
        string.Create(CultureInfo.InvariantCulture, $"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Size:x}\""));

    private string Locate(SftpLease lease, string blob) =>
        (_settings.Folder ?? lease.Client.WorkingDirectory).TrimEnd('/') + (blob.Length == 0 ? "" : "/" + blob);

    /// <summary>Runs something with a session. A session that breaks is replaced, a few times: nothing of what runs here is half done then.</summary>
    private async Task<T> RunAsync<T>(
        string blob, Func<SftpLease, Task<T>> operation, CancellationToken cancellationToken, bool keepsLease = false)
    {
        for (var attempt = 1; ; attempt++)
        {
            SftpLease? lease = null;
            try
            {
                lease = await _connection.LeaseAsync(cancellationToken);
                var result = await operation(lease);
                if (!keepsLease || result is CommittedUpload)
                {
                    lease.Dispose();
                }

                return result;
            }
            catch (Exception failure)
            {
                lease?.Dispose();
                if (cancellationToken.IsCancellationRequested || Translate(failure, blob) is not { } translated)
                {
                    throw;
                }

                if (attempt == Attempts || !SftpErrors.IsConnection(failure))
                {
                    throw translated;
                }
            }

            await Task.Delay(FirstDelay * attempt, _connections.Clock, cancellationToken);
        }
    }

    /// <summary>Removes what uploads left behind a week ago. Whatever fails here harms nobody.</summary>
    private async Task SweepAsync(SftpLease lease, string folder, CancellationToken cancellationToken)
    {
        if (!_connections.IsSweepDue(_settings.Host, folder))
        {
            return;
        }

        var before = _connections.Clock.GetUtcNow() - PartialFiles.Kept;
        try
        {
            await foreach (var file in lease.Client.ListDirectoryAsync(folder.Length == 0 ? "/" : folder, cancellationToken))
            {
                if (PartialFiles.IsPartial(file.Name) && file.LastWriteTimeUtc < before.UtcDateTime)
                {
                    await DeleteFileAsync(lease, $"{folder}/{file.Name}", cancellationToken);
                }
            }
        }
        catch (SshException)
        {
            // What cannot be removed is hidden and harms nobody; the upload that swept has other things to do.
        }
    }

    private BlobStoreException? Translate(Exception failure, string path) => SftpErrors.Translate(failure, _settings.Host, path);
}
