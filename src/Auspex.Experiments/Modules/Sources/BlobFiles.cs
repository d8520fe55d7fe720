using System.Text.RegularExpressions;
using Auspex.Connectors.ObjectStorage;

namespace Auspex.Experiments.Modules.Sources;

/// <summary>The blobs that a path means, and what failed calls are in Studio's numbers.</summary>
internal static class BlobFiles
{
    /// <summary>
    /// The blobs of <c>container[/folder][/blob]</c>: the blob of that name, else all below that folder, else, where the path has
    /// <c>*</c> or <c>?</c>, all that match it, neither crossing a slash. In ordinal order; at least one.
    /// </summary>
    /// <exception cref="ModuleException">Error 65: there is none. Error 9: the path is malformed.</exception>
    public static async Task<IReadOnlyList<TableFileSource>> FindAsync(
        IBlobStore store, string path, CancellationToken cancellationToken)
    {
        var uniform = path.Trim().Replace('\\', '/').Trim('/');
        if (uniform.Length == 0 || uniform.Split('/').Any(part => part is "" or "." or ".."))
        {
            throw new ModuleException(9, $"Path '{path}' is malformed; expected container/folder/blob.");
        }

        var isPattern = uniform.AsSpan().ContainsAny('*', '?');
        if (!isPattern && uniform.Contains('/', StringComparison.Ordinal)
            && await store.FindAsync(uniform, cancellationToken) is { } exact)
        {
            return [Source(store, exact.Path)];
        }

        var prefix = isPattern ? uniform[..(uniform.AsSpan().IndexOfAny('*', '?'))] : uniform + "/";
        var pattern = isPattern ? Pattern(uniform) : null;
        var found = new List<TableFileSource>();
        await foreach (var blob in store.ListAsync(prefix, cancellationToken))
        {
            // Tools that know folders leave empty blobs for them.
            if (blob.SizeInBytes > 0 && (pattern is null || pattern.IsMatch(blob.Path)))
            {
                found.Add(Source(store, blob.Path));
            }
        }

        return found.Count > 0
            ? found
            : throw new ModuleException(
                65, $"No blob is named '{uniform}'{(isPattern ? "" : " or lies below it")}; check the path, names are case-sensitive.");
    }

    /// <summary>A failed call as a module's failure.</summary>
    public static ModuleException Failure(BlobStoreException exception, bool isWrite) => new(
        exception.Error switch
        {
            BlobError.NotFound => isWrite ? 79 : 65,
            BlobError.Forbidden => 64,
            BlobError.Invalid => isWrite ? 79 : 9,
            _ => isWrite ? 151 : 30,
        },
        exception.Message,
        exception);

    private static TableFileSource Source(IBlobStore store, string path) =>
        new(path, (offset, cancellationToken) => store.OpenReadAsync(path, offset, cancellationToken));

    private static Regex Pattern(string path) => new(
        "^" + Regex.Escape(path)
            .Replace("\\*", "[^/]*", StringComparison.Ordinal)
            .Replace("\\?", "[^/]", StringComparison.Ordinal) + "$",
        RegexOptions.CultureInvariant,
        TimeSpan.FromSeconds(1));
}
