using System.Net;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;
using Auspex.Connectors.Files;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Connectors.S3;

internal sealed partial class S3BlobStore
{
    /// <inheritdoc/>
    /// <remarks>There are no folders: one exists as long as an object lies in it. Buckets exist by themselves.</remarks>
    public async Task<FolderProperties?> FindFolderAsync(string path, CancellationToken cancellationToken)
    {
        var (bucket, folder) = SplitFolder(path);
        if (bucket.Length == 0)
        {
            return new FolderProperties(null, null);
        }

        try
        {
            var request = new ListObjectsV2Request { BucketName = bucket, Prefix = folder, MaxKeys = 1 };
            var page = await _client.ListObjectsV2Async(request, cancellationToken);
            return folder.Length == 0 || page.S3Objects is { Count: > 0 } ? new FolderProperties(null, null) : null;
        }
        catch (AmazonS3Exception missing) when (missing.StatusCode == HttpStatusCode.NotFound)
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
        var (bucket, folder) = SplitFolder(path);
        if (bucket.Length == 0)
        {
            foreach (var name in await BucketsAsync("", cancellationToken))
            {
                yield return new FolderEntry(name, null);
            }

            yield break;
        }

        var entries = new List<FolderEntry>();
        await foreach (var page in PagesAsync(bucket, folder, "/", cancellationToken))
        {
            entries.AddRange((page.CommonPrefixes ?? []).Select(prefix => new FolderEntry(prefix[folder.Length..].TrimEnd('/'), null)));
            entries.AddRange((page.S3Objects ?? [])
                .Select(item => new FolderEntry(item.Key[folder.Length..], Describe(bucket, item)))
                .Where(entry => entry.Name.Length > 0 && !PartialFiles.IsPartial(entry.Name)));
        }

        foreach (var entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            yield return entry;
        }
    }

    /// <inheritdoc/>
    /// <remarks>There is nothing to remove: a folder ends with its last object.</remarks>
    public Task DeleteEmptyFoldersAsync(string path, CancellationToken cancellationToken) => Task.CompletedTask;

    private static (string Bucket, string Folder) SplitFolder(string path)
    {
        var uniform = path.Replace('\\', '/').Trim('/');
        var slash = uniform.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? (uniform, "") : (uniform[..slash], uniform[(slash + 1)..] + "/");
    }
}
