using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Auspex.Connectors.ObjectStorage;
using Auspex.Engine.Dispatch;
using Auspex.Errors;

namespace Auspex.Activities.Datasets.Files;

/// <summary>Finds the files that a selection means, in ordinal order of their paths.</summary>
internal static class FileSelector
{
    /// <summary>Lists them.</summary>
    /// <param name="place">The dataset's place.</param>
    /// <param name="selection">Which of its files.</param>
    /// <param name="onMissing">
    /// Takes the path of a file that a list or the dataset names and that is not there; null lets it fail.
    /// </param>
    /// <param name="cancellationToken">Stops listing.</param>
    /// <exception cref="ActivityException">A file that is named is not there.</exception>
    public static IAsyncEnumerable<SelectedFile> ListAsync(
        FilePlace place, FileSelection selection, Action<string>? onMissing, CancellationToken cancellationToken)
    {
        if (place.IsSingleFile)
        {
            return OneAsync(place, selection with { ModifiedFrom = null, ModifiedBefore = null }, onMissing, cancellationToken);
        }

        if (selection.FileListPath is { } list)
        {
            return ListedAsync(place, selection, list, onMissing, cancellationToken);
        }

        return place.FileName.Length > 0 && !selection.IsPattern
            ? OneAsync(place, selection, onMissing, cancellationToken)
            : MatchingAsync(place, selection, cancellationToken);
    }

    private static async IAsyncEnumerable<SelectedFile> OneAsync(
        FilePlace place, FileSelection selection, Action<string>? onMissing, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await place.Store.FindAsync(place.FilePath, cancellationToken) is not { } blob)
        {
            Miss(place.FilePath, onMissing);
        }
        else if (selection.Takes(blob.LastModified))
        {
            yield return new SelectedFile(blob, place.FileName, Partitions(place, selection, place.Folder, blob.Path));
        }
    }

    private static async IAsyncEnumerable<SelectedFile> ListedAsync(
        FilePlace place,
        FileSelection selection,
        string list,
        Action<string>? onMissing,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await place.Store.OpenReadAsync(list, 0, cancellationToken);
        using var lines = new StreamReader(content);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            var relative = line.Trim().Replace('\\', '/').Trim('/');
            if (relative.Length == 0)
            {
                continue;
            }

            var path = FilePlace.Join(place.FolderPath, relative);
            if (await place.Store.FindAsync(path, cancellationToken) is not { } blob)
            {
                Miss(path, onMissing);
            }
            else if (selection.Takes(blob.LastModified))
            {
                yield return new SelectedFile(blob, relative, Partitions(place, selection, place.Folder, blob.Path));
            }
        }
    }

    private static async IAsyncEnumerable<SelectedFile> MatchingAsync(
        FilePlace place, FileSelection selection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (root, folders, prefix) = Scope(place, selection);
        var names = selection.WildcardFile is { } pattern ? new WildcardPattern(pattern) : null;
        var skip = root.Length == 0 ? 0 : root.Length + 1;
        await foreach (var blob in place.Store.ListAsync(prefix, cancellationToken))
        {
            var path = place.WithoutContainer(blob.Path);
            if (path.Length <= skip || path.EndsWith('/') || !selection.Takes(blob.LastModified))
            {
                continue;
            }

            var slash = path.LastIndexOf('/');
            var folder = slash < 0 ? "" : path[..slash];
            var relative = path[skip..];
            if (names?.Matches(path[(slash + 1)..]) == false
                || folders?.Matches(folder) == false
                || (folders is null && !selection.IsRecursive && selection.Prefix is null && relative.Contains('/', StringComparison.Ordinal)))
            {
                continue;
            }

            yield return new SelectedFile(blob, relative, Partitions(place, selection, root, blob.Path));
        }
    }

    /// <summary>The folder that relative paths begin at, the pattern of folders, and the prefix to list.</summary>
    private static (string Root, WildcardPattern? Folders, string Prefix) Scope(FilePlace place, FileSelection selection)
    {
        if (selection.Prefix is { } prefix)
        {
            var slash = prefix.LastIndexOf('/');
            return (slash < 0 ? "" : prefix[..slash], null, FilePlace.Join(place.Container, prefix));
        }

        if (selection.WildcardFolder is { } pattern)
        {
            var literal = WildcardPattern.LiteralPart(pattern);
            return (literal, new WildcardPattern(pattern, selection.IsRecursive), Below(FilePlace.Join(place.Container, literal)));
        }

        return (place.Folder, null, Below(place.FolderPath));
    }

    private static string Below(string folder) => folder.Length == 0 ? "" : folder + "/";

    private static ImmutableArray<KeyValuePair<string, string>> Partitions(
        FilePlace place, FileSelection selection, string root, string path)
    {
        if (!selection.FindsPartitions)
        {
            return [];
        }

        var start = place.WithoutContainer(selection.PartitionRoot ?? root);
        var inside = place.WithoutContainer(path);
        var below = start.Length > 0 && inside.StartsWith(start + "/", StringComparison.Ordinal) ? inside[(start.Length + 1)..] : inside;
        var folders = below.Split('/');
        return
        [
            .. folders[..^1].Select(folder => folder.Split('=', 2))
                .Where(parts => parts.Length == 2 && parts[0].Length > 0)
                .Select(parts => KeyValuePair.Create(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]))),
        ];
    }

    private static void Miss(string path, Action<string>? onMissing)
    {
        if (onMissing is null)
        {
            throw NotFound(path);
        }

        onMissing(path);
    }

    /// <summary>The failure of a path where nothing is.</summary>
    public static BlobStoreException NotFound(string path) => new(
        ErrorCode.BlobNotFound,
        BlobError.NotFound,
        $"The required Blob is missing: there is no file '{path}'. Check the dataset's path; names are case-sensitive.");
}
