using System.Buffers;
using System.Security.Cryptography;
using Auspex.Errors;
using Auspex.Stores;

namespace Auspex.Storage.Files;

/// <summary>Artifacts as files named by their hash: <c>ab/abcdef...</c>.</summary>
/// <remarks>
/// Bytes go to a temporary file that is flushed and then renamed, so that a name stands for whole bytes or for none. What
/// a crash leaves is a temporary file, removed at the next start.
/// </remarks>
public sealed class FileArtifactStore : IArtifactStore
{
    private const int BufferSize = 128 * 1024;
    private readonly string _folder;
    private readonly string _drafts;
    private readonly bool _flush;
    private long _draftNumber;

    /// <param name="folder">Where the artifacts lie; made if it is not there. This process alone writes to it.</param>
    /// <param name="flush">Whether an artifact survives a loss of power from the moment it is put.</param>
    public FileArtifactStore(string folder, FlushPolicy flush = FlushPolicy.Full)
    {
        _folder = Path.GetFullPath(folder);
        _drafts = Path.Combine(_folder, "drafts");
        _flush = flush == FlushPolicy.Full;
        try
        {
            Directory.CreateDirectory(_drafts);
            foreach (var left in Directory.EnumerateFiles(_drafts))
            {
                File.Delete(left);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Translate(exception);
        }
    }

    /// <inheritdoc/>
    public async Task<ArtifactId> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var draft = Path.Combine(_drafts, Interlocked.Increment(ref _draftNumber).ToString(System.Globalization.CultureInfo.InvariantCulture));
        var isDraft = true;
        try
        {
            var id = await WriteDraftAsync(draft, content, cancellationToken);
            var file = FileOf(id);
            if (File.Exists(file))
            {
                return id;
            }

            var folder = Path.GetDirectoryName(file)!;
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                Flush(_folder);
            }

            File.Move(draft, file, overwrite: true);
            isDraft = false;
            Flush(folder);
            return id;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Translate(exception);
        }
        finally
        {
            if (isDraft)
            {
                TryDelete(draft);
            }
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(ArtifactId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream>(new FileStream(
                FileOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous));
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new FileNotFoundException($"There is no artifact {id}.", exception);
        }
        catch (FileNotFoundException exception)
        {
            throw new FileNotFoundException($"There is no artifact {id}.", exception);
        }
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(ArtifactId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(File.Exists(FileOf(id)));
    }

    private async Task<ArtifactId> WriteDraftAsync(string draft, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        if (_flush)
        {
            file.Flush(flushToDisk: true);
        }

        return new ArtifactId(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    // An id may come from a journal or a caller: it must not be able to name another file.
    private string FileOf(ArtifactId id) =>
        id.Value is { Length: 64 } value && value.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(_folder, value[..2], value)
            : throw new FileNotFoundException($"'{id}' is no artifact id, expected 64 lower-case hex digits.");

    private void Flush(string folder)
    {
        if (_flush)
        {
            DirectoryFlush.Flush(folder);
        }
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A draft nobody can see; the next start removes it.
        }
    }

    private StorageException Translate(Exception exception)
    {
        // ENOSPC and ERROR_DISK_FULL, as the runtime reports them.
        var isFull = exception.HResult is 28 or unchecked((int)0x80070070) or unchecked((int)0x80070027);
        return isFull
            ? new StorageException(
                ErrorCode.StorageFull,
                $"The disk that holds '{_folder}' is full; nothing was written. Free some space; waiting runs then go on by themselves.",
                exception)
            { IsTransient = true }
            : new StorageException(
                ErrorCode.StorageUnavailable,
                $"'{_folder}' cannot be written: {exception.Message} Check that the folder exists, is writable and its disk works.",
                exception)
            { IsTransient = true };
    }
}
