using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Auspex.Connectors.ObjectStorage;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace Auspex.Connectors.Sftp;

/// <summary>
/// A file being written beside its place on an SSH server. As in folders, several processes may write the same upload at once: all put
/// the same bytes at the same offsets, and the rename succeeds for one of them.
/// </summary>
/// <remarks>
/// The protocol has no attributes of one's own to mark a committed file with: an upload that was secured leaves a hidden file of its
/// id and length beside it, which the next upload to the path removes.
/// </remarks>
internal sealed class SftpUpload : BlobUpload
{
    private readonly string _blob;
    private readonly string _location;
    private readonly string _partial;
    private readonly Guid _uploadId;
    private readonly SftpLease _lease;
    private readonly SftpFileStream _file;
    private readonly bool _isRenamed;
    private readonly Func<Exception, BlobStoreException?> _translate;

    // Held while bytes are taken, so that writing may go on while a position is being secured.
    private readonly SemaphoreSlim _turn = new(1, 1);

    private long? _finalLength;
    private bool _isSecured;
    private bool _isCommitted;
    private bool _isDisposed;

    private SftpUpload(
        string blob,
        string location,
        Guid uploadId,
        SftpLease lease,
        SftpFileStream file,
        bool isRenamed,
        Func<Exception, BlobStoreException?> translate)
    {
        _blob = blob;
        _location = location;
        _partial = SftpBlobStore.PartialPath(location, uploadId);
        _uploadId = uploadId;
        _lease = lease;
        _file = file;
        _isRenamed = isRenamed;
        _translate = translate;
        Stream = new UploadStream(file.Position, WriteAsync);
    }

    public override Stream Stream { get; }

    public override bool IsCommitted => _isCommitted;

    public static async Task<BlobUpload> BeginAsync(
        string blob,
        string location,
        SftpLease lease,
        bool isRenamed,
        Func<Exception, BlobStoreException?> translate,
        CancellationToken cancellationToken)
    {
        var uploadId = Guid.NewGuid();
        var (path, mode) = isRenamed ? (SftpBlobStore.PartialPath(location, uploadId), FileMode.CreateNew) : (location, FileMode.Create);
        SftpFileStream file;
        try
        {
            file = await lease.Client.OpenAsync(path, mode, FileAccess.Write, cancellationToken);
        }
        catch (SftpPathNotFoundException)
        {
            await MakeFoldersAsync(lease, location[..location.LastIndexOf('/')], cancellationToken);
            file = await lease.Client.OpenAsync(path, mode, FileAccess.Write, cancellationToken);
        }

        return new SftpUpload(blob, location, uploadId, lease, file, isRenamed, translate);
    }

    /// <exception cref="BlobStoreException">The file is gone, or shorter than it was.</exception>
    public static async Task<BlobUpload> ResumeAsync(
        string blob,
        string location,
        Guid uploadId,
        UploadPosition position,
        SftpLease lease,
        Func<Exception, BlobStoreException?> translate,
        CancellationToken cancellationToken)
    {
        SftpFileStream file;
        try
        {
            file = await lease.Client.OpenAsync(
                SftpBlobStore.PartialPath(location, uploadId), FileMode.Open, FileAccess.Write, cancellationToken);
        }
        catch (SftpPathNotFoundException missing)
        {
            return await FindCommittedLengthAsync(lease, location, uploadId, cancellationToken) is { } length && length >= position.Length
                ? new CommittedUpload(blob, position, length)
                : throw UploadPosition.Gone(blob, missing);
        }

        if (file.Length < position.Length)
        {
            await file.DisposeAsync();
            throw UploadPosition.Gone(blob);
        }

        file.Position = position.Length;
        return new SftpUpload(blob, location, uploadId, lease, file, true, translate) { _isSecured = true };
    }

