using Auspex.Connectors.Formats;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Server.WebServices.Batch;

/// <summary>
/// A job's input, opened as often as needed. Parquet files are read from their end: one that lies elsewhere is copied to this
/// machine once, when it is first opened, and is gone with this.
/// </summary>
internal sealed class LocalInput(IBlobStore store, string path) : IAsyncDisposable
{
    private const int BufferSize = 1 << 20;

    private readonly bool _mustSeek = TableFileFormat.Find(path) is { Kind: TableFileKind.Parquet };
    private string? _copy;

    /// <summary>The path in the store.</summary>
    public string Path => path;

    /// <summary>Opens it from a byte on.</summary>
    public async Task<Stream> OpenAsync(long offset, CancellationToken cancellationToken)
    {
        if (_copy is not null)
        {
            return Reopen(_copy, offset);
        }

        var stream = await store.OpenReadAsync(path, offset, cancellationToken);
        if (!_mustSeek || stream.CanSeek)
        {
            return stream;
        }

        await using (stream)
        {
            var copy = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"auspex-{Guid.NewGuid():N}.tmp");
            try
            {
                await using var file = new FileStream(
                    copy, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
                await stream.CopyToAsync(file, BufferSize, cancellationToken);
            }
            catch
            {
                File.Delete(copy);
                throw;
            }

            _copy = copy;
        }

        return Reopen(_copy, 0);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_copy is not null)
        {
            File.Delete(_copy);
        }

        return ValueTask.CompletedTask;
    }

    private static FileStream Reopen(string copy, long offset)
    {
        var file = File.OpenRead(copy);
        file.Position = offset;
        return file;
    }
}
