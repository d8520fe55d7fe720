namespace Auspex.Connectors.ObjectStorage;

/// <summary>A blob store that can show one folder at a time, and where folders may exist without files.</summary>
/// <remarks>Stores without it are looked at through their list of blobs; see <see cref="BlobFolders"/>.</remarks>
public interface IFolderStore
{
    /// <summary>What is known of a folder or container; null when there is none. The empty path is the store itself.</summary>
    Task<FolderProperties?> FindFolderAsync(string path, CancellationToken cancellationToken);

    /// <summary>The files and folders directly in a folder, in ordinal order of their names; none when there is no such folder.</summary>
    IAsyncEnumerable<FolderEntry> ListFolderAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a folder and the folders below it, as far as they hold no files.</summary>
    Task DeleteEmptyFoldersAsync(string path, CancellationToken cancellationToken);
}

/// <summary>What is known of a folder.</summary>
/// <param name="Created">In UTC; null where the store does not tell.</param>
/// <param name="LastModified">In UTC; null where the store does not tell.</param>
public sealed record FolderProperties(DateTimeOffset? Created, DateTimeOffset? LastModified);

/// <summary>Something in a folder.</summary>
/// <param name="Name">The last part of its path.</param>
/// <param name="File">What is known of it when it is a file; null for a folder.</param>
public sealed record FolderEntry(string Name, BlobProperties? File)
{
    /// <summary>Whether it is a folder.</summary>
    public bool IsFolder => File is null;
}
