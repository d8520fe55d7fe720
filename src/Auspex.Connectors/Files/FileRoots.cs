using System.Collections.Immutable;
using Auspex.Connectors.ObjectStorage;
using Auspex.Errors;

namespace Auspex.Connectors.Files;

/// <summary>The only folders that files may be read from and written to, symbolic links included.</summary>
/// <remarks>
/// A path is allowed when it still lies in a root after every link in it has been followed. Whoever can change links in a root
/// while a file is being opened can win a race; roots are for people who may write there.
/// </remarks>
public sealed class FileRoots
{
    private const int MostLinks = 40;

    private readonly ImmutableArray<string> _roots;

    /// <summary>Takes the roots.</summary>
    /// <param name="roots">Absolute folders; they need not exist yet. None allows nothing.</param>
    public FileRoots(IEnumerable<string> roots) => _roots = [.. roots.Select(Path.GetFullPath)];

    /// <summary>The roots, absolute.</summary>
    public ImmutableArray<string> Folders => _roots;

    /// <summary>The place that a path leads to.</summary>
    /// <param name="path">Absolute, or relative to the first root.</param>
    /// <returns>An absolute path without links.</returns>
    /// <exception cref="BlobStoreException">It lies outside the roots, or is malformed.</exception>
    public string Resolve(string path)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new BlobStoreException(ErrorCode.BlobReferenceInvalid, BlobError.Invalid, "A path holds a zero character.");
        }

        if (_roots.IsEmpty)
        {
            throw new BlobStoreException(
                ErrorCode.BlobForbidden, BlobError.Forbidden, $"Found folder '{path}'; no file roots are set. Add it to fileRoots.");
        }

        var real = Follow(Path.GetFullPath(path, _roots[0]), path);
        foreach (var root in _roots)
        {
            if (IsInside(real, Follow(root, root)))
            {
                return real;
            }
        }

        throw new BlobStoreException(
            ErrorCode.BlobForbidden,
            BlobError.Forbidden,
            $"'{path}' lies outside the file roots ({string.Join(", ", _roots)}), links followed. Move it there, or add its folder to fileRoots.");
    }

    private static bool IsInside(string path, string root) =>
        path.Equals(root, PathComparison)
        || (path.StartsWith(root, PathComparison)
            && (Path.EndsInDirectorySeparator(root) || path[root.Length] == Path.DirectorySeparatorChar));

    private static StringComparison PathComparison =>
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Follows the links of every component that exists; what does not exist yet stays as it is.</summary>
    private static string Follow(string fullPath, string shown)
    {
        var current = Path.GetPathRoot(fullPath)!;
        var rest = new Stack<string>(Segments(fullPath[current.Length..]).Reverse());
        var links = 0;
        while (rest.TryPop(out var segment))
        {
            var next = Path.Join(current, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                current = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new BlobStoreException(
                    ErrorCode.BlobReferenceInvalid, BlobError.Invalid, $"'{shown}' leads through more than {MostLinks} links.");
            }

            var full = Path.GetFullPath(target, current);
            current = Path.GetPathRoot(full)!;
            foreach (var part in Segments(full[current.Length..]).Reverse())
            {
                rest.Push(part);
            }
        }

        return current;
    }

    private static string[] Segments(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
}
