using System.Runtime.CompilerServices;
using Auspex.Connectors.Files;
using Auspex.Connectors.ObjectStorage;
using Renci.SshNet.Common;
using Renci.SshNet.Sftp;

namespace Auspex.Connectors.Sftp;

internal sealed partial class SftpBlobStore
{
    /// <inheritdoc/>
    public Task<FolderProperties?> FindFolderAsync(string path, CancellationToken cancellationToken)
    {
        var folder = FolderPath(path);
        return RunAsync(
            folder,
            async lease => await AttributesAsync(lease, Locate(lease, folder), cancellationToken) is { IsDirectory: true } found
                ? new FolderProperties(null, new DateTimeOffset(found.LastWriteTimeUtc, TimeSpan.Zero))
                : null,
            cancellationToken);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FolderEntry> ListFolderAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var folder = FolderPath(path);
        var prefix = folder.Length == 0 ? "" : folder + "/";
        foreach (var entry in (await EntriesAsync(folder, cancellationToken)).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            yield return new FolderEntry(entry.Name, entry.IsFolder ? null : Describe(prefix + entry.Name, entry.Attributes));
        }
    }

    /// <inheritdoc/>
    /// <remarks>The store's own folder stays, and links are left alone.</remarks>
    public Task DeleteEmptyFoldersAsync(string path, CancellationToken cancellationToken)
    {
        var folder = FolderPath(path);
        return folder.Length == 0
            ? Task.CompletedTask
            : RunAsync(folder, lease => DeleteEmptyAsync(lease, Locate(lease, folder), cancellationToken), cancellationToken);
    }

    private static async Task<bool> DeleteEmptyAsync(SftpLease lease, string location, CancellationToken cancellationToken)
    {
        var isEmpty = true;
        try
        {
            await foreach (var entry in lease.Client.ListDirectoryAsync(location, cancellationToken))
            {
                if (entry.Name is not ("." or ".."))
                {
                    isEmpty &= entry.IsDirectory && await DeleteEmptyAsync(lease, $"{location}/{entry.Name}", cancellationToken);
                }
            }

            if (isEmpty)
            {
                await lease.Client.DeleteDirectoryAsync(location, cancellationToken);
            }

            return isEmpty;
        }
        catch (SftpPathNotFoundException)
        {
            return true;
        }
    }

    /// <summary>Files below a folder in ordinal order of their paths.</summary>
    /// <param name="folder">With a slash at its end; empty for the store's own.</param>
    /// <param name="namePrefix">What the names in it begin with.</param>
    /// <param name="ancestors">The folders that are being walked, links followed, so that a link to one of them ends there.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    private async IAsyncEnumerable<BlobProperties> WalkAsync(
        string folder, string namePrefix, HashSet<string> ancestors, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = (await EntriesAsync(folder.TrimEnd('/'), cancellationToken))
            .Where(entry => entry.Name.StartsWith(namePrefix, StringComparison.Ordinal))
            .OrderBy(entry => entry.IsFolder ? entry.Name + "/" : entry.Name, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            if (!entry.IsFolder)
            {
                yield return Describe(folder + entry.Name, entry.Attributes);
                continue;
            }

            var real = await RealPathAsync(folder + entry.Name, cancellationToken);
            if (!ancestors.Add(real))
            {
                continue;
            }

            await foreach (var below in WalkAsync($"{folder}{entry.Name}/", "", ancestors, cancellationToken))
            {
                yield return below;
            }

            ancestors.Remove(real);
        }
    }

    private Task<string> RealPathAsync(string folder, CancellationToken cancellationToken) => RunAsync(
        folder, async lease => (await lease.Client.GetAsync(Locate(lease, folder), cancellationToken)).FullName, cancellationToken);

    /// <summary>The files and folders directly in a folder, links followed; none when there is no such folder.</summary>
    private Task<List<Entry>> EntriesAsync(string folder, CancellationToken cancellationToken) => RunAsync(
        folder,
        async lease =>
        {
            var location = Locate(lease, folder);
            var entries = new List<Entry>();
            if (await AttributesAsync(lease, location.Length == 0 ? "/" : location, cancellationToken) is not { IsDirectory: true })
            {
                return entries;
            }

            await foreach (var entry in lease.Client.ListDirectoryAsync(location.Length == 0 ? "/" : location, cancellationToken))
            {
                if (entry.Name is "." or ".." || entry.Name.Contains('/', StringComparison.Ordinal) || PartialFiles.IsPartial(entry.Name))
                {
                    continue;
                }

                var attributes = entry.IsSymbolicLink
                    ? await AttributesAsync(lease, $"{location}/{entry.Name}", cancellationToken)
                    : entry.Attributes;
                if (attributes is { IsDirectory: true } or { IsRegularFile: true })
                {
                    entries.Add(new Entry(entry.Name, attributes.IsDirectory, attributes));
                }
            }

            return entries;
        },
        cancellationToken);

    private static string FolderPath(string path)
    {
        var trimmed = path.Replace('\\', '/').Trim('/');
        return trimmed.Length == 0 ? trimmed : BlobPath.Normalize(trimmed);
    }

    private sealed record Entry(string Name, bool IsFolder, SftpFileAttributes Attributes);
}
