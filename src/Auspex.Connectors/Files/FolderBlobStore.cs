using System.Globalization;
using System.Runtime.CompilerServices;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;

namespace Auspex.Connectors.Files;

/// <summary>
/// Blobs as files of a folder; its subfolders are the containers. A file is written beside its place under another name, flushed to
/// disk and renamed, so that readers never see half of it. No path leads out of the file roots, links followed.
/// </summary>
public sealed partial class FolderBlobStore : IBlobStore, IFolderStore
{
    /// <summary>The key of the connection string that names a folder.</summary>
    public const string ConnectionKey = "FileRoot";

    private static readonly EnumerationOptions EveryEntry = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = true,
        ReturnSpecialDirectories = false,
    };

    private readonly FileRoots _roots;
    private readonly PartialFiles _partials;

    /// <summary>Opens a folder; it need not exist yet.</summary>
    /// <param name="root">An absolute folder inside the roots.</param>
    /// <param name="roots">Where files may lie.</param>
    /// <exception cref="BlobStoreException">The folder lies outside the roots.</exception>
    public FolderBlobStore(string root, FileRoots roots)
        : this(root, roots, new PartialFiles())
    {
    }

    internal FolderBlobStore(string root, FileRoots roots, PartialFiles partials)
    {
        _roots = roots;
        _partials = partials;
        Root = Path.GetFullPath(root);
        roots.Resolve(Root);
    }

    /// <summary>The folder, absolute.</summary>
    public string Root { get; }

    /// <inheritdoc/>
    public Task<BlobProperties?> FindAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        var file = Translating(blob, () => new FileInfo(Locate(blob)));
        return Task.FromResult(file.Exists ? Describe(blob, file) : null);
    }

    /// <inheritdoc/>
    public Task<Stream> OpenReadAsync(string path, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var blob = BlobPath.Normalize(path);
        return Task.FromResult<Stream>(Translating(blob, () =>
        {
            var location = Locate(blob);
            if (Directory.Exists(location))
            {
                throw FolderErrors.NotFound(Root, blob);
            }

            var file = new FileStream(
                location,
                FileMode.Open,
                FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete,
                bufferSize: 0,
                FileOptions.Asynchronous | FileOptions.SequentialScan);
            file.Position = offset;
            return new TranslatingStream(file, failure => FolderErrors.Translate(failure, Root, blob));
        }));
    }

    /// <inheritdoc/>
    public Task<BlobUpload> OpenWriteAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        return Task.FromResult<BlobUpload>(Translating(blob, () =>
        {
            var location = Locate(blob);
            if (Directory.Exists(location))
            {
                throw new BlobStoreException(
                    ErrorCode.BlobReferenceInvalid,
                    BlobError.Invalid,
                    $"'{blob}' in folder '{Root}' is itself a folder; give another file name.");
            }

            var folder = Path.GetDirectoryName(location)!;
            Directory.CreateDirectory(folder);
            var upload = FolderUpload.Begin(blob, location, failure => FolderErrors.Translate(failure, Root, blob));
            _partials.Sweep(folder, upload.BegunAt);
            return upload;
        }));
    }

    /// <inheritdoc/>
    public Task<BlobUpload> ResumeWriteAsync(string path, UploadPosition position, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        return Task.FromResult(Translating(blob, () => FolderUpload.Resume(
            blob, Locate(blob), position, failure => FolderErrors.Translate(failure, Root, blob))));
    }

    /// <inheritdoc/>
    public Task DiscardUploadAsync(string path, UploadPosition position, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        Translating(blob, () =>
        {
            FolderUpload.Discard(blob, Locate(blob), position);
            return true;
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<BlobProperties> ListAsync(
        string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var uniform = prefix.Replace('\\', '/').TrimStart('/');
        var slash = uniform.LastIndexOf('/');
        var folder = slash < 0 ? "" : uniform[..(slash + 1)];
        if (folder.Length > 0)
        {
            BlobPath.Normalize(folder + "_");
        }

        // Enumerated by hand: a lazy walk must translate errors at each step.
        using var found = Walk(folder, uniform[folder.Length..], []).GetEnumerator();
        while (Translating(uniform, found.MoveNext))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return found.Current;
        }
    }

    /// <inheritdoc/>
    public Task<bool> DeleteAsync(string path, CancellationToken cancellationToken)
    {
        var blob = BlobPath.Normalize(path);
        return Task.FromResult(Translating(blob, () =>
        {
            var location = Locate(blob);
            if (!File.Exists(location))
            {
                return false;
            }

            File.Delete(location);
            return true;
        }));
    }

    /// <inheritdoc/>
    /// <remarks>A folder knows no expiry: the reference is good wherever the same file roots are set.</remarks>
    public BlobReference GetReadReference(string path, TimeSpan validity) =>
        new($"{ConnectionKey}={Root}", BlobPath.Normalize(path), null, null);

    private string Locate(string blob) => _roots.Resolve(Path.Join(Root, blob));

    /// <summary>Files below a folder in ordinal order of their paths.</summary>
    private IEnumerable<BlobProperties> Walk(string folder, string namePrefix, HashSet<string> ancestors)
    {
        var location = _roots.Resolve(Path.Join(Root, folder));
        if (!Directory.Exists(location) || !ancestors.Add(location))
        {
            yield break;
        }

        var entries = new DirectoryInfo(location).GetFileSystemInfos("*", EveryEntry)
            .Where(entry => entry.Name.StartsWith(namePrefix, StringComparison.Ordinal) && !PartialFiles.IsPartial(entry.Name))
            .Select(Target)
            .OfType<Entry>()
            .OrderBy(entry => entry.SortKey, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (entry.Info is FileInfo file)
            {
                yield return Describe(folder + entry.Name, file);
                continue;
            }

            foreach (var below in Walk(folder + entry.SortKey, "", ancestors))
            {
                yield return below;
            }
        }

        ancestors.Remove(location);
    }

    /// <summary>What a directory entry leads to; null when that is nothing, or outside the roots.</summary>
    private Entry? Target(FileSystemInfo entry)
    {
        var info = entry;
        if (entry.LinkTarget is not null)
        {
            try
            {
                var location = _roots.Resolve(entry.FullName);
                info = Directory.Exists(location) ? new DirectoryInfo(location) : new FileInfo(location);
            }
            catch (BlobStoreException)
            {
                return null;
            }
        }

        return info.Exists ? new Entry(entry.Name, info is FileInfo ? entry.Name : entry.Name + "/", info) : null;
    }

    private static BlobProperties Describe(string blob, FileInfo file) => new(
        blob,
        file.Length,
        new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero),
        string.Create(CultureInfo.InvariantCulture, $"\"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}\""))
    {
        Created = new DateTimeOffset(file.CreationTimeUtc, TimeSpan.Zero),
    };

    private T Translating<T>(string blob, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception failure) when (FolderErrors.Translate(failure, Root, blob) is { } translated)
        {
            throw translated;
        }
    }

    private sealed record Entry(string Name, string SortKey, FileSystemInfo Info);
}
