using Auspex.Connectors.ObjectStorage;
using Microsoft.Win32.SafeHandles;

namespace Auspex.Connectors.Files;

/// <summary>
/// A file being written beside its place. Several processes may write the same upload at once, one of them taken for dead: all put the
/// same bytes at the same offsets, nobody truncates before the end, and the rename succeeds for one of them.
/// </summary>
internal sealed class FolderUpload : BlobUpload
{
    private const int BufferSize = 1 << 16;

    // How far the clocks of two machines may be apart where a mark is missing and times have to do.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    private readonly string _blob;
    private readonly string _location;
    private readonly string _partial;
    private readonly Guid _uploadId;
    private readonly SafeFileHandle _handle;
    private readonly FileStream _file;
    private readonly Func<Exception, BlobStoreException?> _translate;
    private long? _finalLength;
    private bool _isSecured;
    private bool _isCommitted;

    private FolderUpload(
        string blob, string location, Guid uploadId, SafeFileHandle handle, Func<Exception, BlobStoreException?> translate)
    {
        _blob = blob;
        _location = location;
        _uploadId = uploadId;
        _partial = PartialFiles.PathOf(location, uploadId);
        _handle = handle;
        _file = new FileStream(handle, FileAccess.Write, BufferSize, isAsync: true);
        _translate = translate;
        Stream = new TranslatingStream(_file, translate);
    }

    public override Stream Stream { get; }

    public override bool IsCommitted => _isCommitted;

    /// <summary>When the file was begun, by the clock that dates the folder's files.</summary>
    public DateTime BegunAt => File.GetLastWriteTimeUtc(_handle);

    public static FolderUpload Begin(string blob, string location, Func<Exception, BlobStoreException?> translate)
    {
        // Ids of this version hold the time, for file systems where a committed upload has no other mark.
        var uploadId = Guid.CreateVersion7();
        var handle = Open(PartialFiles.PathOf(location, uploadId), FileMode.CreateNew);
        return new FolderUpload(blob, location, uploadId, handle, translate);
    }

    /// <exception cref="BlobStoreException">The file is gone, or shorter than it was.</exception>
    public static BlobUpload Resume(
        string blob, string location, UploadPosition position, Func<Exception, BlobStoreException?> translate)
    {
        var uploadId = position.ReadId(blob);
        SafeFileHandle handle;
        try
        {
            handle = Open(PartialFiles.PathOf(location, uploadId), FileMode.Open);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return FindCommittedLength(location, uploadId, position.Length) is { } length
                ? new CommittedUpload(blob, position, length)
                : throw UploadPosition.Gone(blob, missing);
        }

        if (RandomAccess.GetLength(handle) < position.Length)
        {
            handle.Dispose();
            throw UploadPosition.Gone(blob);
        }

        var upload = new FolderUpload(blob, location, uploadId, handle, translate) { _isSecured = true };
        upload._file.Position = position.Length;
        return upload;
    }

    public static void Discard(string blob, string location, UploadPosition position)
    {
        try
        {
            File.Delete(PartialFiles.PathOf(location, position.ReadId(blob)));
        }
        catch (DirectoryNotFoundException)
        {
            // Then the file is gone as well.
        }
    }

    /// <summary>Whether a file that has no mark may be taken for a committed upload: it ends where the upload did, and is no older.</summary>
    internal static bool IsLikely(Guid uploadId, long securedLength, long length, DateTime writtenAt)
    {
        var begunAt = DateTimeOffset.FromUnixTimeMilliseconds(
            Convert.ToInt64(uploadId.ToString("N", System.Globalization.CultureInfo.InvariantCulture)[..12], 16));
        return length == securedLength && writtenAt >= begunAt - ClockSkew;
    }

    public override async Task<UploadPosition> SecureAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_finalLength is { } whole)
        {
            return new UploadPosition(_uploadId, whole);
        }

        try
        {
            // All of this before the first await: the caller may go on writing, and those bytes are not part of the position.
            _file.Flush();
            var position = new UploadPosition(_uploadId, _file.Position);
            var isFirst = !_isSecured;
            await Task.Run(
                () =>
                {
                    if (isFirst)
                    {
                        UploadMark.Set(_handle, _uploadId);
                    }

                    RandomAccess.FlushToDisk(_handle);
                    if (isFirst)
                    {
                        DirectorySync.Flush(Path.GetDirectoryName(_location)!);
                    }
                },
                cancellationToken);
            _isSecured = true;
            return position;
        }
        catch (Exception failure) when (_translate(failure) is { } translated)
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
                await _file.FlushAsync(cancellationToken);
                length = _file.Position;
                // Whoever wrote this upload before may have come further than it was continued from, though not further than its end.
                _file.SetLength(length);
                _file.Flush(flushToDisk: true);
                await _file.DisposeAsync();
                _finalLength = length;
            }

            try
            {
                File.Move(_partial, _location, overwrite: true);
            }
            catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
            {
                if (!_isSecured || FindCommittedLength(_location, _uploadId, length) != length)
                {
                    throw UploadPosition.Gone(_blob, missing);
                }
            }

            _isCommitted = true;
            DirectorySync.Flush(Path.GetDirectoryName(_location)!);
        }
        catch (Exception failure) when (_translate(failure) is { } translated)
        {
            throw translated;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await _file.DisposeAsync();
        }
        catch (IOException)
        {
            // Bytes that a full disk would not take are given up with the file; the handle is closed all the same.
        }

        if (_isCommitted || _isSecured)
        {
            return;
        }

        try
        {
            File.Delete(_partial);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A partial file that cannot be removed is never listed and harms nobody.
        }
    }

    private static SafeFileHandle Open(string partial, FileMode mode) => File.OpenHandle(
        partial, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);

    /// <summary>The length of the file in place if it is the upload's; null when it is not, or there is none.</summary>
    private static long? FindCommittedLength(string location, Guid uploadId, long securedLength)
    {
        var file = new FileInfo(location);
        if (!file.Exists || file.Length < securedLength)
        {
            return null;
        }

        var isOurs = UploadMark.IsOn(location, uploadId)
            ?? IsLikely(uploadId, securedLength, file.Length, file.LastWriteTimeUtc);
        return isOurs ? file.Length : null;
    }
}