    /// <remarks>What the server has acknowledged counts as durable: the protocol's version that servers speak cannot ask for more.</remarks>
    public override async Task<UploadPosition> SecureAsync(CancellationToken cancellationToken)
    {
        if (_finalLength is { } whole)
        {
            return new UploadPosition(_uploadId, whole);
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await _file.FlushAsync(cancellationToken);
                _isSecured = true;
                return new UploadPosition(_uploadId, Stream.Position);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    public override async Task CommitAsync(CancellationToken cancellationToken)
    {
        if (_isCommitted)
        {
            return;
        }

        try
        {
            if (_finalLength is not { } length)
            {
                length = Stream.Position;
                await _file.FlushAsync(cancellationToken);
                if (_isSecured)
                {
                    // Whoever wrote this upload before may have come further than it was continued from, though not further than its end.
                    await Task.Run(() => _file.SetLength(length), cancellationToken);
                }

                await _file.DisposeAsync();
                _finalLength = length;
            }

            if (_isRenamed)
            {
                await MarkAsync(length, cancellationToken);
                await RenameAsync(length, cancellationToken);
            }

            _isCommitted = true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await CloseAsync(_file);
        if (_isRenamed && !_isCommitted && !_isSecured)
        {
            try
            {
                await SftpBlobStore.DeleteFileAsync(_lease, _partial, CancellationToken.None);
            }
            catch (Exception failure) when (_translate(failure) is not null)
            {
                // A partial file that cannot be removed is never listed and harms nobody.
            }
        }

        _lease.Dispose();
        _turn.Dispose();
    }

    /// <summary>Closes a file of a session that may be broken already.</summary>
    internal static async Task CloseAsync(Stream file)
    {
        try
        {
            await file.DisposeAsync();
        }
        catch (Exception failure) when (failure is SshException or IOException or ObjectDisposedException or BlobStoreException)
        {
            // The server closes what belonged to a session that has ended.
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                await _file.WriteAsync(bytes, cancellationToken);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && _translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Says beside the file which upload it will be; an upload that nobody can continue needs no mark, but ends an earlier one.</summary>
    private async Task MarkAsync(long length, CancellationToken cancellationToken)
    {
        var mark = MarkPath(_location);
        if (!_isSecured)
        {
            await SftpBlobStore.DeleteFileAsync(_lease, mark, cancellationToken);
            return;
        }

        await using var file = await _lease.Client.OpenAsync(mark, FileMode.Create, FileAccess.Write, cancellationToken);
        await file.WriteAsync(Encoding.ASCII.GetBytes(MarkText(_uploadId, length)), cancellationToken);
    }

    private async Task RenameAsync(long length, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                await Task.Run(() => _lease.Client.RenameFile(_partial, _location, isPosix: true), cancellationToken);
            }
            catch (Exception unknown) when (unknown is NotSupportedException or SftpException { StatusCode: StatusCode.OperationUnsupported })
            {
                // Servers that rename only where nothing is: for a moment readers find no file.
                await SftpBlobStore.DeleteFileAsync(_lease, _location, cancellationToken);
                await _lease.Client.RenameFileAsync(_partial, _location, cancellationToken);
            }
        }
        catch (SftpPathNotFoundException missing)
        {
            if (!_isSecured || await FindCommittedLengthAsync(_lease, _location, _uploadId, cancellationToken) != length)
            {
                throw UploadPosition.Gone(_blob, missing);
            }
        }
    }

    /// <summary>The length of the file in place if it is the upload's; null when it is not, or there is none.</summary>
    private static async Task<long?> FindCommittedLengthAsync(
        SftpLease lease, string location, Guid uploadId, CancellationToken cancellationToken)
    {
        try
        {
            var file = await lease.Client.GetAttributesAsync(location, cancellationToken);
            await using var mark = await lease.Client.OpenAsync(MarkPath(location), FileMode.Open, FileAccess.Read, cancellationToken);
            using var reader = new StreamReader(mark, Encoding.ASCII);
            return await reader.ReadToEndAsync(cancellationToken) == MarkText(uploadId, file.Size) ? file.Size : null;
        }
        catch (SftpPathNotFoundException)
        {
            return null;
        }
    }

    private static string MarkPath(string location)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(location), hash);
        return SftpBlobStore.PartialPath(location, new Guid(hash[..16]));
    }

    private static string MarkText(Guid uploadId, long length) => string.Create(CultureInfo.InvariantCulture, $"{uploadId:N} {length}");

    private static async Task MakeFoldersAsync(SftpLease lease, string folder, CancellationToken cancellationToken)
    {
        if (folder.Length == 0 || await SftpBlobStore.AttributesAsync(lease, folder, cancellationToken) is not null)
        {
            return;
        }

        await MakeFoldersAsync(lease, folder[..folder.LastIndexOf('/')], cancellationToken);
        try
        {
            await lease.Client.CreateDirectoryAsync(folder, cancellationToken);
        }
        catch (SftpException) when (lease.Client.Exists(folder))
        {
            // Another upload made it just now.
        }
    }
}
