using System.Runtime.CompilerServices;

namespace Auspex.Connectors.ObjectStorage;

/// <summary>Looks at folders of any blob store: by its own means, else by the paths of its blobs.</summary>
public static class BlobFolders
{
    /// <inheritdoc cref="IFolderStore.FindFolderAsync"/>
    public static async Task<FolderProperties?> FindFolderAsync(
        this IBlobStore store, string path, CancellationToken cancellationToken)
    {
        if (store is IFolderStore folders)
        {
            return await folders.FindFolderAsync(path, cancellationToken);
        }

        await foreach (var _ in store.ListAsync(Prefix(path), cancellationToken))
        {
            return new FolderProperties(null, null);
        }

        return null;
    }

    /// <inheritdoc cref="IFolderStore.ListFolderAsync"/>
    public static IAsyncEnumerable<FolderEntry> ListFolderAsync(
        this IBlobStore store, string path, CancellationToken cancellationToken) =>
        store is IFolderStore folders
            ? folders.ListFolderAsync(path, cancellationToken)
            : ListByPathsAsync(store, Prefix(path), cancellationToken);

    /// <inheritdoc cref="IFolderStore.DeleteEmptyFoldersAsync"/>
    public static Task DeleteEmptyFoldersAsync(this IBlobStore store, string path, CancellationToken cancellationToken) =>
        store is IFolderStore folders ? folders.DeleteEmptyFoldersAsync(path, cancellationToken) : Task.CompletedTask;

    private static async IAsyncEnumerable<FolderEntry> ListByPathsAsync(
        IBlobStore store, string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? last = null;
        await foreach (var blob in store.ListAsync(prefix, cancellationToken))
        {
            var rest = blob.Path[prefix.Length..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
            {
                yield return new FolderEntry(rest, blob);
            }
            else if (rest[..slash] != last)
            {
                last = rest[..slash];
                yield return new FolderEntry(last, null);
            }
        }
    }

    private static string Prefix(string path) => path.Length == 0 || path.EndsWith('/') ? path : path + "/";
}
