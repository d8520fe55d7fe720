namespace Auspex.Experiments.Scoring.Files;

/// <summary>A file written beside its final name and moved there when it is whole; disposing without commit changes nothing.</summary>
public sealed class ReplacedFile : IAsyncDisposable
{
    // So much is handed to the disk at a time, beside the writing: what is left for the commit is soon done.
    private const long FlushBytes = 8 << 20;

    private readonly string _path;
    private readonly string _temporary;
    private Task _flushing = Task.CompletedTask;
    private long _flushed;
    private bool _isSecure;

    /// <summary>Begins a file; its folder is made where there is none.</summary>
    /// <param name="path">Its final name.</param>
    /// <exception cref="IOException">The file cannot be made there.</exception>
    public ReplacedFile(string path)
    {
        _path = Path.GetFullPath(path);
        _temporary = $"{_path}.{Guid.NewGuid():N}.partial";
        if (Directory.Exists(_path))
        {
            throw new IOException($"{path} cannot be written: there is a folder of that name. Name a file.");
        }

        var folder = Path.GetDirectoryName(_path)!;
        try
        {
            Directory.CreateDirectory(folder);
            Stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system would name the temporary file, or the folder without saying what it is wanted for.
            var why = Directory.Exists(folder) ? $"no file can be made in the folder '{folder}'" : $"there is no folder '{folder}', and it cannot be made";
            throw new IOException($"{path} cannot be written: {why}. Name another place, or give this process's user the right to it.", exception);
        }
    }

    /// <summary>Finds out whether a file can be written, and leaves nothing: before work whose result would go there.</summary>
    /// <param name="path">Its final name.</param>
    /// <exception cref="IOException">The file cannot be made there.</exception>
    public static async Task ProbeAsync(string path)
    {
        await using var file = new ReplacedFile(path);
    }

    /// <summary>Where the bytes go.</summary>
    public FileStream Stream { get; }

    /// <summary>Writes, and sees to it that the disk gets the bytes meanwhile.</summary>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        var position = Stream.Position;
        if (position - _flushed >= FlushBytes && _flushing.IsCompletedSuccessfully)
        {
            _flushed = position;

            // On a thread of its own: while one of the pool waits for the disk, a processor has nothing to do.
            _flushing = Task.Factory.StartNew(
                () => RandomAccess.FlushToDisk(Stream.SafeFileHandle), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        return Stream.WriteAsync(bytes, cancellationToken);
    }

    /// <summary>Waits until all is on disk, so that the commit need not; nothing may be written afterwards.</summary>
    public void Secure()
    {
        Stream.Flush(flushToDisk: true);
        _isSecure = true;
    }

    /// <summary>Makes the file visible, on disk.</summary>
    public void Commit()
    {
        if (!_isSecure)
        {
            Secure();
        }

        Stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // One that failed has failed the commit's own flush too, or is of no use to anybody.
        await Task.WhenAny(_flushing);
        await Stream.DisposeAsync();
        File.Delete(_temporary);
    }
}
