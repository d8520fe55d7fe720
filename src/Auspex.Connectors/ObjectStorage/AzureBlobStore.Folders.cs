using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;

namespace Auspex.Connectors.ObjectStorage;

internal sealed partial class AzureBlobStore
{
    private const string FolderMark = "hdi_isfolder";

    /// <inheritdoc/>
    /// <remarks>Flat accounts have no folders: one exists as long as a blob lies in it. Containers exist by themselves.</remarks>
    public async Task<FolderProperties?> FindFolderAsync(string path, CancellationToken cancellationToken)
    {
        var (container, folder) = SplitFolder(path);
        if (container.Length == 0)
        {
            return new FolderProperties(null, null);
        }

        try
        {
            if (folder.Length == 0)
            {
                var found = await Container(container).GetPropertiesAsync(cancellationToken: cancellationToken);
                return new FolderProperties(null, found.Value.LastModified);
            }

            var options = new GetBlobsOptions { Prefix = folder };
            await foreach (var _ in Container(container).GetBlobsAsync(options, cancellationToken))
            {
                return new FolderProperties(null, null);
            }

            return null;
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
        catch (Exception failure) when (Translate(failure, path, cancellationToken) is { } translated)
        {
            throw translated;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<FolderEntry> ListFolderAsync(
        string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (container, folder) = SplitFolder(path);
        var options = new GetBlobsByHierarchyOptions { Prefix = folder, Delimiter = "/", Traits = BlobTraits.Metadata };
        var found = Container(container).GetBlobsByHierarchyAsync(options, cancellationToken);
        var folders = new HashSet<string>(StringComparer.Ordinal);
        var entries = new List<FolderEntry>();
        await foreach (var item in Translating(found, container, cancellationToken))
        {
            if (item.IsPrefix || item.Blob.Metadata.ContainsKey(FolderMark))
            {
                // Accounts with a hierarchy list a folder as a marked blob of its name too.
                var name = (item.IsPrefix ? item.Prefix : item.Blob.Name)[folder.Length..].TrimEnd('/');
                if (folders.Add(name))
                {
                    entries.Add(new FolderEntry(name, null));
                }

                continue;
            }

            entries.Add(new FolderEntry(item.Blob.Name[folder.Length..], Describe(container, item.Blob)));
        }

        foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            yield return entry;
        }
    }

    /// <inheritdoc/>
    /// <remarks>There is nothing to remove: a folder ends with its last blob.</remarks>
    public Task DeleteEmptyFoldersAsync(string path, CancellationToken cancellationToken) => Task.CompletedTask;

    private static BlobProperties Describe(string container, BlobItem item) => new(
        $"{container}/{item.Name}",
        item.Properties.ContentLength ?? 0,
        item.Properties.LastModified ?? default,
        item.Properties.ETag?.ToString("H") ?? "")
    {
        Created = item.Properties.CreatedOn,
        ContentMD5 = item.Properties.ContentHash is { Length: > 0 } hash ? Convert.ToBase64String(hash) : null,
    };

    private static (string Container, string Folder) SplitFolder(string path)
    {
        var uniform = path.Replace('\\', '/').Trim('/');
        var slash = uniform.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (uniform, "") : (uniform[..slash], uniform[(slash + 1)..] + "/");
    }
}
