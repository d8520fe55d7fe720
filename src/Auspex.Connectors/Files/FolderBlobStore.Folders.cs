using System.Runtime.CompilerServices;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Connectors.Files;

public sealed partial class FolderBlobStore
{
    /// <inheritdoc/>
    public Task<FolderProperties?> FindFolderAsync(string path, CancellationToken cancellationToken)
    {
        var folder = FolderPath(path);
        var directory = Translating(folder, () => new DirectoryInfo(LocateFolder(folder)));
        return Task.FromResult(directory.Exists
            ? new FolderProperties(
                new DateTimeOffset(directory.CreationTimeUtc, TimeSpan.Zero),
                new DateTimeOffset(directory.LastWriteTimeUtc, TimeSpan.Zero))
            : null);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FolderEntry> ListFolderAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var folder = FolderPath(path);
        var entries = Translating(folder, () =>
        {
            var location = LocateFolder(folder);
            return Directory.Exists(location)
                ? new DirectoryInfo(location).GetFileSystemInfos("*", EveryEntry)
                    .Where(entry => !PartialFiles.IsPartial(entry.Name))
                    .Select(Target)
                    .OfType<Entry>()
                    .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                    .ToList()
                : [];
        });
        var prefix = folder.Length == 0 ? "" : folder + "/";
        foreach (var entry in entries)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new FolderEntry(entry.Name, entry.Info is FileInfo file ? Describe(prefix + entry.Name, file) : null);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The store's own folder stays.</remarks>
    public Task DeleteEmptyFoldersAsync(string path, CancellationToken cancellationToken)
    {
        var folder = FolderPath(path);
        Translating(folder, () =>
        {
            var location = LocateFolder(folder);
            if (Directory.Exists(location) && folder.Length > 0)
            {
                DeleteEmpty(location);
            }

            return true;
        });
        return Task.CompletedTask;
    }

    private static bool DeleteEmpty(string folder)
    {
        // Links are left alone: what they lead to is not this folder's.
        var isEmpty = new DirectoryInfo(folder).LinkTarget is null;
        foreach (var below in isEmpty ? Directory.GetDirectories(folder) : [])
        {
            isEmpty &= DeleteEmpty(below);
        }

        if (isEmpty && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            return true;
        }

        return false;
    }

    private string LocateFolder(string folder) => folder.Length == 0 ? _roots.Resolve(Root) : Locate(folder);

    private static string FolderPath(string path)
    {
        var trimmed = path.Replace('\\', '/').Trim('/');
        return trimmed.Length == 0 ? trimmed : BlobPath.Normalize(trimmed);
    }
}
