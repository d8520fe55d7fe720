using Auspex.Connectors.ObjectStorage;

namespace Auspex.Connectors.Files;

/// <summary>A file being written beside its place.</summary>
internal sealed class FolderUpload : BlobUpload
{
    private const string PartialPrefix = ".auspex-";
    private const string PartialSuffix = ".partial";

    private readonly string _location;
    private readonly string _partial;
    private readonly Func<Exception, BlobStoreException?> _translate;
    private readonly FileStream _file;
    private bool _isCommitted;

    public FolderUpload(string location, Func<Exception, BlobStoreException?> translate)
    {
        _location = location;
        _translate = translate;
        _partial = Path.Join(Path.GetDirectoryName(location), $"{PartialPrefix}{Guid.NewGuid():N}{PartialSuffix}");
        _file = new FileStream(_partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        Stream = new TranslatingStream(_file, translate);
    }

    public override Stream Stream { get; }

    /// <summary>Whether a file is one that a writer has not finished, or left behind when its process died.</summary>
    public static bool IsPartial(string fileName) =>
        fileName.StartsWith(PartialPrefix, StringComparison.Ordinal) && fileName.EndsWith(PartialSuffix, StringComparison.Ordinal);

    public override async Task CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _file.FlushAsync(cancellationToken);
            _file.Flush(flushToDisk: true);
            await _file.DisposeAsync();
            File.Move(_partial, _location, overwrite: true);
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

        if (_isCommitted)
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
}
